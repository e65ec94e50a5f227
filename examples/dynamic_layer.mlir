// One CoLT5 layer with batch, length and numbers of routed tokens known at run time only.
#routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 50>

func.func @layer(
    %x: tensor<?x?x64xf32> {colt5.name = "x", colt5.sizes = ["batch", "n", "?"]},
    %mask: tensor<?x?xi1> {colt5.name = "mask"}, %m: index {colt5.name = "m"}, %q: index {colt5.name = "q"},
    %v: index {colt5.name = "v"}, %g1: tensor<64xf32>,
    %u_q: tensor<1x64xf32>, %u_kv: tensor<1x64xf32>, %wq: tensor<64x2x16xf32>, %wk: tensor<64x2x16xf32>,
    %wv: tensor<64x2x16xf32>, %wo: tensor<2x16x64xf32>, %tab_l: tensor<2x32xf32>, %hq: tensor<64x4x16xf32>,
    %hk: tensor<64x4x16xf32>, %hv: tensor<64x4x16xf32>, %ho: tensor<4x16x64xf32>, %tab_h: tensor<4x32xf32>,
    %g2: tensor<64xf32>, %u_f: tensor<1x64xf32>, %l_in: tensor<64x64xf32>, %l_gate: tensor<64x64xf32>,
    %l_out: tensor<64x64xf32>, %h_in: tensor<64x256xf32>, %h_gate: tensor<64x256xf32>,
    %h_out: tensor<256x64xf32>)
    -> tensor<?x?x64xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x64xf32>
  %length = tensor.dim %x, %c1 : tensor<?x?x64xf32>
  %init = tensor.empty(%batch, %length) : tensor<?x?x64xf32>
  %n1 = colt5.rms_norm ins(%x, %g1 : tensor<?x?x64xf32>, tensor<64xf32>) mask(%mask : tensor<?x?xi1>)
      outs(%init : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
  %a = colt5.conditional_attention %n1 mask(%mask) routers(%u_q, %u_kv)
      light(%wq, %wk, %wv, %wo bias %tab_l) heavy(%hq, %hk, %hv, %ho bias %tab_h) queries(%q) keys(%v)
      {light_pattern = #colt5.window<127, 127>, routing = #routing} :
      tensor<?x?x64xf32>, tensor<?x?xi1>, tensor<1x64xf32>, tensor<1x64xf32>, tensor<64x2x16xf32>,
      tensor<64x2x16xf32>, tensor<64x2x16xf32>, tensor<2x16x64xf32>, tensor<2x32xf32>, tensor<64x4x16xf32>,
      tensor<64x4x16xf32>, tensor<64x4x16xf32>, tensor<4x16x64xf32>, tensor<4x32xf32>, index, index
      -> tensor<?x?x64xf32>
  %y = linalg.add ins(%x, %a : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%init : tensor<?x?x64xf32>)
      -> tensor<?x?x64xf32>
  %n2 = colt5.rms_norm ins(%y, %g2 : tensor<?x?x64xf32>, tensor<64xf32>) mask(%mask : tensor<?x?xi1>)
      outs(%init : tensor<?x?x64xf32>) -> tensor<?x?x64xf32>
  %ff = colt5.conditional_ffn %n2 mask(%mask) router(%u_f)
      light(in = %l_in, gate = %l_gate, out = %l_out) heavy(in = %h_in, gate = %h_gate, out = %h_out) tokens(%m)
      {routing = #routing} :
      tensor<?x?x64xf32>, tensor<?x?xi1>, tensor<1x64xf32>, tensor<64x64xf32>, tensor<64x64xf32>,
      tensor<64x64xf32>, tensor<64x256xf32>, tensor<64x256xf32>, tensor<256x64xf32>, index
      -> tensor<?x?x64xf32>
  %z = linalg.add ins(%y, %ff : tensor<?x?x64xf32>, tensor<?x?x64xf32>) outs(%init : tensor<?x?x64xf32>)
      -> tensor<?x?x64xf32>
  return %z : tensor<?x?x64xf32>
}
