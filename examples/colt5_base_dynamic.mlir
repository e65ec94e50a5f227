// One CoLT5-Base layer with batch, length and numbers of routed tokens known at run time only: one object for 2k to 64k tokens.
#routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 50>

func.func @layer(
    %x: tensor<?x?x768xf32> {colt5.name = "x", colt5.sizes = ["batch", "n", "?"]},
    %mask: tensor<?x?xi1> {colt5.name = "mask"}, %m: index {colt5.name = "m"}, %q: index {colt5.name = "q"},
    %v: index {colt5.name = "v"}, %g1: tensor<768xf32>,
    %u_q: tensor<1x768xf32>, %u_kv: tensor<1x768xf32>, %wq: tensor<768x4x64xf32>, %wk: tensor<768x4x64xf32>,
    %wv: tensor<768x4x64xf32>, %wo: tensor<4x64x768xf32>, %tab_l: tensor<4x32xf32>, %hq: tensor<768x8x64xf32>,
    %hk: tensor<768x8x64xf32>, %hv: tensor<768x8x64xf32>, %ho: tensor<8x64x768xf32>, %tab_h: tensor<8x32xf32>,
    %g2: tensor<768xf32>, %u_f: tensor<1x768xf32>, %l_in: tensor<768x1024xf32>, %l_gate: tensor<768x1024xf32>,
    %l_out: tensor<1024x768xf32>, %h_in: tensor<768x8192xf32>, %h_gate: tensor<768x8192xf32>,
    %h_out: tensor<8192x768xf32>)
    -> tensor<?x?x768xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x768xf32>
  %length = tensor.dim %x, %c1 : tensor<?x?x768xf32>
  %init = tensor.empty(%batch, %length) : tensor<?x?x768xf32>
  %n1 = colt5.rms_norm ins(%x, %g1 : tensor<?x?x768xf32>, tensor<768xf32>) mask(%mask : tensor<?x?xi1>)
      outs(%init : tensor<?x?x768xf32>) -> tensor<?x?x768xf32>
  %a = colt5.conditional_attention %n1 mask(%mask) routers(%u_q, %u_kv)
      light(%wq, %wk, %wv, %wo bias %tab_l) heavy(%hq, %hk, %hv, %ho bias %tab_h) queries(%q) keys(%v)
      {light_pattern = #colt5.window<127, 127>, routing = #routing} :
      tensor<?x?x768xf32>, tensor<?x?xi1>, tensor<1x768xf32>, tensor<1x768xf32>, tensor<768x4x64xf32>,
      tensor<768x4x64xf32>, tensor<768x4x64xf32>, tensor<4x64x768xf32>, tensor<4x32xf32>, tensor<768x8x64xf32>,
      tensor<768x8x64xf32>, tensor<768x8x64xf32>, tensor<8x64x768xf32>, tensor<8x32xf32>, index, index
      -> tensor<?x?x768xf32>
  %y = linalg.add ins(%x, %a : tensor<?x?x768xf32>, tensor<?x?x768xf32>) outs(%init : tensor<?x?x768xf32>)
      -> tensor<?x?x768xf32>
  %n2 = colt5.rms_norm ins(%y, %g2 : tensor<?x?x768xf32>, tensor<768xf32>) mask(%mask : tensor<?x?xi1>)
      outs(%init : tensor<?x?x768xf32>) -> tensor<?x?x768xf32>
  %ff = colt5.conditional_ffn %n2 mask(%mask) router(%u_f)
      light(in = %l_in, gate = %l_gate, out = %l_out) heavy(in = %h_in, gate = %h_gate, out = %h_out) tokens(%m)
      {routing = #routing} :
      tensor<?x?x768xf32>, tensor<?x?xi1>, tensor<1x768xf32>, tensor<768x1024xf32>, tensor<768x1024xf32>,
      tensor<1024x768xf32>, tensor<768x8192xf32>, tensor<768x8192xf32>, tensor<8192x768xf32>, index
      -> tensor<?x?x768xf32>
  %z = linalg.add ins(%y, %ff : tensor<?x?x768xf32>, tensor<?x?x768xf32>) outs(%init : tensor<?x?x768xf32>)
      -> tensor<?x?x768xf32>
  return %z : tensor<?x?x768xf32>
}
