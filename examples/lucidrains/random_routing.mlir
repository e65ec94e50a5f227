// `random_route`: a negative control with random numbers for scores instead of products with a router. The numbers are
// an argument, so a run can be repeated. It works with and without a mask.

func.func @feedforward(
    %x: tensor<2x64x32xf32>, %random: tensor<2x1x64xf32>, %h_in: tensor<32x128xf32>, %h_out: tensor<128x32xf32>)
    -> tensor<2x64x32xf32> {
  %i_init = tensor.empty() : tensor<2x1x8xi32>
  %ok_init = tensor.empty() : tensor<2x1x8xi1>
  %i, %ok = colt5.topk ins(%random : tensor<2x1x64xf32>)
      outs(%i_init, %ok_init : tensor<2x1x8xi32>, tensor<2x1x8xi1>) -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>)
  %idx = tensor.collapse_shape %i [[0, 1], [2]] : tensor<2x1x8xi32> into tensor<2x8xi32>
  %valid = tensor.collapse_shape %ok [[0, 1], [2]] : tensor<2x1x8xi1> into tensor<2x8xi1>
  %y = colt5.conditional %x base(%x) routed(%idx, %valid) {unique, sorted}
      : tensor<2x64x32xf32>, tensor<2x64x32xf32>, tensor<2x8xi32>, tensor<2x8xi1>
      -> tensor<2x64x32xf32> {
  ^bb0(%t: tensor<2x8x32xf32>):
    %h = colt5.ffn %t in(%h_in) out(%h_out)
        {activation = gelu} :
        tensor<2x8x32xf32>, tensor<32x128xf32>, tensor<128x32xf32>
        -> tensor<2x8x32xf32>
    colt5.yield %h : tensor<2x8x32xf32>
  }
  return %y : tensor<2x64x32xf32>
}
