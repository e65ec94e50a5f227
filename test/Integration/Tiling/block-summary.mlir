// RUN: colt5-run %s --entry=f --backend=reference --input=random:seed=1,shape=3x37x19 --input=ones:shape=3x37 --output-dir=%t.ref --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,0" --colt5-tile -o %t.mlir
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1,shape=3x37x19 --input=ones:shape=3x37 --compare=%t.ref --rtol=1e-14 --quiet

// CHECK: scf.forall
// CHECK: colt5.block_summary {{.*}} {reduce = mean, size = 5}
func.func @f(%x: tensor<?x?x?xf32>, %m: tensor<?x?xi1>) -> (tensor<?x7x?xf32>, tensor<?x7xi1>, tensor<?x?xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %b = tensor.dim %x, %c0 : tensor<?x?x?xf32>
  %n = tensor.dim %x, %c1 : tensor<?x?x?xf32>
  %d = tensor.dim %x, %c2 : tensor<?x?x?xf32>
  %e0 = tensor.empty(%b, %d) : tensor<?x7x?xf32>
  %e1 = tensor.empty(%b) : tensor<?x7xi1>
  %e2 = tensor.empty(%b, %n) : tensor<?x?xi32>
  %s:3 = colt5.block_summary ins(%x : tensor<?x?x?xf32>) mask(%m : tensor<?x?xi1>)
      outs(%e0, %e1, %e2 : tensor<?x7x?xf32>, tensor<?x7xi1>, tensor<?x?xi32>) {size = 5, reduce = mean}
      -> (tensor<?x7x?xf32>, tensor<?x7xi1>, tensor<?x?xi32>)
  return %s#0, %s#1, %s#2 : tensor<?x7x?xf32>, tensor<?x7xi1>, tensor<?x?xi32>
}
