// `ConditionalRoutedViT`: patches of 4 x 4 pixels embedded with a norm on each side, a 2-D sine-cosine table, a block
// of conditional attention and feed-forward, the mean over the tokens and a linear head.
#routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 50>
#ex = affine_map<(b, n, d, e) -> (b, n, e)>
#ew = affine_map<(b, n, d, e) -> (e, d)>
#eo = affine_map<(b, n, d, e) -> (b, n, d)>
#full = affine_map<(b, n, d) -> (b, n, d)>
#table = affine_map<(b, n, d) -> (n, d)>
#token = affine_map<(b, d, n) -> (b, n, d)>
#pooled = affine_map<(b, d, n) -> (b, d)>
#hx = affine_map<(b, c, d) -> (b, d)>
#hw = affine_map<(b, c, d) -> (d, c)>
#ho = affine_map<(b, c, d) -> (b, c)>

func.func @vit(
    %image: tensor<2x3x16x16xf32>, %g_patch: tensor<48xf32>, %w_patch: tensor<48x32xf32>,
    %g_embed: tensor<32xf32>, %table: tensor<16x32xf32>, %g1: tensor<32xf32>, %u_q: tensor<1x32xf32>,
    %u_kv: tensor<1x32xf32>, %lq: tensor<32x2x8xf32>, %lk: tensor<32x2x8xf32>, %lv: tensor<32x2x8xf32>,
    %lo: tensor<2x8x32xf32>, %hq: tensor<32x4x8xf32>, %hk: tensor<32x4x8xf32>, %hv: tensor<32x4x8xf32>,
    %ho: tensor<4x8x32xf32>, %g2: tensor<32xf32>, %u_f: tensor<1x32xf32>, %l_in: tensor<32x16xf32>,
    %l_out: tensor<16x32xf32>, %h_in: tensor<32x128xf32>, %h_out: tensor<128x32xf32>, %g_head: tensor<32xf32>,
    %w_head: tensor<32x10xf32>)
    -> tensor<2x10xf32> {
  %zero = arith.constant 0.0 : f32
  %split = tensor.expand_shape %image [[0], [1], [2, 3], [4, 5]] output_shape [2, 3, 4, 4, 4, 4]
      : tensor<2x3x16x16xf32> into tensor<2x3x4x4x4x4xf32>
  %patch_init = tensor.empty() : tensor<2x4x4x4x4x3xf32>
  %patch = linalg.transpose ins(%split : tensor<2x3x4x4x4x4xf32>) outs(%patch_init : tensor<2x4x4x4x4x3xf32>)
      permutation = [0, 2, 4, 3, 5, 1]
  %patches = tensor.collapse_shape %patch [[0], [1, 2], [3, 4, 5]]
      : tensor<2x4x4x4x4x3xf32> into tensor<2x16x48xf32>
  %pn_init = tensor.empty() : tensor<2x16x48xf32>
  %pn = colt5.rms_norm ins(%patches, %g_patch : tensor<2x16x48xf32>, tensor<48xf32>) outs(%pn_init
      : tensor<2x16x48xf32>) -> tensor<2x16x48xf32>
  %em_0_init = tensor.empty() : tensor<2x16x32xf32>
  %em_0 = linalg.fill ins(%zero : f32) outs(%em_0_init : tensor<2x16x32xf32>) -> tensor<2x16x32xf32>
  %em = linalg.contract indexing_maps = [#ex, #ew, #eo]
      ins(%pn, %w_patch : tensor<2x16x48xf32>, tensor<48x32xf32>) outs(%em_0 : tensor<2x16x32xf32>)
      -> tensor<2x16x32xf32>
  %en_init = tensor.empty() : tensor<2x16x32xf32>
  %en = colt5.rms_norm ins(%em, %g_embed : tensor<2x16x32xf32>, tensor<32xf32>) outs(%en_init
      : tensor<2x16x32xf32>) -> tensor<2x16x32xf32>
  %x_init = tensor.empty() : tensor<2x16x32xf32>
  %x = linalg.generic {indexing_maps = [#full, #table, #full],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%en, %table : tensor<2x16x32xf32>, tensor<16x32xf32>) outs(%x_init : tensor<2x16x32xf32>) {
  ^bb0(%token: f32, %position: f32, %out: f32):
    %sum = arith.addf %token, %position : f32
    linalg.yield %sum : f32
  } -> tensor<2x16x32xf32>
  %n1_init = tensor.empty() : tensor<2x16x32xf32>
  %n1 = colt5.rms_norm ins(%x, %g1 : tensor<2x16x32xf32>, tensor<32xf32>) outs(%n1_init
      : tensor<2x16x32xf32>) -> tensor<2x16x32xf32>
  %a = colt5.conditional_attention %n1 routers(%u_q, %u_kv)
      light(%lq, %lk, %lv, %lo) heavy(%hq, %hk, %hv, %ho)
      {queries = 4, keys = 8, light_pattern = #colt5.block_local<4, 1, 1>, routing = #routing,
       kv_scale = value, scale = 0.35355339059327379} :
      tensor<2x16x32xf32>, tensor<1x32xf32>, tensor<1x32xf32>, tensor<32x2x8xf32>, tensor<32x2x8xf32>,
      tensor<32x2x8xf32>, tensor<2x8x32xf32>, tensor<32x4x8xf32>, tensor<32x4x8xf32>, tensor<32x4x8xf32>,
      tensor<4x8x32xf32>
      -> tensor<2x16x32xf32>
  %y_init = tensor.empty() : tensor<2x16x32xf32>
  %y = linalg.add ins(%x, %a : tensor<2x16x32xf32>, tensor<2x16x32xf32>) outs(%y_init : tensor<2x16x32xf32>)
      -> tensor<2x16x32xf32>
  %n2_init = tensor.empty() : tensor<2x16x32xf32>
  %n2 = colt5.rms_norm ins(%y, %g2 : tensor<2x16x32xf32>, tensor<32xf32>) outs(%n2_init
      : tensor<2x16x32xf32>) -> tensor<2x16x32xf32>
  %ff = colt5.conditional_ffn %n2 router(%u_f) light(in = %l_in, out = %l_out) heavy(in = %h_in, out = %h_out)
      {tokens = 4, routing = #routing, activation = gelu} :
      tensor<2x16x32xf32>, tensor<1x32xf32>, tensor<32x16xf32>, tensor<16x32xf32>, tensor<32x128xf32>,
      tensor<128x32xf32>
      -> tensor<2x16x32xf32>
  %z_init = tensor.empty() : tensor<2x16x32xf32>
  %z = linalg.add ins(%y, %ff : tensor<2x16x32xf32>, tensor<2x16x32xf32>) outs(%z_init
      : tensor<2x16x32xf32>) -> tensor<2x16x32xf32>
  %sum_0_init = tensor.empty() : tensor<2x32xf32>
  %sum_0 = linalg.fill ins(%zero : f32) outs(%sum_0_init : tensor<2x32xf32>) -> tensor<2x32xf32>
  %mean = linalg.generic {indexing_maps = [#token, #pooled],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%z : tensor<2x16x32xf32>) outs(%sum_0 : tensor<2x32xf32>) {
  ^bb0(%token: f32, %acc: f32):
    %inverse = arith.constant 0.0625 : f32
    %share = arith.mulf %token, %inverse : f32
    %sum = arith.addf %acc, %share : f32
    linalg.yield %sum : f32
  } -> tensor<2x32xf32>
  %pooled_init = tensor.empty() : tensor<2x32xf32>
  %pooled = colt5.rms_norm ins(%mean, %g_head : tensor<2x32xf32>, tensor<32xf32>) outs(%pooled_init
      : tensor<2x32xf32>) -> tensor<2x32xf32>
  %logits_0_init = tensor.empty() : tensor<2x10xf32>
  %logits_0 = linalg.fill ins(%zero : f32) outs(%logits_0_init : tensor<2x10xf32>) -> tensor<2x10xf32>
  %logits = linalg.contract indexing_maps = [#hx, #hw, #ho]
      ins(%pooled, %w_head : tensor<2x32xf32>, tensor<32x10xf32>) outs(%logits_0 : tensor<2x10xf32>)
      -> tensor<2x10xf32>
  return %logits : tensor<2x10xf32>
}
