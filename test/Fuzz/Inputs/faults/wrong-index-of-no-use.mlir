// Row 7 does not exist, but what reads it is read by nothing in turn.
// INPUT: ones
// INPUT: value=7
// INPUT: iota
func.func @f(%v0: tensor<1x4x2xf32>, %v1: tensor<1x2xi32>, %v2: tensor<1x2x2xf32>) -> (tensor<1x2x2xf32>) {
  %v3 = tensor.empty() : tensor<1x2x2xf32>
  %v4 = colt5.gather ins(%v0, %v1 : tensor<1x4x2xf32>, tensor<1x2xi32>) outs(%v3 : tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  %v5 = linalg.generic {indexing_maps = [affine_map<(a, b, c) -> (a, b, c)>, affine_map<(a, b, c) -> (a, b, c)>],
                        iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%v4 : tensor<1x2x2xf32>) outs(%v2 : tensor<1x2x2xf32>) {
  ^bb0(%s0: f32, %s1: f32):
    linalg.yield %s1 : f32
  } -> tensor<1x2x2xf32>
  return %v5 : tensor<1x2x2xf32>
}
