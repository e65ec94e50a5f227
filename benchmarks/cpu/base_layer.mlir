// One CoLT5-Base encoder layer, as in examples/colt5_base.mlir: what layer.py times.
#routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 50, init = zero>

func.func @layer(
    %x: tensor<1x4096x768xf32>, %mask: tensor<1x4096xi1>,
    %g1: tensor<768xf32>, %u_q: tensor<1x768xf32>, %u_kv: tensor<1x768xf32>, %wq: tensor<768x4x64xf32>,
    %wk: tensor<768x4x64xf32>, %wv: tensor<768x4x64xf32>, %wo: tensor<4x64x768xf32>,
    %tab_l: tensor<4x32xf32>, %hq: tensor<768x8x64xf32>, %hk: tensor<768x8x64xf32>,
    %hv: tensor<768x8x64xf32>, %ho: tensor<8x64x768xf32>, %tab_h: tensor<8x32xf32>,
    %g2: tensor<768xf32>, %u_f: tensor<1x768xf32>, %a: tensor<768x1024xf32>, %b: tensor<768x1024xf32>,
    %c: tensor<1024x768xf32>, %d: tensor<768x8192xf32>, %e: tensor<768x8192xf32>,
    %f: tensor<8192x768xf32>)
    -> tensor<1x4096x768xf32> {
  %init = tensor.empty() : tensor<1x4096x768xf32>
  %h_out = colt5.rms_norm ins(%x, %g1 : tensor<1x4096x768xf32>, tensor<768xf32>) mask(%mask : tensor<1x4096xi1>)
      outs(%init : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  %a_out = colt5.conditional_attention %h_out mask(%mask) routers(%u_q, %u_kv)
      light(%wq, %wk, %wv, %wo bias %tab_l)
      heavy(%hq, %hk, %hv, %ho bias %tab_h)
      {queries = 256, keys = 512, light_pattern = #colt5.window<127, 127>, routing = #routing} :
      tensor<1x4096x768xf32>, tensor<1x4096xi1>, tensor<1x768xf32>, tensor<1x768xf32>, tensor<768x4x64xf32>,
      tensor<768x4x64xf32>, tensor<768x4x64xf32>, tensor<4x64x768xf32>, tensor<4x32xf32>, tensor<768x8x64xf32>,
      tensor<768x8x64xf32>, tensor<768x8x64xf32>, tensor<8x64x768xf32>, tensor<8x32xf32>
      -> tensor<1x4096x768xf32>
  %y_out = linalg.add ins(%x, %a_out : tensor<1x4096x768xf32>, tensor<1x4096x768xf32>) outs(%init
      : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  %k_out = colt5.rms_norm ins(%y_out, %g2 : tensor<1x4096x768xf32>, tensor<768xf32>) mask(%mask : tensor<1x4096xi1>)
      outs(%init : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  %f_out = colt5.conditional_ffn %k_out mask(%mask) router(%u_f)
      light(in = %a, gate = %b, out = %c) heavy(in = %d, gate = %e, out = %f)
      {tokens = 256, routing = #routing} :
      tensor<1x4096x768xf32>, tensor<1x4096xi1>, tensor<1x768xf32>, tensor<768x1024xf32>, tensor<768x1024xf32>,
      tensor<1024x768xf32>, tensor<768x8192xf32>, tensor<768x8192xf32>, tensor<8192x768xf32>
      -> tensor<1x4096x768xf32>
  %z_out = linalg.add ins(%y_out, %f_out : tensor<1x4096x768xf32>, tensor<1x4096x768xf32>) outs(%init
      : tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32>
  return %z_out : tensor<1x4096x768xf32>
}
