// `topk`: values, indices, coordinate descent values and gates of the 8 largest scores, largest first.
// `non_differentiable` selects the same values. The selection is by score, not by the descent's values, so that tokens
// with a value that saturates at 1 are still told apart.

func.func @topk(
    %s: tensor<2x1x64xf32>)
    -> (tensor<2x1x8xf32>, tensor<2x1x8xi32>, tensor<2x1x8xf32>, tensor<2x1x8xf32>) {
  %i_init = tensor.empty() : tensor<2x1x8xi32>
  %ok_init = tensor.empty() : tensor<2x1x8xi1>
  %values_init = tensor.empty() : tensor<2x1x8xf32>
  %i, %ok, %values = colt5.topk ins(%s : tensor<2x1x64xf32>)
      outs(%i_init, %ok_init, %values_init : tensor<2x1x8xi32>, tensor<2x1x8xi1>, tensor<2x1x8xf32>)
      {order = score}
      -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>, tensor<2x1x8xf32>)
  %k = arith.constant 9.0 : f32
  %all_init = tensor.empty() : tensor<2x1x64xf32>
  %all = colt5.soft_topk ins(%s, %k : tensor<2x1x64xf32>, f32)
      outs(%all_init : tensor<2x1x64xf32>)
      {eps = 0.1, iterations = 50, init = neg, overflow = iterate} -> tensor<2x1x64xf32>
  %descent_init = tensor.empty() : tensor<2x1x8xf32>
  %descent = colt5.gather ins(%all, %i : tensor<2x1x64xf32>, tensor<2x1x8xi32>)
      valid(%ok : tensor<2x1x8xi1>)
      outs(%descent_init : tensor<2x1x8xf32>) {batch_dims = 2} -> tensor<2x1x8xf32>
  // The gate is 1 in the forward pass.
  %one = arith.constant 1.0 : f32
  %gates_init = tensor.empty() : tensor<2x1x8xf32>
  %gates = linalg.fill ins(%one : f32) outs(%gates_init : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return %values, %i, %descent, %gates
  : tensor<2x1x8xf32>, tensor<2x1x8xi32>, tensor<2x1x8xf32>, tensor<2x1x8xf32>
}
