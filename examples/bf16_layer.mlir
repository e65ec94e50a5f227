// One CoLT5-Base encoder layer in bf16. Scores, weights and statistics are f32, every contraction accumulates in
// f32; the position bias tables are f32.
#routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 50, init = zero>

func.func @layer(
    %x: tensor<1x4096x768xbf16>, %mask: tensor<1x4096xi1>,
    %g1_0: tensor<768xbf16>, %u_q_0: tensor<1x768xbf16>, %u_kv_0: tensor<1x768xbf16>,
    %wq_0: tensor<768x4x64xbf16>, %wk_0: tensor<768x4x64xbf16>, %wv_0: tensor<768x4x64xbf16>,
    %wo_0: tensor<4x64x768xbf16>, %tab_l_0: tensor<4x32xf32>, %hq_0: tensor<768x8x64xbf16>,
    %hk_0: tensor<768x8x64xbf16>, %hv_0: tensor<768x8x64xbf16>, %ho_0: tensor<8x64x768xbf16>,
    %tab_h_0: tensor<8x32xf32>, %g2_0: tensor<768xbf16>, %u_f_0: tensor<1x768xbf16>,
    %a_0: tensor<768x1024xbf16>, %b_0: tensor<768x1024xbf16>, %c_0: tensor<1024x768xbf16>,
    %d_0: tensor<768x8192xbf16>, %e_0: tensor<768x8192xbf16>, %f_0: tensor<8192x768xbf16>)
    -> tensor<1x4096x768xbf16> {
  %init = tensor.empty() : tensor<1x4096x768xbf16>
  %h0 = colt5.rms_norm ins(%x, %g1_0 : tensor<1x4096x768xbf16>, tensor<768xbf16>) mask(%mask : tensor<1x4096xi1>)
      outs(%init : tensor<1x4096x768xbf16>) -> tensor<1x4096x768xbf16>
  %a0 = colt5.conditional_attention %h0 mask(%mask) routers(%u_q_0, %u_kv_0)
      light(%wq_0, %wk_0, %wv_0, %wo_0 bias %tab_l_0)
      heavy(%hq_0, %hk_0, %hv_0, %ho_0 bias %tab_h_0)
      {queries = 256, keys = 512, light_pattern = #colt5.window<127, 127>, routing = #routing} :
      tensor<1x4096x768xbf16>, tensor<1x4096xi1>, tensor<1x768xbf16>, tensor<1x768xbf16>, tensor<768x4x64xbf16>,
      tensor<768x4x64xbf16>, tensor<768x4x64xbf16>, tensor<4x64x768xbf16>, tensor<4x32xf32>,
      tensor<768x8x64xbf16>, tensor<768x8x64xbf16>, tensor<768x8x64xbf16>, tensor<8x64x768xbf16>,
      tensor<8x32xf32>
      -> tensor<1x4096x768xbf16>
  %y0 = linalg.add ins(%x, %a0 : tensor<1x4096x768xbf16>, tensor<1x4096x768xbf16>) outs(%init
      : tensor<1x4096x768xbf16>) -> tensor<1x4096x768xbf16>
  %k0 = colt5.rms_norm ins(%y0, %g2_0 : tensor<1x4096x768xbf16>, tensor<768xbf16>) mask(%mask : tensor<1x4096xi1>)
      outs(%init : tensor<1x4096x768xbf16>) -> tensor<1x4096x768xbf16>
  %f0 = colt5.conditional_ffn %k0 mask(%mask) router(%u_f_0)
      light(in = %a_0, gate = %b_0, out = %c_0) heavy(in = %d_0, gate = %e_0, out = %f_0)
      {tokens = 256, routing = #routing} :
      tensor<1x4096x768xbf16>, tensor<1x4096xi1>, tensor<1x768xbf16>, tensor<768x1024xbf16>,
      tensor<768x1024xbf16>, tensor<1024x768xbf16>, tensor<768x8192xbf16>, tensor<768x8192xbf16>,
      tensor<8192x768xbf16>
      -> tensor<1x4096x768xbf16>
  %z0 = linalg.add ins(%y0, %f0 : tensor<1x4096x768xbf16>, tensor<1x4096x768xbf16>) outs(%init
      : tensor<1x4096x768xbf16>) -> tensor<1x4096x768xbf16>
  return %z0 : tensor<1x4096x768xbf16>
}
