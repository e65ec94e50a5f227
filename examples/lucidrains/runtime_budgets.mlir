// `num_heavy_tokens_q`, `num_heavy_tokens_kv` of a call: the numbers of routed tokens are operands.
#routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 50, init = neg, overflow = iterate>

func.func @attention(
    %x: tensor<2x64x32xf32>, %mask: tensor<2x64xi1>, %num_q: index, %num_kv: index, %u_q: tensor<1x32xf32>,
    %u_kv: tensor<1x32xf32>, %lq: tensor<32x2x8xf32>, %lk: tensor<32x2x8xf32>, %lv: tensor<32x2x8xf32>,
    %lo: tensor<2x8x32xf32>, %hq: tensor<32x4x8xf32>, %hk: tensor<32x4x8xf32>, %hv: tensor<32x4x8xf32>,
    %ho: tensor<4x8x32xf32>)
    -> tensor<2x64x32xf32> {
  %y = colt5.conditional_attention %x mask(%mask) routers(%u_q, %u_kv)
      light(%lq, %lk, %lv, %lo) heavy(%hq, %hk, %hv, %ho)
      queries(%num_q) keys(%num_kv)
      {light_pattern = #colt5.window<8, 8>, routing = #routing, kv_scale = value, scale = 0.35355339059327379} :
      tensor<2x64x32xf32>, tensor<2x64xi1>, tensor<1x32xf32>, tensor<1x32xf32>, tensor<32x2x8xf32>,
      tensor<32x2x8xf32>, tensor<32x2x8xf32>, tensor<2x8x32xf32>, tensor<32x4x8xf32>, tensor<32x4x8xf32>,
      tensor<32x4x8xf32>, tensor<4x8x32xf32>, index, index
      -> tensor<2x64x32xf32>
  return %y : tensor<2x64x32xf32>
}
