// Slots and columns in tiles of odd size.
// RUN: colt5-run %s --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2,low=-1,high=99 --input=random:seed=3 --output-dir=%t.ref --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,17,7" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2,low=-1,high=99 --input=random:seed=3 --compare=%t.ref --rtol=1e-14 --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=0,64,0" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2,low=-1,high=99 --input=random:seed=3 --compare=%t.ref --rtol=1e-14 --quiet

func.func @f(%x: tensor<2x100x36xf32>, %i: tensor<2x65xi32>, %w: tensor<2x65xf32>) -> tensor<2x65x36xf32> {
  %e = tensor.empty() : tensor<2x65x36xf32>
  %g = colt5.gather ins(%x, %i : tensor<2x100x36xf32>, tensor<2x65xi32>) scale(%w : tensor<2x65xf32>) outs(%e : tensor<2x65x36xf32>) -> tensor<2x65x36xf32>
  return %g : tensor<2x65x36xf32>
}
