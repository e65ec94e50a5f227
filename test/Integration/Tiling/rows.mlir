// Row statistics, rotary embedding per group, norm: the kernel fuses the statistic.
// RUN: colt5-run %s --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2,low=-1,high=99 --output-dir=%t.ref --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,2,17" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2,low=-1,high=99 --compare=%t.ref --rtol=1e-14 --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,4,0" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2,low=-1,high=99 --compare=%t.ref --rtol=1e-14 --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,3,17,0" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2,low=-1,high=99 --compare=%t.ref --rtol=1e-14 --quiet

func.func @f(%x: tensor<2x8x65x16xf32>, %p: tensor<2x2x65xi32>) -> tensor<2x8x65x16xf32> {
  %e = tensor.empty() : tensor<2x8x65x16xf32>
  %er = tensor.empty() : tensor<2x8x65xf32>
  %r = colt5.rope ins(%x, %p : tensor<2x8x65x16xf32>, tensor<2x2x65xi32>) outs(%e : tensor<2x8x65x16xf32>) -> tensor<2x8x65x16xf32>
  %s = colt5.rms_scale ins(%r : tensor<2x8x65x16xf32>) outs(%er : tensor<2x8x65xf32>) -> tensor<2x8x65xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(b, h, q, c) -> (b, h, q, c)>, affine_map<(b, h, q, c) -> (b, h, q)>, affine_map<(b, h, q, c) -> (b, h, q, c)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%r, %s : tensor<2x8x65x16xf32>, tensor<2x8x65xf32>) outs(%e : tensor<2x8x65x16xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    linalg.yield %m : f32
  } -> tensor<2x8x65x16xf32>
  return %y : tensor<2x8x65x16xf32>
}
