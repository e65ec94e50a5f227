// `n <= num_tokens`: more queries are asked for than there are tokens. Every token is selected and weighs 1; surplus
// slots hold no token, and padding stays out, which the public code does not ensure.
#routing = #colt5.routing<soft_topk, bypass = ones, init = neg, overflow = iterate>

func.func @attention(
    %x: tensor<2x64x32xf32>, %mask: tensor<2x64xi1>, %u_q: tensor<1x32xf32>, %u_kv: tensor<1x32xf32>,
    %lq: tensor<32x2x8xf32>, %lk: tensor<32x2x8xf32>, %lv: tensor<32x2x8xf32>, %lo: tensor<2x8x32xf32>,
    %hq: tensor<32x4x8xf32>, %hk: tensor<32x4x8xf32>, %hv: tensor<32x4x8xf32>, %ho: tensor<4x8x32xf32>)
    -> tensor<2x64x32xf32> {
  %y = colt5.conditional_attention %x mask(%mask) routers(%u_q, %u_kv)
      light(%lq, %lk, %lv, %lo) heavy(%hq, %hk, %hv, %ho)
      {queries = 80, keys = 16, light_pattern = #colt5.window<8, 8>,
       routing = #routing, kv_scale = value, scale = 0.35355339059327379} :
      tensor<2x64x32xf32>, tensor<2x64xi1>, tensor<1x32xf32>, tensor<1x32xf32>, tensor<32x2x8xf32>,
      tensor<32x2x8xf32>, tensor<32x2x8xf32>, tensor<2x8x32xf32>, tensor<32x4x8xf32>, tensor<32x4x8xf32>,
      tensor<32x4x8xf32>, tensor<4x8x32xf32>
      -> tensor<2x64x32xf32>
  return %y : tensor<2x64x32xf32>
}
