// 256 of 4096 tokens take a gated feed-forward branch of 768 x 3072; the others pass through.
func.func @routed_ffn(
    %x: tensor<1x4096x768xf32>, %u: tensor<1x768xf32>, %in: tensor<768x3072xf32>, %gate: tensor<768x3072xf32>,
    %out: tensor<3072x768xf32>) -> tensor<1x4096x768xf32> {
  %s_init = tensor.empty() : tensor<1x1x4096xf32>
  %s = colt5.router_scores ins(%x, %u : tensor<1x4096x768xf32>, tensor<1x768xf32>) outs(%s_init : tensor<1x1x4096xf32>)
      -> tensor<1x1x4096xf32>
  %i_init = tensor.empty() : tensor<1x1x256xi32>
  %ok_init = tensor.empty() : tensor<1x1x256xi1>
  %v_init = tensor.empty() : tensor<1x1x256xf32>
  %i, %ok, %v = colt5.topk ins(%s : tensor<1x1x4096xf32>)
      outs(%i_init, %ok_init, %v_init : tensor<1x1x256xi32>, tensor<1x1x256xi1>, tensor<1x1x256xf32>) {order = index}
      -> (tensor<1x1x256xi32>, tensor<1x1x256xi1>, tensor<1x1x256xf32>)
  %idx = tensor.collapse_shape %i [[0, 1], [2]] : tensor<1x1x256xi32> into tensor<1x256xi32>
  %weight = tensor.collapse_shape %v [[0, 1], [2]] : tensor<1x1x256xf32> into tensor<1x256xf32>
  %t_init = tensor.empty() : tensor<1x256x768xf32>
  %t = colt5.gather ins(%x, %idx : tensor<1x4096x768xf32>, tensor<1x256xi32>) outs(%t_init : tensor<1x256x768xf32>)
      -> tensor<1x256x768xf32>
  %f = colt5.ffn %t in(%in) gate(%gate) out(%out) {activation = silu} :
      tensor<1x256x768xf32>, tensor<768x3072xf32>, tensor<768x3072xf32>, tensor<3072x768xf32> -> tensor<1x256x768xf32>
  %y = colt5.scatter_combine ins(%f, %idx : tensor<1x256x768xf32>, tensor<1x256xi32>)
      weight(%weight : tensor<1x256xf32>) outs(%x : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  return %y : tensor<1x4096x768xf32>
}
