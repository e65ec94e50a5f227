// `n_iters`, `eps`, `eps_init`, `eps_decay`, `fetch_k_ratio`: the public code's coordinate descent. 20 iterations that
// start at b = -s, epsilon scaled from 4 down to 0.03 by 0.7 per iteration, and a budget of 9/8 of the routed tokens.
#routing = #colt5.routing<soft_topk, eps = 0.03, iterations = 20, init = neg, eps_init = 4.0, eps_decay = 0.7,
                          k_ratio = 1.125, overflow = iterate>

func.func @feedforward(
    %x: tensor<2x64x32xf32>, %mask: tensor<2x64xi1>, %u: tensor<1x32xf32>, %l_in: tensor<32x16xf32>,
    %l_out: tensor<16x32xf32>, %h_in: tensor<32x128xf32>, %h_out: tensor<128x32xf32>)
    -> tensor<2x64x32xf32> {
  %y = colt5.conditional_ffn %x
      mask(%mask) router(%u) light(in = %l_in, out = %l_out) heavy(in = %h_in, out = %h_out)
      {tokens = 8, routing = #routing, activation = gelu} :
      tensor<2x64x32xf32>, tensor<2x64xi1>, tensor<1x32xf32>, tensor<32x16xf32>, tensor<16x32xf32>,
      tensor<32x128xf32>, tensor<128x32xf32>
      -> tensor<2x64x32xf32>
  return %y : tensor<2x64x32xf32>
}
