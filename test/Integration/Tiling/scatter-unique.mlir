// No row twice: slots are spread over tiles.
// RUN: colt5-run %s --entry=f --backend=reference --input=random:seed=1 --input=iota --input=random:seed=3 --input=random:seed=4 --output-dir=%t.ref --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,17,7" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=iota --input=random:seed=3 --input=random:seed=4 --compare=%t.ref --rtol=1e-14 --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=0,64,0" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=iota --input=random:seed=3 --input=random:seed=4 --compare=%t.ref --rtol=1e-14 --quiet

func.func @f(%y: tensor<1x65x36xf32>, %i: tensor<1x65xi32>, %w: tensor<1x65xf32>, %base: tensor<1x100x36xf32>) -> tensor<1x100x36xf32> {
  %g = colt5.scatter_combine ins(%y, %i : tensor<1x65x36xf32>, tensor<1x65xi32>) weight(%w : tensor<1x65xf32>) outs(%base : tensor<1x100x36xf32>) {unique} -> tensor<1x100x36xf32>
  return %g : tensor<1x100x36xf32>
}
