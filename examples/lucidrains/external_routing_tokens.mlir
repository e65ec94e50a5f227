// External routing tokens, one set per batch entry (`routing_tokens` of rank 3), instead of the router's own: the router
// vectors are an operand of rank 3. Returns indices, scores and rows.

func.func @route(
    %x: tensor<2x64x32xf32>, %mask: tensor<2x64xi1>, %routing_tokens: tensor<2x2x32xf32>)
    -> (tensor<2x2x8xi32>, tensor<2x2x8xf32>, tensor<2x2x8x32xf32>) {
  %r_s_init = tensor.empty() : tensor<2x2x64xf32>
  %r_s = colt5.router_scores ins(%x, %routing_tokens : tensor<2x64x32xf32>, tensor<2x2x32xf32>)
      mask(%mask : tensor<2x64xi1>)
      outs(%r_s_init : tensor<2x2x64xf32>) -> tensor<2x2x64xf32>
  %r_i_init = tensor.empty() : tensor<2x2x8xi32>
  %r_ok_init = tensor.empty() : tensor<2x2x8xi1>
  %r_i, %r_ok = colt5.topk ins(%r_s : tensor<2x2x64xf32>)
      mask(%mask : tensor<2x64xi1>)
      outs(%r_i_init, %r_ok_init : tensor<2x2x8xi32>, tensor<2x2x8xi1>) -> (tensor<2x2x8xi32>, tensor<2x2x8xi1>)
  %r_k = arith.constant 8.0 : f32
  %r_all_init = tensor.empty() : tensor<2x2x64xf32>
  %r_all = colt5.soft_topk ins(%r_s, %r_k : tensor<2x2x64xf32>, f32)
      mask(%mask : tensor<2x64xi1>)
      outs(%r_all_init : tensor<2x2x64xf32>)
      {eps = 1.0, iterations = 50, init = neg, overflow = iterate} -> tensor<2x2x64xf32>
  %r_w_init = tensor.empty() : tensor<2x2x8xf32>
  %r_w = colt5.gather ins(%r_all, %r_i : tensor<2x2x64xf32>, tensor<2x2x8xi32>)
      valid(%r_ok : tensor<2x2x8xi1>)
      outs(%r_w_init : tensor<2x2x8xf32>) {batch_dims = 2} -> tensor<2x2x8xf32>
  %rows_init = tensor.empty() : tensor<2x2x8x32xf32>
  %rows = colt5.gather ins(%x, %r_i : tensor<2x64x32xf32>, tensor<2x2x8xi32>)
      valid(%r_ok : tensor<2x2x8xi1>)
      outs(%rows_init : tensor<2x2x8x32xf32>) -> tensor<2x2x8x32xf32>
  return %r_i, %r_w, %rows : tensor<2x2x8xi32>, tensor<2x2x8xf32>, tensor<2x2x8x32xf32>
}
