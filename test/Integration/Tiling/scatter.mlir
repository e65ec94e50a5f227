// Repeated rows: slots stay together.
// RUN: colt5-run %s --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2,low=-1,high=99 --input=random:seed=3 --input=random:seed=4 --output-dir=%t.ref --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,0,7" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2,low=-1,high=99 --input=random:seed=3 --input=random:seed=4 --compare=%t.ref --rtol=1e-14 --quiet

func.func @f(%y: tensor<2x65x36xf32>, %i: tensor<2x65xi32>, %w: tensor<2x65xf32>, %base: tensor<2x100x36xf32>) -> tensor<2x100x36xf32> {
  %g = colt5.scatter_combine ins(%y, %i : tensor<2x65x36xf32>, tensor<2x65xi32>) weight(%w : tensor<2x65xf32>) outs(%base : tensor<2x100x36xf32>) -> tensor<2x100x36xf32>
  return %g : tensor<2x100x36xf32>
}
