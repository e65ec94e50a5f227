// `straight_through`: in the forward pass every routed token weighs 1 (`ones`), whatever its score.
#routing = #colt5.routing<ones>

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
