// One CoLT5-XL encoder layer: 8 light and 24 heavy heads of 64, feed-forward widths 2560 and 20480.
#routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 50, init = zero>

func.func @layer(
    %x: tensor<1x4096x2048xf32>, %mask: tensor<1x4096xi1>,
    %g1_0: tensor<2048xf32>, %u_q_0: tensor<1x2048xf32>, %u_kv_0: tensor<1x2048xf32>,
    %wq_0: tensor<2048x8x64xf32>, %wk_0: tensor<2048x8x64xf32>, %wv_0: tensor<2048x8x64xf32>,
    %wo_0: tensor<8x64x2048xf32>, %tab_l_0: tensor<8x32xf32>, %hq_0: tensor<2048x24x64xf32>,
    %hk_0: tensor<2048x24x64xf32>, %hv_0: tensor<2048x24x64xf32>, %ho_0: tensor<24x64x2048xf32>,
    %tab_h_0: tensor<24x32xf32>, %g2_0: tensor<2048xf32>, %u_f_0: tensor<1x2048xf32>,
    %a_0: tensor<2048x2560xf32>, %b_0: tensor<2048x2560xf32>, %c_0: tensor<2560x2048xf32>,
    %d_0: tensor<2048x20480xf32>, %e_0: tensor<2048x20480xf32>, %f_0: tensor<20480x2048xf32>)
    -> tensor<1x4096x2048xf32> {
  %init = tensor.empty() : tensor<1x4096x2048xf32>
  %h0 = colt5.rms_norm ins(%x, %g1_0 : tensor<1x4096x2048xf32>, tensor<2048xf32>) mask(%mask : tensor<1x4096xi1>)
      outs(%init : tensor<1x4096x2048xf32>) -> tensor<1x4096x2048xf32>
  %a0 = colt5.conditional_attention %h0 mask(%mask) routers(%u_q_0, %u_kv_0)
      light(%wq_0, %wk_0, %wv_0, %wo_0 bias %tab_l_0)
      heavy(%hq_0, %hk_0, %hv_0, %ho_0 bias %tab_h_0)
      {queries = 256, keys = 512, light_pattern = #colt5.window<127, 127>, routing = #routing} :
      tensor<1x4096x2048xf32>, tensor<1x4096xi1>, tensor<1x2048xf32>, tensor<1x2048xf32>, tensor<2048x8x64xf32>,
      tensor<2048x8x64xf32>, tensor<2048x8x64xf32>, tensor<8x64x2048xf32>, tensor<8x32xf32>,
      tensor<2048x24x64xf32>, tensor<2048x24x64xf32>, tensor<2048x24x64xf32>, tensor<24x64x2048xf32>,
      tensor<24x32xf32>
      -> tensor<1x4096x2048xf32>
  %y0 = linalg.add ins(%x, %a0 : tensor<1x4096x2048xf32>, tensor<1x4096x2048xf32>) outs(%init
      : tensor<1x4096x2048xf32>) -> tensor<1x4096x2048xf32>
  %k0 = colt5.rms_norm ins(%y0, %g2_0 : tensor<1x4096x2048xf32>, tensor<2048xf32>) mask(%mask : tensor<1x4096xi1>)
      outs(%init : tensor<1x4096x2048xf32>) -> tensor<1x4096x2048xf32>
  %f0 = colt5.conditional_ffn %k0 mask(%mask) router(%u_f_0)
      light(in = %a_0, gate = %b_0, out = %c_0) heavy(in = %d_0, gate = %e_0, out = %f_0)
      {tokens = 256, routing = #routing} :
      tensor<1x4096x2048xf32>, tensor<1x4096xi1>, tensor<1x2048xf32>, tensor<2048x2560xf32>,
      tensor<2048x2560xf32>, tensor<2560x2048xf32>, tensor<2048x20480xf32>, tensor<2048x20480xf32>,
      tensor<20480x2048xf32>
      -> tensor<1x4096x2048xf32>
  %z0 = linalg.add ins(%y0, %f0 : tensor<1x4096x2048xf32>, tensor<1x4096x2048xf32>) outs(%init
      : tensor<1x4096x2048xf32>) -> tensor<1x4096x2048xf32>
  return %z0 : tensor<1x4096x2048xf32>
}
