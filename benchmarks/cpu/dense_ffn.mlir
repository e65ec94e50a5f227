// All of 4096 tokens take the gated feed-forward branch of routed_ffn.mlir.
func.func @dense_ffn(
    %x: tensor<1x4096x768xf32>, %in: tensor<768x3072xf32>, %gate: tensor<768x3072xf32>, %out: tensor<3072x768xf32>)
    -> tensor<1x4096x768xf32> {
  %f = colt5.ffn %x in(%in) gate(%gate) out(%out) {activation = silu} :
      tensor<1x4096x768xf32>, tensor<768x3072xf32>, tensor<768x3072xf32>, tensor<3072x768xf32>
      -> tensor<1x4096x768xf32>
  %y_init = tensor.empty() : tensor<1x4096x768xf32>
  %y = linalg.add ins(%x, %f : tensor<1x4096x768xf32>, tensor<1x4096x768xf32>)
      outs(%y_init : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  return %y : tensor<1x4096x768xf32>
}
