// The smallest conditional computation: a router scores 64 tokens, the 8 best go through a gated feed-forward branch, and
// the result, weighted by the score, is added to their rows. docs/generated/gpu-stages.md follows it down to PTX.
func.func @routed_ffn(
    %x: tensor<1x64x32xf32>, %u: tensor<1x32xf32>, %in: tensor<32x48xf32>, %gate: tensor<32x48xf32>,
    %out: tensor<48x32xf32>) -> tensor<1x64x32xf32> {
  %s_init = tensor.empty() : tensor<1x1x64xf32>
  %s = colt5.router_scores ins(%x, %u : tensor<1x64x32xf32>, tensor<1x32xf32>) outs(%s_init : tensor<1x1x64xf32>)
      -> tensor<1x1x64xf32>
  %i_init = tensor.empty() : tensor<1x1x8xi32>
  %ok_init = tensor.empty() : tensor<1x1x8xi1>
  %v_init = tensor.empty() : tensor<1x1x8xf32>
  %i, %ok, %v = colt5.topk ins(%s : tensor<1x1x64xf32>)
      outs(%i_init, %ok_init, %v_init : tensor<1x1x8xi32>, tensor<1x1x8xi1>, tensor<1x1x8xf32>) {order = index}
      -> (tensor<1x1x8xi32>, tensor<1x1x8xi1>, tensor<1x1x8xf32>)
  %idx = tensor.collapse_shape %i [[0, 1], [2]] : tensor<1x1x8xi32> into tensor<1x8xi32>
  %weight = tensor.collapse_shape %v [[0, 1], [2]] : tensor<1x1x8xf32> into tensor<1x8xf32>
  %t_init = tensor.empty() : tensor<1x8x32xf32>
  %t = colt5.gather ins(%x, %idx : tensor<1x64x32xf32>, tensor<1x8xi32>) outs(%t_init : tensor<1x8x32xf32>)
      -> tensor<1x8x32xf32>
  %f = colt5.ffn %t in(%in) gate(%gate) out(%out) {activation = silu} :
      tensor<1x8x32xf32>, tensor<32x48xf32>, tensor<32x48xf32>, tensor<48x32xf32> -> tensor<1x8x32xf32>
  %y = colt5.scatter_combine ins(%f, %idx : tensor<1x8x32xf32>, tensor<1x8xi32>)
      weight(%weight : tensor<1x8xf32>) outs(%x : tensor<1x64x32xf32>) -> tensor<1x64x32xf32>
  return %y : tensor<1x64x32xf32>
}
