// A small CoLT5 layer whose every part can be compared.
#routing = #colt5.routing<soft_topk>

func.func @layer(%x: tensor<1x32x16xf32>, %u_q: tensor<1x16xf32>, %u_kv: tensor<1x16xf32>, %wq: tensor<16x2x4xf32>,
                 %wk: tensor<16x2x4xf32>, %wv: tensor<16x2x4xf32>, %wo: tensor<2x4x16xf32>, %tl: tensor<2x32xf32>,
                 %hq: tensor<16x4x4xf32>, %hk: tensor<16x4x4xf32>, %hv: tensor<16x4x4xf32>, %ho: tensor<4x4x16xf32>,
                 %th: tensor<4x32xf32>, %u_f: tensor<1x16xf32>, %a: tensor<16x16xf32>, %b: tensor<16x16xf32>,
                 %c: tensor<16x16xf32>, %d: tensor<16x64xf32>, %e: tensor<16x64xf32>, %f: tensor<64x16xf32>)
    -> tensor<1x32x16xf32> {
  %init = tensor.empty() : tensor<1x32x16xf32>
  %a0 = colt5.conditional_attention %x routers(%u_q, %u_kv) light(%wq, %wk, %wv, %wo bias %tl)
      heavy(%hq, %hk, %hv, %ho bias %th)
      {queries = 8, keys = 16, light_pattern = #colt5.window<3, 3>, routing = #routing, kv_scale = input} :
      tensor<1x32x16xf32>, tensor<1x16xf32>, tensor<1x16xf32>, tensor<16x2x4xf32>, tensor<16x2x4xf32>,
      tensor<16x2x4xf32>, tensor<2x4x16xf32>, tensor<2x32xf32>, tensor<16x4x4xf32>, tensor<16x4x4xf32>,
      tensor<16x4x4xf32>, tensor<4x4x16xf32>, tensor<4x32xf32> -> tensor<1x32x16xf32>
  %y0 = linalg.add ins(%x, %a0 : tensor<1x32x16xf32>, tensor<1x32x16xf32>) outs(%init : tensor<1x32x16xf32>)
      -> tensor<1x32x16xf32>
  %f0 = colt5.conditional_ffn %y0 router(%u_f) light(in = %a, gate = %b, out = %c)
      heavy(in = %d, gate = %e, out = %f) {tokens = 8, routing = #routing} :
      tensor<1x32x16xf32>, tensor<1x16xf32>, tensor<16x16xf32>, tensor<16x16xf32>, tensor<16x16xf32>,
      tensor<16x64xf32>, tensor<16x64xf32>, tensor<64x16xf32> -> tensor<1x32x16xf32>
  %z0 = linalg.add ins(%y0, %f0 : tensor<1x32x16xf32>, tensor<1x32x16xf32>) outs(%init : tensor<1x32x16xf32>)
      -> tensor<1x32x16xf32>
  return %z0 : tensor<1x32x16xf32>
}
