// `ConditionalRoutedTransformerBlock`: conditional attention and conditional feed-forward with residuals; the attention
// reads a norm, the feed-forward another.
#routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 50>

func.func @block(
    %x: tensor<2x64x32xf32>, %mask: tensor<2x64xi1>, %g1: tensor<32xf32>, %u_q: tensor<1x32xf32>,
    %u_kv: tensor<1x32xf32>, %lq: tensor<32x2x8xf32>, %lk: tensor<32x2x8xf32>, %lv: tensor<32x2x8xf32>,
    %lo: tensor<2x8x32xf32>, %hq: tensor<32x4x8xf32>, %hk: tensor<32x4x8xf32>, %hv: tensor<32x4x8xf32>,
    %ho: tensor<4x8x32xf32>, %g2: tensor<32xf32>, %u_f: tensor<1x32xf32>, %l_in: tensor<32x16xf32>,
    %l_out: tensor<16x32xf32>, %h_in: tensor<32x128xf32>, %h_out: tensor<128x32xf32>)
    -> tensor<2x64x32xf32> {
  %n1_init = tensor.empty() : tensor<2x64x32xf32>
  %n1 = colt5.rms_norm ins(%x, %g1 : tensor<2x64x32xf32>, tensor<32xf32>) mask(%mask : tensor<2x64xi1>)
      outs(%n1_init : tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
  %a = colt5.conditional_attention %n1 mask(%mask) routers(%u_q, %u_kv)
      light(%lq, %lk, %lv, %lo) heavy(%hq, %hk, %hv, %ho)
      {queries = 8, keys = 16, light_pattern = #colt5.block_local<8, 1, 1>, routing = #routing,
       kv_scale = value, scale = 0.35355339059327379} :
      tensor<2x64x32xf32>, tensor<2x64xi1>, tensor<1x32xf32>, tensor<1x32xf32>, tensor<32x2x8xf32>,
      tensor<32x2x8xf32>, tensor<32x2x8xf32>, tensor<2x8x32xf32>, tensor<32x4x8xf32>, tensor<32x4x8xf32>,
      tensor<32x4x8xf32>, tensor<4x8x32xf32>
      -> tensor<2x64x32xf32>
  %y_init = tensor.empty() : tensor<2x64x32xf32>
  %y = linalg.add ins(%x, %a : tensor<2x64x32xf32>, tensor<2x64x32xf32>) outs(%y_init : tensor<2x64x32xf32>)
      -> tensor<2x64x32xf32>
  %n2_init = tensor.empty() : tensor<2x64x32xf32>
  %n2 = colt5.rms_norm ins(%y, %g2 : tensor<2x64x32xf32>, tensor<32xf32>) mask(%mask : tensor<2x64xi1>)
      outs(%n2_init : tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
  %ff = colt5.conditional_ffn %n2 mask(%mask) router(%u_f)
      light(in = %l_in, out = %l_out) heavy(in = %h_in, out = %h_out)
      {tokens = 8, routing = #routing, activation = gelu} :
      tensor<2x64x32xf32>, tensor<2x64xi1>, tensor<1x32xf32>, tensor<32x16xf32>, tensor<16x32xf32>,
      tensor<32x128xf32>, tensor<128x32xf32>
      -> tensor<2x64x32xf32>
  %z_init = tensor.empty() : tensor<2x64x32xf32>
  %z = linalg.add ins(%y, %ff : tensor<2x64x32xf32>, tensor<2x64x32xf32>) outs(%z_init
      : tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
  return %z : tensor<2x64x32xf32>
}
