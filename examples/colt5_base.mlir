// Two CoLT5-Base encoder layers (Ainslie et al. 2023, arXiv 2303.09752): 4 light and 8 heavy heads of 64, light
// feed-forward width 1024 and heavy 8192, window of radius 127, 256 routed queries and feed-forward tokens and 512
// routed keys of 4096 tokens. The mask is 1 where a token is.
#routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 50, init = zero>

func.func @encoder(
    %x: tensor<1x4096x768xf32>, %mask: tensor<1x4096xi1>,
    // Layer 0.
    %g1_0: tensor<768xf32>, %u_q_0: tensor<1x768xf32>, %u_kv_0: tensor<1x768xf32>, %wq_0: tensor<768x4x64xf32>,
    %wk_0: tensor<768x4x64xf32>, %wv_0: tensor<768x4x64xf32>, %wo_0: tensor<4x64x768xf32>,
    %tab_l_0: tensor<4x32xf32>, %hq_0: tensor<768x8x64xf32>, %hk_0: tensor<768x8x64xf32>,
    %hv_0: tensor<768x8x64xf32>, %ho_0: tensor<8x64x768xf32>, %tab_h_0: tensor<8x32xf32>,
    %g2_0: tensor<768xf32>, %u_f_0: tensor<1x768xf32>, %a_0: tensor<768x1024xf32>, %b_0: tensor<768x1024xf32>,
    %c_0: tensor<1024x768xf32>, %d_0: tensor<768x8192xf32>, %e_0: tensor<768x8192xf32>,
    %f_0: tensor<8192x768xf32>,
    // Layer 1.
    %g1_1: tensor<768xf32>, %u_q_1: tensor<1x768xf32>, %u_kv_1: tensor<1x768xf32>, %wq_1: tensor<768x4x64xf32>,
    %wk_1: tensor<768x4x64xf32>, %wv_1: tensor<768x4x64xf32>, %wo_1: tensor<4x64x768xf32>,
    %tab_l_1: tensor<4x32xf32>, %hq_1: tensor<768x8x64xf32>, %hk_1: tensor<768x8x64xf32>,
    %hv_1: tensor<768x8x64xf32>, %ho_1: tensor<8x64x768xf32>, %tab_h_1: tensor<8x32xf32>,
    %g2_1: tensor<768xf32>, %u_f_1: tensor<1x768xf32>, %a_1: tensor<768x1024xf32>, %b_1: tensor<768x1024xf32>,
    %c_1: tensor<1024x768xf32>, %d_1: tensor<768x8192xf32>, %e_1: tensor<768x8192xf32>,
    %f_1: tensor<8192x768xf32>)
    -> tensor<1x4096x768xf32> {
  %init = tensor.empty() : tensor<1x4096x768xf32>
  // Layer 0.
  %h0 = colt5.rms_norm ins(%x, %g1_0 : tensor<1x4096x768xf32>, tensor<768xf32>) mask(%mask : tensor<1x4096xi1>)
      outs(%init : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  %a0 = colt5.conditional_attention %h0 mask(%mask) routers(%u_q_0, %u_kv_0)
      light(%wq_0, %wk_0, %wv_0, %wo_0 bias %tab_l_0)
      heavy(%hq_0, %hk_0, %hv_0, %ho_0 bias %tab_h_0)
      {queries = 256, keys = 512, light_pattern = #colt5.window<127, 127>, routing = #routing} :
      tensor<1x4096x768xf32>, tensor<1x4096xi1>, tensor<1x768xf32>, tensor<1x768xf32>, tensor<768x4x64xf32>,
      tensor<768x4x64xf32>, tensor<768x4x64xf32>, tensor<4x64x768xf32>, tensor<4x32xf32>, tensor<768x8x64xf32>,
      tensor<768x8x64xf32>, tensor<768x8x64xf32>, tensor<8x64x768xf32>, tensor<8x32xf32>
      -> tensor<1x4096x768xf32>
  %y0 = linalg.add ins(%x, %a0 : tensor<1x4096x768xf32>, tensor<1x4096x768xf32>) outs(%init
      : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  %k0 = colt5.rms_norm ins(%y0, %g2_0 : tensor<1x4096x768xf32>, tensor<768xf32>) mask(%mask : tensor<1x4096xi1>)
      outs(%init : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  %f0 = colt5.conditional_ffn %k0 mask(%mask) router(%u_f_0)
      light(in = %a_0, gate = %b_0, out = %c_0) heavy(in = %d_0, gate = %e_0, out = %f_0)
      {tokens = 256, routing = #routing} :
      tensor<1x4096x768xf32>, tensor<1x4096xi1>, tensor<1x768xf32>, tensor<768x1024xf32>, tensor<768x1024xf32>,
      tensor<1024x768xf32>, tensor<768x8192xf32>, tensor<768x8192xf32>, tensor<8192x768xf32>
      -> tensor<1x4096x768xf32>
  %z0 = linalg.add ins(%y0, %f0 : tensor<1x4096x768xf32>, tensor<1x4096x768xf32>) outs(%init
      : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  // Layer 1.
  %h1 = colt5.rms_norm ins(%z0, %g1_1 : tensor<1x4096x768xf32>, tensor<768xf32>) mask(%mask : tensor<1x4096xi1>)
      outs(%init : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  %a1 = colt5.conditional_attention %h1 mask(%mask) routers(%u_q_1, %u_kv_1)
      light(%wq_1, %wk_1, %wv_1, %wo_1 bias %tab_l_1)
      heavy(%hq_1, %hk_1, %hv_1, %ho_1 bias %tab_h_1)
      {queries = 256, keys = 512, light_pattern = #colt5.window<127, 127>, routing = #routing} :
      tensor<1x4096x768xf32>, tensor<1x4096xi1>, tensor<1x768xf32>, tensor<1x768xf32>, tensor<768x4x64xf32>,
      tensor<768x4x64xf32>, tensor<768x4x64xf32>, tensor<4x64x768xf32>, tensor<4x32xf32>, tensor<768x8x64xf32>,
      tensor<768x8x64xf32>, tensor<768x8x64xf32>, tensor<8x64x768xf32>, tensor<8x32xf32>
      -> tensor<1x4096x768xf32>
  %y1 = linalg.add ins(%z0, %a1 : tensor<1x4096x768xf32>, tensor<1x4096x768xf32>) outs(%init
      : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  %k1 = colt5.rms_norm ins(%y1, %g2_1 : tensor<1x4096x768xf32>, tensor<768xf32>) mask(%mask : tensor<1x4096xi1>)
      outs(%init : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  %f1 = colt5.conditional_ffn %k1 mask(%mask) router(%u_f_1)
      light(in = %a_1, gate = %b_1, out = %c_1) heavy(in = %d_1, gate = %e_1, out = %f_1)
      {tokens = 256, routing = #routing} :
      tensor<1x4096x768xf32>, tensor<1x4096xi1>, tensor<1x768xf32>, tensor<768x1024xf32>, tensor<768x1024xf32>,
      tensor<1024x768xf32>, tensor<768x8192xf32>, tensor<768x8192xf32>, tensor<8192x768xf32>
      -> tensor<1x4096x768xf32>
  %z1 = linalg.add ins(%y1, %f1 : tensor<1x4096x768xf32>, tensor<1x4096x768xf32>) outs(%init
      : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  return %z1 : tensor<1x4096x768xf32>
}
