// One token per row: the weights of a soft top-k are rows of one element.
// INPUT: random:seed=1
// INPUT: ones
// INPUT: zeros
func.func @f(%s: tensor<1x2x1xf32>, %m: tensor<1x1xi1>, %o: tensor<1x2x1xf32>) -> tensor<1x2x1xf16> {
  %k = arith.constant 5.0 : f32
  %w = colt5.soft_topk ins(%s, %k : tensor<1x2x1xf32>, f32) mask(%m : tensor<1x1xi1>) outs(%o : tensor<1x2x1xf32>)
      {eps = 0.5, iterations = 9} -> tensor<1x2x1xf32>
  %e = tensor.empty() : tensor<1x2x1xf16>
  %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>],
      iterator_types = ["parallel", "parallel", "parallel"]} ins(%w : tensor<1x2x1xf32>) outs(%e : tensor<1x2x1xf16>) {
  ^bb0(%a: f32, %b: f16):
    %t = arith.truncf %a : f32 to f16
    linalg.yield %t : f16
  } -> tensor<1x2x1xf16>
  return %r : tensor<1x2x1xf16>
}
