// `ConditionalRoutedFeedForward`: light branch of half and heavy branch of four times the model width, each with its
// own norm, exact GELU and biases; the router reads the tokens before the norm.

func.func @feedforward(
    %x: tensor<2x64x32xf32>, %mask: tensor<2x64xi1>, %u: tensor<1x32xf32>, %g_l: tensor<32xf32>,
    %l_in: tensor<32x16xf32>, %l_in_bias: tensor<16xf32>, %l_out: tensor<16x32xf32>,
    %l_out_bias: tensor<32xf32>, %g_h: tensor<32xf32>, %h_in: tensor<32x128xf32>, %h_in_bias: tensor<128xf32>,
    %h_out: tensor<128x32xf32>, %h_out_bias: tensor<32xf32>)
    -> tensor<2x64x32xf32> {
  %ln_init = tensor.empty() : tensor<2x64x32xf32>
  %ln = colt5.rms_norm ins(%x, %g_l : tensor<2x64x32xf32>, tensor<32xf32>) mask(%mask : tensor<2x64xi1>)
      outs(%ln_init : tensor<2x64x32xf32>) {eps = 0.0} -> tensor<2x64x32xf32>
  %light = colt5.ffn %ln in(%l_in) out(%l_out) in_bias(%l_in_bias) out_bias(%l_out_bias)
      {activation = gelu} :
      tensor<2x64x32xf32>, tensor<32x16xf32>, tensor<16x32xf32>, tensor<16xf32>, tensor<32xf32>
      -> tensor<2x64x32xf32>
  %r_s_init = tensor.empty() : tensor<2x1x64xf32>
  %r_s = colt5.router_scores ins(%x, %u : tensor<2x64x32xf32>, tensor<1x32xf32>)
      mask(%mask : tensor<2x64xi1>)
      outs(%r_s_init : tensor<2x1x64xf32>) -> tensor<2x1x64xf32>
  %r_i_init = tensor.empty() : tensor<2x1x8xi32>
  %r_ok_init = tensor.empty() : tensor<2x1x8xi1>
  %r_i, %r_ok = colt5.topk ins(%r_s : tensor<2x1x64xf32>)
      mask(%mask : tensor<2x64xi1>)
      outs(%r_i_init, %r_ok_init : tensor<2x1x8xi32>, tensor<2x1x8xi1>) -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>)
  %r_k = arith.constant 9.0 : f32
  %r_all_init = tensor.empty() : tensor<2x1x64xf32>
  %r_all = colt5.soft_topk ins(%r_s, %r_k : tensor<2x1x64xf32>, f32)
      mask(%mask : tensor<2x64xi1>)
      outs(%r_all_init : tensor<2x1x64xf32>)
      {eps = 0.03, eps_init = 4.0, eps_decay = 0.7, iterations = 20, init = neg, overflow = iterate}
      -> tensor<2x1x64xf32>
  %r_w_init = tensor.empty() : tensor<2x1x8xf32>
  %r_w = colt5.gather ins(%r_all, %r_i : tensor<2x1x64xf32>, tensor<2x1x8xi32>)
      valid(%r_ok : tensor<2x1x8xi1>)
      outs(%r_w_init : tensor<2x1x8xf32>) {batch_dims = 2} -> tensor<2x1x8xf32>
  %r_idx = tensor.collapse_shape %r_i [[0, 1], [2]] : tensor<2x1x8xi32> into tensor<2x8xi32>
  %r_valid = tensor.collapse_shape %r_ok [[0, 1], [2]] : tensor<2x1x8xi1> into tensor<2x8xi1>
  %r_weight = tensor.collapse_shape %r_w [[0, 1], [2]] : tensor<2x1x8xf32> into tensor<2x8xf32>
  %y = colt5.conditional %x base(%light) routed(%r_idx, %r_weight, %r_valid) {unique, sorted} :
      tensor<2x64x32xf32>, tensor<2x64x32xf32>, tensor<2x8xi32>, tensor<2x8xf32>, tensor<2x8xi1>
      -> tensor<2x64x32xf32> {
  ^bb0(%t: tensor<2x8x32xf32>):
    %hn_init = tensor.empty() : tensor<2x8x32xf32>
    %hn = colt5.rms_norm ins(%t, %g_h : tensor<2x8x32xf32>, tensor<32xf32>) outs(%hn_init
        : tensor<2x8x32xf32>) {eps = 0.0} -> tensor<2x8x32xf32>
    %h = colt5.ffn %hn in(%h_in) out(%h_out) in_bias(%h_in_bias) out_bias(%h_out_bias)
        {activation = gelu} :
        tensor<2x8x32xf32>, tensor<32x128xf32>, tensor<128x32xf32>, tensor<128xf32>, tensor<32xf32>
        -> tensor<2x8x32xf32>
    colt5.yield %h : tensor<2x8x32xf32>
  }
  return %y : tensor<2x64x32xf32>
}
