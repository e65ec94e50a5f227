// An index is checked although every row that it could name is 0.
// INPUT: ones
func.func @f(%i: tensor<1x1xi32>) -> tensor<1x1x3xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x3xf32>
  %s = linalg.fill ins(%z : f32) outs(%e : tensor<1x3xf32>) -> tensor<1x3xf32>
  %d = tensor.empty() : tensor<1x1x3xf32>
  %r = colt5.gather ins(%s, %i : tensor<1x3xf32>, tensor<1x1xi32>) outs(%d : tensor<1x1x3xf32>) {batch_dims = 0} -> tensor<1x1x3xf32>
  return %r : tensor<1x1x3xf32>
}
