// The feed-forward half of a CoLT5 layer, x + conditional_ffn(rms_norm(x)): a light branch for every token, a heavy one
// for the 16 tokens that the router scores best. The number of tokens is known when it runs.
func.func @layer(
    %x: tensor<1x?x64xf32> {colt5.name = "x"}, %gain: tensor<64xf32> {colt5.name = "gain"},
    %router: tensor<1x64xf32> {colt5.name = "router"}, %l_in: tensor<64x32xf32> {colt5.name = "light_in"},
    %l_gate: tensor<64x32xf32> {colt5.name = "light_gate"}, %l_out: tensor<32x64xf32> {colt5.name = "light_out"},
    %h_in: tensor<64x128xf32> {colt5.name = "heavy_in"}, %h_gate: tensor<64x128xf32> {colt5.name = "heavy_gate"},
    %h_out: tensor<128x64xf32> {colt5.name = "heavy_out"}) -> (tensor<1x?x64xf32> {colt5.name = "y"}) {
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c1 : tensor<1x?x64xf32>
  %init = tensor.empty(%n) : tensor<1x?x64xf32>
  %normed = colt5.rms_norm ins(%x, %gain : tensor<1x?x64xf32>, tensor<64xf32>) outs(%init : tensor<1x?x64xf32>)
      -> tensor<1x?x64xf32>
  %ff = colt5.conditional_ffn %normed router(%router)
      light(in = %l_in, gate = %l_gate, out = %l_out) heavy(in = %h_in, gate = %h_gate, out = %h_out)
      {tokens = 16, routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 50>} :
      tensor<1x?x64xf32>, tensor<1x64xf32>, tensor<64x32xf32>, tensor<64x32xf32>, tensor<32x64xf32>,
      tensor<64x128xf32>, tensor<64x128xf32>, tensor<128x64xf32> -> tensor<1x?x64xf32>
  %y = linalg.add ins(%x, %ff : tensor<1x?x64xf32>, tensor<1x?x64xf32>) outs(%init : tensor<1x?x64xf32>)
      -> tensor<1x?x64xf32>
  return %y : tensor<1x?x64xf32>
}
