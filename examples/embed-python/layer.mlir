// A router scores the tokens that the mask keeps, the 8 best go through a gated feed-forward branch, and the result,
// weighted by the score, is added to their rows. The number of tokens is known when it runs.
func.func @layer(
    %x: tensor<1x?x32xf32> {colt5.name = "x"}, %mask: tensor<1x?xi1> {colt5.name = "mask"},
    %router: tensor<1x32xf32> {colt5.name = "router"}, %in: tensor<32x48xf32> {colt5.name = "w_in"},
    %gate: tensor<32x48xf32> {colt5.name = "w_gate"}, %out: tensor<48x32xf32> {colt5.name = "w_out"})
    -> (tensor<1x?x32xf32> {colt5.name = "y"}, tensor<1x8xi32> {colt5.name = "routed"}) {
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c1 : tensor<1x?x32xf32>
  %s_init = tensor.empty(%n) : tensor<1x1x?xf32>
  %s = colt5.router_scores ins(%x, %router : tensor<1x?x32xf32>, tensor<1x32xf32>) outs(%s_init : tensor<1x1x?xf32>)
      -> tensor<1x1x?xf32>
  %i_init = tensor.empty() : tensor<1x1x8xi32>
  %ok_init = tensor.empty() : tensor<1x1x8xi1>
  %v_init = tensor.empty() : tensor<1x1x8xf32>
  %i, %ok, %v = colt5.topk ins(%s : tensor<1x1x?xf32>) mask(%mask : tensor<1x?xi1>)
      outs(%i_init, %ok_init, %v_init : tensor<1x1x8xi32>, tensor<1x1x8xi1>, tensor<1x1x8xf32>) {order = index}
      -> (tensor<1x1x8xi32>, tensor<1x1x8xi1>, tensor<1x1x8xf32>)
  %idx = tensor.collapse_shape %i [[0, 1], [2]] : tensor<1x1x8xi32> into tensor<1x8xi32>
  %weight = tensor.collapse_shape %v [[0, 1], [2]] : tensor<1x1x8xf32> into tensor<1x8xf32>
  // Slots that are not valid (the mask keeps fewer than 8) have a score of -inf: nothing may be computed with them.
  %valid = tensor.collapse_shape %ok [[0, 1], [2]] : tensor<1x1x8xi1> into tensor<1x8xi1>
  %t_init = tensor.empty() : tensor<1x8x32xf32>
  %t = colt5.gather ins(%x, %idx : tensor<1x?x32xf32>, tensor<1x8xi32>) valid(%valid : tensor<1x8xi1>)
      outs(%t_init : tensor<1x8x32xf32>) -> tensor<1x8x32xf32>
  %f = colt5.ffn %t in(%in) gate(%gate) out(%out) {activation = silu} :
      tensor<1x8x32xf32>, tensor<32x48xf32>, tensor<32x48xf32>, tensor<48x32xf32> -> tensor<1x8x32xf32>
  %y = colt5.scatter_combine ins(%f, %idx : tensor<1x8x32xf32>, tensor<1x8xi32>) valid(%valid : tensor<1x8xi1>)
      weight(%weight : tensor<1x8xf32>) outs(%x : tensor<1x?x32xf32>) -> tensor<1x?x32xf32>
  return %y, %idx : tensor<1x?x32xf32>, tensor<1x8xi32>
}
