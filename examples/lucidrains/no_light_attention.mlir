// `has_light_attn = False`: the base is zero, only routed rows are written.
#routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 50, init = neg, overflow = iterate>

func.func @attention(
    %x: tensor<2x64x32xf32>, %mask: tensor<2x64xi1>, %u_q: tensor<1x32xf32>, %u_kv: tensor<1x32xf32>,
    %hq: tensor<32x4x8xf32>, %hk: tensor<32x4x8xf32>, %hv: tensor<32x4x8xf32>, %ho: tensor<4x8x32xf32>)
    -> tensor<2x64x32xf32> {
  %y = colt5.conditional_attention %x mask(%mask) routers(%u_q, %u_kv)
      heavy(%hq, %hk, %hv, %ho)
      {queries = 8, keys = 16, routing = #routing, kv_scale = value, scale = 0.35355339059327379} :
      tensor<2x64x32xf32>, tensor<2x64xi1>, tensor<1x32xf32>, tensor<1x32xf32>, tensor<32x4x8xf32>,
      tensor<32x4x8xf32>, tensor<32x4x8xf32>, tensor<4x8x32xf32>
      -> tensor<2x64x32xf32>
  return %y : tensor<2x64x32xf32>
}
