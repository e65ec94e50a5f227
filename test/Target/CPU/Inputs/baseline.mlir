// Host code with a scalar, a size that is computed, and grids of several kernels.
func.func @f(%x: tensor<?x96xf32>, %w: tensor<96x64xf32>, %g: tensor<64xf32>, %s: f32) -> tensor<?x64xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %n = tensor.dim %x, %c0 : tensor<?x96xf32>
  %e = tensor.empty(%n) : tensor<?x64xf32>
  %square = arith.mulf %s, %s : f32
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x64xf32>) -> tensor<?x64xf32>
  %y = linalg.matmul ins(%x, %w : tensor<?x96xf32>, tensor<96x64xf32>) outs(%z : tensor<?x64xf32>) -> tensor<?x64xf32>
  %r = colt5.rms_norm ins(%y, %g : tensor<?x64xf32>, tensor<64xf32>) outs(%e : tensor<?x64xf32>) -> tensor<?x64xf32>
  %scaled = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%r : tensor<?x64xf32>) outs(%e : tensor<?x64xf32>) {
  ^bb0(%a: f32, %o: f32):
    %p = arith.mulf %a, %square : f32
    linalg.yield %p : f32
  } -> tensor<?x64xf32>
  return %scaled : tensor<?x64xf32>
}
