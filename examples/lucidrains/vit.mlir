// `ConditionalRoutedViT` of depth 1, whole: patches embedded by a linear layer between two LayerNorms, a 2-D
// sine-cosine table, conditional attention in windows of 4 x 4 tokens and conditional feed-forward with residuals,
// the mean over the tokens and a linear head.
#px = affine_map<(b, h, n, c, d) -> (b, n, d)>
#pw = affine_map<(b, h, n, c, d) -> (d, h, c)>
#po = affine_map<(b, h, n, c, d) -> (b, h, n, c)>
#ux = affine_map<(b, n, d, h, c) -> (b, h, n, c)>
#uw = affine_map<(b, n, d, h, c) -> (h, c, d)>
#uo = affine_map<(b, n, d, h, c) -> (b, n, d)>
#full = affine_map<(b, n, d) -> (b, n, d)>
#row = affine_map<(b, n, d) -> (b, n)>
#last = affine_map<(b, n, d) -> (d)>
#null = affine_map<(b, h, p, c) -> (h, c)>
#side = affine_map<(b, h, p, c) -> (b, h, p, c)>
#ex = affine_map<(b, n, d, e) -> (b, n, e)>
#ew = affine_map<(b, n, d, e) -> (e, d)>
#eo = affine_map<(b, n, d, e) -> (b, n, d)>
#table = affine_map<(b, n, d) -> (n, d)>
#token = affine_map<(b, d, n) -> (b, n, d)>
#pooled = affine_map<(b, d, n) -> (b, d)>
#full2 = affine_map<(b, d) -> (b, d)>
#row2 = affine_map<(b, d) -> (b)>
#last2 = affine_map<(b, d) -> (d)>
#hx = affine_map<(b, c, d) -> (b, d)>
#hw = affine_map<(b, c, d) -> (d, c)>
#ho = affine_map<(b, c, d) -> (b, c)>

func.func @vit(
    %image: tensor<2x3x32x32xf32>, %g_patch: tensor<48xf32>, %b_patch: tensor<48xf32>, %w_patch: tensor<48x32xf32>,
    %w_patch_bias: tensor<32xf32>, %g_embed: tensor<32xf32>, %b_embed: tensor<32xf32>, %table: tensor<64x32xf32>,
    %g_light: tensor<32xf32>, %u_q: tensor<1x32xf32>, %u_kv: tensor<1x32xf32>, %lq: tensor<32x2x8xf32>,
    %lk: tensor<32x2x8xf32>, %lv: tensor<32x2x8xf32>, %lo: tensor<2x8x32xf32>, %g_heavy: tensor<32xf32>,
    %hq: tensor<32x4x8xf32>, %hk: tensor<32x4x8xf32>, %hv: tensor<32x4x8xf32>, %ho: tensor<4x8x32xf32>,
    %null_k: tensor<4x8xf32>, %null_v: tensor<4x8xf32>, %null_q: tensor<32xf32>, %u_f: tensor<1x32xf32>,
    %g_l: tensor<32xf32>, %l_in: tensor<32x16xf32>, %l_in_bias: tensor<16xf32>, %l_out: tensor<16x32xf32>,
    %l_out_bias: tensor<32xf32>, %g_h: tensor<32xf32>, %h_in: tensor<32x128xf32>, %h_in_bias: tensor<128xf32>,
    %h_out: tensor<128x32xf32>, %h_out_bias: tensor<32xf32>, %g_head: tensor<32xf32>, %b_head: tensor<32xf32>,
    %w_head: tensor<32x10xf32>, %w_head_bias: tensor<10xf32>)
    -> tensor<2x10xf32> {
  %zero = arith.constant 0.0 : f32
  // Patches of 4 x 4 pixels.
  %split = tensor.expand_shape %image [[0], [1], [2, 3], [4, 5]] output_shape [2, 3, 8, 4, 8, 4]
      : tensor<2x3x32x32xf32> into tensor<2x3x8x4x8x4xf32>
  %patch_init = tensor.empty() : tensor<2x8x8x4x4x3xf32>
  %patch = linalg.transpose ins(%split : tensor<2x3x8x4x8x4xf32>) outs(%patch_init : tensor<2x8x8x4x4x3xf32>)
      permutation = [0, 2, 4, 3, 5, 1]
  %patches = tensor.collapse_shape %patch [[0], [1, 2], [3, 4, 5]] : tensor<2x8x8x4x4x3xf32> into tensor<2x64x48xf32>
  %pn_c_0_init = tensor.empty() : tensor<2x64xf32>
  %pn_c_0 = linalg.fill ins(%zero : f32) outs(%pn_c_0_init : tensor<2x64xf32>) -> tensor<2x64xf32>
  %pn_c_sum = linalg.generic {indexing_maps = [#full, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%patches : tensor<2x64x48xf32>) outs(%pn_c_0 : tensor<2x64xf32>) {
  ^bb0(%in: f32, %acc: f32):
    %sum = arith.addf %in, %acc : f32
    linalg.yield %sum : f32
  } -> tensor<2x64xf32>
  %pn_c_init = tensor.empty() : tensor<2x64x48xf32>
  %pn_c = linalg.generic {indexing_maps = [#full, #row, #full], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%patches, %pn_c_sum : tensor<2x64x48xf32>, tensor<2x64xf32>) outs(%pn_c_init : tensor<2x64x48xf32>) {
  ^bb0(%in: f32, %sum: f32, %out: f32):
    %width = arith.constant 48.0 : f32
    %mean = arith.divf %sum, %width : f32
    %centred = arith.subf %in, %mean : f32
    linalg.yield %centred : f32
  } -> tensor<2x64x48xf32>
  %pn_n_init = tensor.empty() : tensor<2x64x48xf32>
  %pn_n = colt5.rms_norm ins(%pn_c, %g_patch : tensor<2x64x48xf32>, tensor<48xf32>)
      outs(%pn_n_init : tensor<2x64x48xf32>) {eps = 1.0e-5} -> tensor<2x64x48xf32>
  %pn_init = tensor.empty() : tensor<2x64x48xf32>
  %pn = linalg.generic {indexing_maps = [#full, #last, #full], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%pn_n, %b_patch : tensor<2x64x48xf32>, tensor<48xf32>) outs(%pn_init : tensor<2x64x48xf32>) {
  ^bb0(%in: f32, %bias: f32, %out: f32):
    %sum = arith.addf %in, %bias : f32
    linalg.yield %sum : f32
  } -> tensor<2x64x48xf32>
  %em_w_0_init = tensor.empty() : tensor<2x64x32xf32>
  %em_w_0 = linalg.fill ins(%zero : f32) outs(%em_w_0_init : tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
  %em_w = linalg.contract indexing_maps = [#ex, #ew, #eo] ins(%pn, %w_patch : tensor<2x64x48xf32>, tensor<48x32xf32>)
      outs(%em_w_0 : tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
  %em_init = tensor.empty() : tensor<2x64x32xf32>
  %em = linalg.generic {indexing_maps = [#full, #last, #full], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%em_w, %w_patch_bias : tensor<2x64x32xf32>, tensor<32xf32>) outs(%em_init : tensor<2x64x32xf32>) {
  ^bb0(%in: f32, %bias: f32, %out: f32):
    %sum = arith.addf %in, %bias : f32
    linalg.yield %sum : f32
  } -> tensor<2x64x32xf32>
  %en_c_0_init = tensor.empty() : tensor<2x64xf32>
  %en_c_0 = linalg.fill ins(%zero : f32) outs(%en_c_0_init : tensor<2x64xf32>) -> tensor<2x64xf32>
  %en_c_sum = linalg.generic {indexing_maps = [#full, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%em : tensor<2x64x32xf32>) outs(%en_c_0 : tensor<2x64xf32>) {
  ^bb0(%in: f32, %acc: f32):
    %sum = arith.addf %in, %acc : f32
    linalg.yield %sum : f32
  } -> tensor<2x64xf32>
  %en_c_init = tensor.empty() : tensor<2x64x32xf32>
  %en_c = linalg.generic {indexing_maps = [#full, #row, #full], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%em, %en_c_sum : tensor<2x64x32xf32>, tensor<2x64xf32>) outs(%en_c_init : tensor<2x64x32xf32>) {
  ^bb0(%in: f32, %sum: f32, %out: f32):
    %width = arith.constant 32.0 : f32
    %mean = arith.divf %sum, %width : f32
    %centred = arith.subf %in, %mean : f32
    linalg.yield %centred : f32
  } -> tensor<2x64x32xf32>
  %en_n_init = tensor.empty() : tensor<2x64x32xf32>
  %en_n = colt5.rms_norm ins(%en_c, %g_embed : tensor<2x64x32xf32>, tensor<32xf32>)
      outs(%en_n_init : tensor<2x64x32xf32>) {eps = 1.0e-5} -> tensor<2x64x32xf32>
  %en_init = tensor.empty() : tensor<2x64x32xf32>
  %en = linalg.generic {indexing_maps = [#full, #last, #full], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%en_n, %b_embed : tensor<2x64x32xf32>, tensor<32xf32>) outs(%en_init : tensor<2x64x32xf32>) {
  ^bb0(%in: f32, %bias: f32, %out: f32):
    %sum = arith.addf %in, %bias : f32
    linalg.yield %sum : f32
  } -> tensor<2x64x32xf32>
  %grid_init = tensor.empty() : tensor<2x64x32xf32>
  %grid = linalg.generic {indexing_maps = [#full, #table, #full],
      iterator_types = ["parallel", "parallel", "parallel"]} ins(%en, %table : tensor<2x64x32xf32>, tensor<64x32xf32>)
      outs(%grid_init : tensor<2x64x32xf32>) {
  ^bb0(%token: f32, %position: f32, %out: f32):
    %sum = arith.addf %token, %position : f32
    linalg.yield %sum : f32
  } -> tensor<2x64x32xf32>
  // Windows of 4 x 4 tokens as batch entries, four per image. All that follows treats the tokens of a window, or of
  // an image, alike, so they stay in this order.
  %rows_cols = tensor.expand_shape %grid [[0], [1, 2, 3, 4], [5]] output_shape [2, 2, 4, 2, 4, 32]
      : tensor<2x64x32xf32> into tensor<2x2x4x2x4x32xf32>
  %win_init = tensor.empty() : tensor<2x2x2x4x4x32xf32>
  %win = linalg.transpose ins(%rows_cols : tensor<2x2x4x2x4x32xf32>) outs(%win_init : tensor<2x2x2x4x4x32xf32>)
      permutation = [0, 1, 3, 2, 4, 5]
  %x = tensor.collapse_shape %win [[0, 1, 2], [3, 4], [5]] : tensor<2x2x2x4x4x32xf32> into tensor<8x16x32xf32>
  // Light attention inside each window, after an RMSNorm.
  %xl_init = tensor.empty() : tensor<8x16x32xf32>
  %xl = colt5.rms_norm ins(%x, %g_light : tensor<8x16x32xf32>, tensor<32xf32>)
      outs(%xl_init : tensor<8x16x32xf32>) {eps = 0.0} -> tensor<8x16x32xf32>
  %l_q_0_init = tensor.empty() : tensor<8x2x16x8xf32>
  %l_q_0 = linalg.fill ins(%zero : f32) outs(%l_q_0_init : tensor<8x2x16x8xf32>) -> tensor<8x2x16x8xf32>
  %l_q = linalg.contract indexing_maps = [#px, #pw, #po] ins(%xl, %lq : tensor<8x16x32xf32>, tensor<32x2x8xf32>)
      outs(%l_q_0 : tensor<8x2x16x8xf32>) -> tensor<8x2x16x8xf32>
  %l_k_0_init = tensor.empty() : tensor<8x2x16x8xf32>
  %l_k_0 = linalg.fill ins(%zero : f32) outs(%l_k_0_init : tensor<8x2x16x8xf32>) -> tensor<8x2x16x8xf32>
  %l_k = linalg.contract indexing_maps = [#px, #pw, #po] ins(%xl, %lk : tensor<8x16x32xf32>, tensor<32x2x8xf32>)
      outs(%l_k_0 : tensor<8x2x16x8xf32>) -> tensor<8x2x16x8xf32>
  %l_v_0_init = tensor.empty() : tensor<8x2x16x8xf32>
  %l_v_0 = linalg.fill ins(%zero : f32) outs(%l_v_0_init : tensor<8x2x16x8xf32>) -> tensor<8x2x16x8xf32>
  %l_v = linalg.contract indexing_maps = [#px, #pw, #po] ins(%xl, %lv : tensor<8x16x32xf32>, tensor<32x2x8xf32>)
      outs(%l_v_0 : tensor<8x2x16x8xf32>) -> tensor<8x2x16x8xf32>
  %l_o_init = tensor.empty() : tensor<8x2x16x8xf32>
  %l_o = colt5.attention ins(%l_q, %l_k, %l_v : tensor<8x2x16x8xf32>, tensor<8x2x16x8xf32>, tensor<8x2x16x8xf32>)
      outs(%l_o_init : tensor<8x2x16x8xf32>) {scale = 0.35355339059327379} -> tensor<8x2x16x8xf32>
  %light_0_init = tensor.empty() : tensor<8x16x32xf32>
  %light_0 = linalg.fill ins(%zero : f32) outs(%light_0_init : tensor<8x16x32xf32>) -> tensor<8x16x32xf32>
  %light = linalg.contract indexing_maps = [#ux, #uw, #uo] ins(%l_o, %lo : tensor<8x2x16x8xf32>, tensor<2x8x32xf32>)
      outs(%light_0 : tensor<8x16x32xf32>) -> tensor<8x16x32xf32>
  // Heavy attention: every window routes its own queries and keys.
  %xh_init = tensor.empty() : tensor<8x16x32xf32>
  %xh = colt5.rms_norm ins(%x, %g_heavy : tensor<8x16x32xf32>, tensor<32xf32>)
      outs(%xh_init : tensor<8x16x32xf32>) {eps = 0.0} -> tensor<8x16x32xf32>
  %q_s_init = tensor.empty() : tensor<8x1x16xf32>
  %q_s = colt5.router_scores ins(%x, %u_q : tensor<8x16x32xf32>, tensor<1x32xf32>)
      outs(%q_s_init : tensor<8x1x16xf32>) -> tensor<8x1x16xf32>
  %q_i_init = tensor.empty() : tensor<8x1x4xi32>
  %q_ok_init = tensor.empty() : tensor<8x1x4xi1>
  %q_i, %q_ok = colt5.topk ins(%q_s : tensor<8x1x16xf32>)
      outs(%q_i_init, %q_ok_init : tensor<8x1x4xi32>, tensor<8x1x4xi1>) -> (tensor<8x1x4xi32>, tensor<8x1x4xi1>)
  %q_k = arith.constant 4.0 : f32
  %q_all_init = tensor.empty() : tensor<8x1x16xf32>
  %q_all = colt5.soft_topk ins(%q_s, %q_k : tensor<8x1x16xf32>, f32) outs(%q_all_init : tensor<8x1x16xf32>)
      {eps = 1.0, iterations = 50, init = neg, overflow = iterate} -> tensor<8x1x16xf32>
  %q_w_init = tensor.empty() : tensor<8x1x4xf32>
  %q_w = colt5.gather ins(%q_all, %q_i : tensor<8x1x16xf32>, tensor<8x1x4xi32>) valid(%q_ok : tensor<8x1x4xi1>)
      outs(%q_w_init : tensor<8x1x4xf32>) {batch_dims = 2} -> tensor<8x1x4xf32>
  %q_idx = tensor.collapse_shape %q_i [[0, 1], [2]] : tensor<8x1x4xi32> into tensor<8x4xi32>
  %q_valid = tensor.collapse_shape %q_ok [[0, 1], [2]] : tensor<8x1x4xi1> into tensor<8x4xi1>
  %q_weight = tensor.collapse_shape %q_w [[0, 1], [2]] : tensor<8x1x4xf32> into tensor<8x4xf32>
  %kv_s_init = tensor.empty() : tensor<8x1x16xf32>
  %kv_s = colt5.router_scores ins(%x, %u_kv : tensor<8x16x32xf32>, tensor<1x32xf32>)
      outs(%kv_s_init : tensor<8x1x16xf32>) -> tensor<8x1x16xf32>
  %kv_i_init = tensor.empty() : tensor<8x1x8xi32>
  %kv_ok_init = tensor.empty() : tensor<8x1x8xi1>
  %kv_i, %kv_ok = colt5.topk ins(%kv_s : tensor<8x1x16xf32>)
      outs(%kv_i_init, %kv_ok_init : tensor<8x1x8xi32>, tensor<8x1x8xi1>) -> (tensor<8x1x8xi32>, tensor<8x1x8xi1>)
  %kv_k = arith.constant 8.0 : f32
  %kv_all_init = tensor.empty() : tensor<8x1x16xf32>
  %kv_all = colt5.soft_topk ins(%kv_s, %kv_k : tensor<8x1x16xf32>, f32) outs(%kv_all_init : tensor<8x1x16xf32>)
      {eps = 1.0, iterations = 50, init = neg, overflow = iterate} -> tensor<8x1x16xf32>
  %kv_w_init = tensor.empty() : tensor<8x1x8xf32>
  %kv_w = colt5.gather ins(%kv_all, %kv_i : tensor<8x1x16xf32>, tensor<8x1x8xi32>) valid(%kv_ok : tensor<8x1x8xi1>)
      outs(%kv_w_init : tensor<8x1x8xf32>) {batch_dims = 2} -> tensor<8x1x8xf32>
  %kv_idx = tensor.collapse_shape %kv_i [[0, 1], [2]] : tensor<8x1x8xi32> into tensor<8x8xi32>
  %kv_valid = tensor.collapse_shape %kv_ok [[0, 1], [2]] : tensor<8x1x8xi1> into tensor<8x8xi1>
  %kv_weight = tensor.collapse_shape %kv_w [[0, 1], [2]] : tensor<8x1x8xf32> into tensor<8x8xf32>
  %q_rows_init = tensor.empty() : tensor<8x4x32xf32>
  %q_rows = colt5.gather ins(%xh, %q_idx : tensor<8x16x32xf32>, tensor<8x4xi32>) valid(%q_valid : tensor<8x4xi1>)
      outs(%q_rows_init : tensor<8x4x32xf32>) -> tensor<8x4x32xf32>
  %k_rows_init = tensor.empty() : tensor<8x8x32xf32>
  %k_rows = colt5.gather ins(%xh, %kv_idx : tensor<8x16x32xf32>, tensor<8x8xi32>) valid(%kv_valid : tensor<8x8xi1>)
      outs(%k_rows_init : tensor<8x8x32xf32>) -> tensor<8x8x32xf32>
  %v_rows_init = tensor.empty() : tensor<8x8x32xf32>
  %v_rows = colt5.gather ins(%xh, %kv_idx : tensor<8x16x32xf32>, tensor<8x8xi32>) valid(%kv_valid : tensor<8x8xi1>)
      scale(%kv_weight : tensor<8x8xf32>) outs(%v_rows_init : tensor<8x8x32xf32>) -> tensor<8x8x32xf32>
  %qh_0_init = tensor.empty() : tensor<8x4x4x8xf32>
  %qh_0 = linalg.fill ins(%zero : f32) outs(%qh_0_init : tensor<8x4x4x8xf32>) -> tensor<8x4x4x8xf32>
  %qh = linalg.contract indexing_maps = [#px, #pw, #po] ins(%q_rows, %hq : tensor<8x4x32xf32>, tensor<32x4x8xf32>)
      outs(%qh_0 : tensor<8x4x4x8xf32>) -> tensor<8x4x4x8xf32>
  %kh_0_init = tensor.empty() : tensor<8x4x8x8xf32>
  %kh_0 = linalg.fill ins(%zero : f32) outs(%kh_0_init : tensor<8x4x8x8xf32>) -> tensor<8x4x8x8xf32>
  %kh = linalg.contract indexing_maps = [#px, #pw, #po] ins(%k_rows, %hk : tensor<8x8x32xf32>, tensor<32x4x8xf32>)
      outs(%kh_0 : tensor<8x4x8x8xf32>) -> tensor<8x4x8x8xf32>
  %vh_0_init = tensor.empty() : tensor<8x4x8x8xf32>
  %vh_0 = linalg.fill ins(%zero : f32) outs(%vh_0_init : tensor<8x4x8x8xf32>) -> tensor<8x4x8x8xf32>
  %vh = linalg.contract indexing_maps = [#px, #pw, #po] ins(%v_rows, %hv : tensor<8x8x32xf32>, tensor<32x4x8xf32>)
      outs(%vh_0 : tensor<8x4x8x8xf32>) -> tensor<8x4x8x8xf32>
  // The null key and value: every query sees them.
  %side_k_init = tensor.empty() : tensor<8x4x1x8xf32>
  %side_k = linalg.generic {indexing_maps = [#null, #side],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%null_k : tensor<4x8xf32>)
      outs(%side_k_init : tensor<8x4x1x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<8x4x1x8xf32>
  %side_v_init = tensor.empty() : tensor<8x4x1x8xf32>
  %side_v = linalg.generic {indexing_maps = [#null, #side],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%null_v : tensor<4x8xf32>)
      outs(%side_v_init : tensor<8x4x1x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<8x4x1x8xf32>
  %side_valid = arith.constant dense<true> : tensor<8x1xi1>
  %o_init = tensor.empty() : tensor<8x4x4x8xf32>
  %o = colt5.attention ins(%qh, %kh, %vh : tensor<8x4x4x8xf32>, tensor<8x4x8x8xf32>, tensor<8x4x8x8xf32>)
      q_valid(%q_valid : tensor<8x4xi1>) kv_valid(%kv_valid : tensor<8x8xi1>)
      side(%side_k, %side_v, %side_valid : tensor<8x4x1x8xf32>, tensor<8x4x1x8xf32>, tensor<8x1xi1>)
      outs(%o_init : tensor<8x4x4x8xf32>) {scale = 0.35355339059327379} -> tensor<8x4x4x8xf32>
  %rows_0_init = tensor.empty() : tensor<8x4x32xf32>
  %rows_0 = linalg.fill ins(%zero : f32) outs(%rows_0_init : tensor<8x4x32xf32>) -> tensor<8x4x32xf32>
  %rows = linalg.contract indexing_maps = [#ux, #uw, #uo] ins(%o, %ho : tensor<8x4x4x8xf32>, tensor<4x8x32xf32>)
      outs(%rows_0 : tensor<8x4x32xf32>) -> tensor<8x4x32xf32>
  // Rows that no query was routed to hold the null query token.
  %null_rows_init = tensor.empty() : tensor<8x16x32xf32>
  %null_rows = linalg.generic {indexing_maps = [#last, #full], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%null_q : tensor<32xf32>) outs(%null_rows_init : tensor<8x16x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<8x16x32xf32>
  %heavy = colt5.scatter_combine ins(%rows, %q_idx : tensor<8x4x32xf32>, tensor<8x4xi32>)
      valid(%q_valid : tensor<8x4xi1>) weight(%q_weight : tensor<8x4xf32>) outs(%null_rows : tensor<8x16x32xf32>)
      {combine = set, unique} -> tensor<8x16x32xf32>
  %a_init = tensor.empty() : tensor<8x16x32xf32>
  %a = linalg.generic {indexing_maps = [#full, #full, #full, #full],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%light, %heavy, %x : tensor<8x16x32xf32>, tensor<8x16x32xf32>, tensor<8x16x32xf32>)
      outs(%a_init : tensor<8x16x32xf32>) {
  ^bb0(%light_in: f32, %heavy_in: f32, %rest: f32, %out: f32):
    %both = arith.addf %light_in, %heavy_in : f32
    %sum = arith.addf %both, %rest : f32
    linalg.yield %sum : f32
  } -> tensor<8x16x32xf32>
  // Feed-forward: routed over all tokens of an image.
  %y_win = tensor.expand_shape %a [[0, 1], [2], [3]] output_shape [2, 4, 16, 32]
      : tensor<8x16x32xf32> into tensor<2x4x16x32xf32>
  %y = tensor.collapse_shape %y_win [[0], [1, 2], [3]] : tensor<2x4x16x32xf32> into tensor<2x64x32xf32>
  %ln_init = tensor.empty() : tensor<2x64x32xf32>
  %ln = colt5.rms_norm ins(%y, %g_l : tensor<2x64x32xf32>, tensor<32xf32>)
      outs(%ln_init : tensor<2x64x32xf32>) {eps = 0.0} -> tensor<2x64x32xf32>
  %light_ff = colt5.ffn %ln in(%l_in) out(%l_out) in_bias(%l_in_bias) out_bias(%l_out_bias) {activation = gelu} :
      tensor<2x64x32xf32>, tensor<32x16xf32>, tensor<16x32xf32>, tensor<16xf32>, tensor<32xf32> -> tensor<2x64x32xf32>
  %f_s_init = tensor.empty() : tensor<2x1x64xf32>
  %f_s = colt5.router_scores ins(%y, %u_f : tensor<2x64x32xf32>, tensor<1x32xf32>)
      outs(%f_s_init : tensor<2x1x64xf32>) -> tensor<2x1x64xf32>
  %f_i_init = tensor.empty() : tensor<2x1x8xi32>
  %f_ok_init = tensor.empty() : tensor<2x1x8xi1>
  %f_i, %f_ok = colt5.topk ins(%f_s : tensor<2x1x64xf32>)
      outs(%f_i_init, %f_ok_init : tensor<2x1x8xi32>, tensor<2x1x8xi1>) -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>)
  %f_k = arith.constant 8.0 : f32
  %f_all_init = tensor.empty() : tensor<2x1x64xf32>
  %f_all = colt5.soft_topk ins(%f_s, %f_k : tensor<2x1x64xf32>, f32) outs(%f_all_init : tensor<2x1x64xf32>)
      {eps = 1.0, iterations = 50, init = neg, overflow = iterate} -> tensor<2x1x64xf32>
  %f_w_init = tensor.empty() : tensor<2x1x8xf32>
  %f_w = colt5.gather ins(%f_all, %f_i : tensor<2x1x64xf32>, tensor<2x1x8xi32>) valid(%f_ok : tensor<2x1x8xi1>)
      outs(%f_w_init : tensor<2x1x8xf32>) {batch_dims = 2} -> tensor<2x1x8xf32>
  %f_idx = tensor.collapse_shape %f_i [[0, 1], [2]] : tensor<2x1x8xi32> into tensor<2x8xi32>
  %f_valid = tensor.collapse_shape %f_ok [[0, 1], [2]] : tensor<2x1x8xi1> into tensor<2x8xi1>
  %f_weight = tensor.collapse_shape %f_w [[0, 1], [2]] : tensor<2x1x8xf32> into tensor<2x8xf32>
  %ff = colt5.conditional %y base(%light_ff) routed(%f_idx, %f_weight, %f_valid) {unique, sorted} :
      tensor<2x64x32xf32>, tensor<2x64x32xf32>, tensor<2x8xi32>, tensor<2x8xf32>, tensor<2x8xi1>
      -> tensor<2x64x32xf32> {
  ^bb0(%t: tensor<2x8x32xf32>):
    %hn_init = tensor.empty() : tensor<2x8x32xf32>
    %hn = colt5.rms_norm ins(%t, %g_h : tensor<2x8x32xf32>, tensor<32xf32>)
        outs(%hn_init : tensor<2x8x32xf32>) {eps = 0.0} -> tensor<2x8x32xf32>
    %h = colt5.ffn %hn in(%h_in) out(%h_out) in_bias(%h_in_bias) out_bias(%h_out_bias) {activation = gelu} :
        tensor<2x8x32xf32>, tensor<32x128xf32>, tensor<128x32xf32>, tensor<128xf32>, tensor<32xf32>
        -> tensor<2x8x32xf32>
    colt5.yield %h : tensor<2x8x32xf32>
  }
  %z_init = tensor.empty() : tensor<2x64x32xf32>
  %z = linalg.add ins(%y, %ff : tensor<2x64x32xf32>, tensor<2x64x32xf32>)
      outs(%z_init : tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
  // The mean over the tokens and a linear head.
  %sum_0_init = tensor.empty() : tensor<2x32xf32>
  %sum_0 = linalg.fill ins(%zero : f32) outs(%sum_0_init : tensor<2x32xf32>) -> tensor<2x32xf32>
  %average = linalg.generic {indexing_maps = [#token, #pooled],
      iterator_types = ["parallel", "parallel", "reduction"]} ins(%z : tensor<2x64x32xf32>)
      outs(%sum_0 : tensor<2x32xf32>) {
  ^bb0(%token: f32, %acc: f32):
    %inverse = arith.constant 0.015625 : f32
    %share = arith.mulf %token, %inverse : f32
    %sum = arith.addf %acc, %share : f32
    linalg.yield %sum : f32
  } -> tensor<2x32xf32>
  %pooled_c_0_init = tensor.empty() : tensor<2xf32>
  %pooled_c_0 = linalg.fill ins(%zero : f32) outs(%pooled_c_0_init : tensor<2xf32>) -> tensor<2xf32>
  %pooled_c_sum = linalg.generic {indexing_maps = [#full2, #row2], iterator_types = ["parallel", "reduction"]}
      ins(%average : tensor<2x32xf32>) outs(%pooled_c_0 : tensor<2xf32>) {
  ^bb0(%in: f32, %acc: f32):
    %sum = arith.addf %in, %acc : f32
    linalg.yield %sum : f32
  } -> tensor<2xf32>
  %pooled_c_init = tensor.empty() : tensor<2x32xf32>
  %pooled_c = linalg.generic {indexing_maps = [#full2, #row2, #full2], iterator_types = ["parallel", "parallel"]}
      ins(%average, %pooled_c_sum : tensor<2x32xf32>, tensor<2xf32>) outs(%pooled_c_init : tensor<2x32xf32>) {
  ^bb0(%in: f32, %sum: f32, %out: f32):
    %width = arith.constant 32.0 : f32
    %mean = arith.divf %sum, %width : f32
    %centred = arith.subf %in, %mean : f32
    linalg.yield %centred : f32
  } -> tensor<2x32xf32>
  %pooled_n_init = tensor.empty() : tensor<2x32xf32>
  %pooled_n = colt5.rms_norm ins(%pooled_c, %g_head : tensor<2x32xf32>, tensor<32xf32>)
      outs(%pooled_n_init : tensor<2x32xf32>) {eps = 1.0e-5} -> tensor<2x32xf32>
  %pooled_init = tensor.empty() : tensor<2x32xf32>
  %pooled = linalg.generic {indexing_maps = [#full2, #last2, #full2], iterator_types = ["parallel", "parallel"]}
      ins(%pooled_n, %b_head : tensor<2x32xf32>, tensor<32xf32>) outs(%pooled_init : tensor<2x32xf32>) {
  ^bb0(%in: f32, %bias: f32, %out: f32):
    %sum = arith.addf %in, %bias : f32
    linalg.yield %sum : f32
  } -> tensor<2x32xf32>
  %head_0_init = tensor.empty() : tensor<2x10xf32>
  %head_0 = linalg.fill ins(%zero : f32) outs(%head_0_init : tensor<2x10xf32>) -> tensor<2x10xf32>
  %head = linalg.contract indexing_maps = [#hx, #hw, #ho] ins(%pooled, %w_head : tensor<2x32xf32>, tensor<32x10xf32>)
      outs(%head_0 : tensor<2x10xf32>) -> tensor<2x10xf32>
  %logits_init = tensor.empty() : tensor<2x10xf32>
  %logits = linalg.generic {indexing_maps = [#full2, #last2, #full2], iterator_types = ["parallel", "parallel"]}
      ins(%head, %w_head_bias : tensor<2x10xf32>, tensor<10xf32>) outs(%logits_init : tensor<2x10xf32>) {
  ^bb0(%in: f32, %bias: f32, %out: f32):
    %sum = arith.addf %in, %bias : f32
    linalg.yield %sum : f32
  } -> tensor<2x10xf32>
  return %logits : tensor<2x10xf32>
}
