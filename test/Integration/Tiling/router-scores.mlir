// Tiles of odd size give the scores of the whole op.
// RUN: colt5-run %s --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --output-dir=%t.ref --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,2,17" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --compare=%t.ref --rtol=1e-14 --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=0,1,127" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --compare=%t.ref --rtol=1e-14 --quiet

func.func @f(%x: tensor<2x129x36xf32>, %u: tensor<3x36xf32>, %m: tensor<2x129xi1>) -> tensor<2x3x129xf32> {
  %e = tensor.empty() : tensor<2x3x129xf32>
  %s = colt5.router_scores ins(%x, %u : tensor<2x129x36xf32>, tensor<3x36xf32>) mask(%m : tensor<2x129xi1>) outs(%e : tensor<2x3x129xf32>) -> tensor<2x3x129xf32>
  return %s : tensor<2x3x129xf32>
}
