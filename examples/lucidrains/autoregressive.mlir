// `ConditionalRoutedAutoregressiveAttention`, whole, with the public default of straight-through routing: every
// routed token weighs 1. Windows of 16 tokens. Light attention is causal and sees the own and the previous window.
// Every later window routes its own queries (2 per window) and, among the tokens of earlier windows, its own keys (4
// per window). Nothing a query sees in the heavy branch lies in its own or a later window.
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
#mask = affine_map<(b, n) -> (b, n)>
#token = affine_map<(b, w, n) -> (b, n)>
#window = affine_map<(b, w, n) -> (b, w, n)>
#list = affine_map<(b, h, w, j) -> (b, w, j)>
#lists = affine_map<(b, h, w, j) -> (b, h, w, j)>

func.func @attention(
    %x: tensor<2x64x32xf32>, %g_light: tensor<32xf32>, %b_light: tensor<32xf32>, %u_q: tensor<1x32xf32>,
    %u_kv: tensor<1x32xf32>, %lq: tensor<32x2x8xf32>, %lk: tensor<32x2x8xf32>, %lv: tensor<32x2x8xf32>,
    %lo: tensor<2x8x32xf32>, %g_heavy: tensor<32xf32>, %hq: tensor<32x4x8xf32>, %hk: tensor<32x4x8xf32>,
    %hv: tensor<32x4x8xf32>, %ho: tensor<4x8x32xf32>, %null_k: tensor<4x8xf32>, %null_v: tensor<4x8xf32>,
    %null_q: tensor<32xf32>)
    -> tensor<2x64x32xf32> {
  %zero = arith.constant 0.0 : f32
  // Light attention, after a LayerNorm: an RMSNorm of the centred rows and a bias.
  %xl_c_0_init = tensor.empty() : tensor<2x64xf32>
  %xl_c_0 = linalg.fill ins(%zero : f32) outs(%xl_c_0_init : tensor<2x64xf32>) -> tensor<2x64xf32>
  %xl_c_sum = linalg.generic {indexing_maps = [#full, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x : tensor<2x64x32xf32>) outs(%xl_c_0 : tensor<2x64xf32>) {
  ^bb0(%in: f32, %acc: f32):
    %sum = arith.addf %in, %acc : f32
    linalg.yield %sum : f32
  } -> tensor<2x64xf32>
  %xl_c_init = tensor.empty() : tensor<2x64x32xf32>
  %xl_c = linalg.generic {indexing_maps = [#full, #row, #full], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x, %xl_c_sum : tensor<2x64x32xf32>, tensor<2x64xf32>) outs(%xl_c_init : tensor<2x64x32xf32>) {
  ^bb0(%in: f32, %sum: f32, %out: f32):
    %width = arith.constant 32.0 : f32
    %mean = arith.divf %sum, %width : f32
    %centred = arith.subf %in, %mean : f32
    linalg.yield %centred : f32
  } -> tensor<2x64x32xf32>
  %xl_n_init = tensor.empty() : tensor<2x64x32xf32>
  %xl_n = colt5.rms_norm ins(%xl_c, %g_light : tensor<2x64x32xf32>, tensor<32xf32>)
      outs(%xl_n_init : tensor<2x64x32xf32>) {eps = 1.0e-5} -> tensor<2x64x32xf32>
  %xl_init = tensor.empty() : tensor<2x64x32xf32>
  %xl = linalg.generic {indexing_maps = [#full, #last, #full], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%xl_n, %b_light : tensor<2x64x32xf32>, tensor<32xf32>) outs(%xl_init : tensor<2x64x32xf32>) {
  ^bb0(%in: f32, %bias: f32, %out: f32):
    %sum = arith.addf %in, %bias : f32
    linalg.yield %sum : f32
  } -> tensor<2x64x32xf32>
  %l_q_0_init = tensor.empty() : tensor<2x2x64x8xf32>
  %l_q_0 = linalg.fill ins(%zero : f32) outs(%l_q_0_init : tensor<2x2x64x8xf32>) -> tensor<2x2x64x8xf32>
  %l_q = linalg.contract indexing_maps = [#px, #pw, #po] ins(%xl, %lq : tensor<2x64x32xf32>, tensor<32x2x8xf32>)
      outs(%l_q_0 : tensor<2x2x64x8xf32>) -> tensor<2x2x64x8xf32>
  %l_k_0_init = tensor.empty() : tensor<2x2x64x8xf32>
  %l_k_0 = linalg.fill ins(%zero : f32) outs(%l_k_0_init : tensor<2x2x64x8xf32>) -> tensor<2x2x64x8xf32>
  %l_k = linalg.contract indexing_maps = [#px, #pw, #po] ins(%xl, %lk : tensor<2x64x32xf32>, tensor<32x2x8xf32>)
      outs(%l_k_0 : tensor<2x2x64x8xf32>) -> tensor<2x2x64x8xf32>
  %l_v_0_init = tensor.empty() : tensor<2x2x64x8xf32>
  %l_v_0 = linalg.fill ins(%zero : f32) outs(%l_v_0_init : tensor<2x2x64x8xf32>) -> tensor<2x2x64x8xf32>
  %l_v = linalg.contract indexing_maps = [#px, #pw, #po] ins(%xl, %lv : tensor<2x64x32xf32>, tensor<32x2x8xf32>)
      outs(%l_v_0 : tensor<2x2x64x8xf32>) -> tensor<2x2x64x8xf32>
  %l_o_init = tensor.empty() : tensor<2x2x64x8xf32>
  %l_o = colt5.attention ins(%l_q, %l_k, %l_v : tensor<2x2x64x8xf32>, tensor<2x2x64x8xf32>, tensor<2x2x64x8xf32>)
      outs(%l_o_init : tensor<2x2x64x8xf32>)
      {pattern = #colt5.all<[#colt5.causal, #colt5.block_local<16, 1, 0>]>, scale = 0.35355339059327379}
      -> tensor<2x2x64x8xf32>
  %light_0_init = tensor.empty() : tensor<2x64x32xf32>
  %light_0 = linalg.fill ins(%zero : f32) outs(%light_0_init : tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
  %light = linalg.contract indexing_maps = [#ux, #uw, #uo] ins(%l_o, %lo : tensor<2x2x64x8xf32>, tensor<2x8x32xf32>)
      outs(%light_0 : tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
  // Queries: a quota per window, so that slots 2 w and 2 w + 1 belong to window w. The first window, which has no
  // earlier one, routes none.
  %xh_init = tensor.empty() : tensor<2x64x32xf32>
  %xh = colt5.rms_norm ins(%x, %g_heavy : tensor<2x64x32xf32>, tensor<32xf32>)
      outs(%xh_init : tensor<2x64x32xf32>) {eps = 0.0} -> tensor<2x64x32xf32>
  %q_mask_init = tensor.empty() : tensor<2x64xi1>
  %q_mask = linalg.generic {indexing_maps = [#mask], iterator_types = ["parallel", "parallel"]}
      outs(%q_mask_init : tensor<2x64xi1>) {
  ^bb0(%out: i1):
    %i = linalg.index 1 : index
    %size = arith.constant 16 : index
    %ok = arith.cmpi uge, %i, %size : index
    linalg.yield %ok : i1
  } -> tensor<2x64xi1>
  %q_s_init = tensor.empty() : tensor<2x1x64xf32>
  %q_s = colt5.router_scores ins(%x, %u_q : tensor<2x64x32xf32>, tensor<1x32xf32>)
      outs(%q_s_init : tensor<2x1x64xf32>) -> tensor<2x1x64xf32>
  %q_i_init = tensor.empty() : tensor<2x1x8xi32>
  %q_ok_init = tensor.empty() : tensor<2x1x8xi1>
  %q_i, %q_ok = colt5.topk ins(%q_s : tensor<2x1x64xf32>) mask(%q_mask : tensor<2x64xi1>)
      outs(%q_i_init, %q_ok_init : tensor<2x1x8xi32>, tensor<2x1x8xi1>) {block = 16}
      -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>)
  %q_idx = tensor.collapse_shape %q_i [[0, 1], [2]] : tensor<2x1x8xi32> into tensor<2x8xi32>
  %q_valid = tensor.collapse_shape %q_ok [[0, 1], [2]] : tensor<2x1x8xi1> into tensor<2x8xi1>
  %q_rows_init = tensor.empty() : tensor<2x8x32xf32>
  %q_rows = colt5.gather ins(%xh, %q_idx : tensor<2x64x32xf32>, tensor<2x8xi32>) valid(%q_valid : tensor<2x8xi1>)
      outs(%q_rows_init : tensor<2x8x32xf32>) -> tensor<2x8x32xf32>
  %qh_0_init = tensor.empty() : tensor<2x4x8x8xf32>
  %qh_0 = linalg.fill ins(%zero : f32) outs(%qh_0_init : tensor<2x4x8x8xf32>) -> tensor<2x4x8x8xf32>
  %qh = linalg.contract indexing_maps = [#px, #pw, #po] ins(%q_rows, %hq : tensor<2x8x32xf32>, tensor<32x4x8xf32>)
      outs(%qh_0 : tensor<2x4x8x8xf32>) -> tensor<2x4x8x8xf32>
  // Keys: one list per window, of tokens of earlier windows.
  %kv_s_init = tensor.empty() : tensor<2x1x64xf32>
  %kv_s = colt5.router_scores ins(%x, %u_kv : tensor<2x64x32xf32>, tensor<1x32xf32>)
      outs(%kv_s_init : tensor<2x1x64xf32>) -> tensor<2x1x64xf32>
  %kv_row = tensor.collapse_shape %kv_s [[0], [1, 2]] : tensor<2x1x64xf32> into tensor<2x64xf32>
  %kv_w_s_init = tensor.empty() : tensor<2x4x64xf32>
  %kv_w_s = linalg.generic {indexing_maps = [#token, #window], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%kv_row : tensor<2x64xf32>) outs(%kv_w_s_init : tensor<2x4x64xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<2x4x64xf32>
  %earlier_init = tensor.empty() : tensor<2x4x64xi1>
  %earlier = linalg.generic {indexing_maps = [#window], iterator_types = ["parallel", "parallel", "parallel"]}
      outs(%earlier_init : tensor<2x4x64xi1>) {
  ^bb0(%out: i1):
    %w = linalg.index 1 : index
    %i = linalg.index 2 : index
    %size = arith.constant 16 : index
    %start = arith.muli %w, %size : index
    %ok = arith.cmpi ult, %i, %start : index
    linalg.yield %ok : i1
  } -> tensor<2x4x64xi1>
  %kv_i_init = tensor.empty() : tensor<2x4x4xi32>
  %kv_ok_init = tensor.empty() : tensor<2x4x4xi1>
  %kv_i, %kv_ok = colt5.topk ins(%kv_w_s : tensor<2x4x64xf32>) mask(%earlier : tensor<2x4x64xi1>)
      outs(%kv_i_init, %kv_ok_init : tensor<2x4x4xi32>, tensor<2x4x4xi1>) -> (tensor<2x4x4xi32>, tensor<2x4x4xi1>)
  %none = arith.constant -1 : i32
  %lists_init = tensor.empty() : tensor<2x4x4x4xi32>
  %lists = linalg.generic {indexing_maps = [#list, #list, #lists],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%kv_i, %kv_ok : tensor<2x4x4xi32>, tensor<2x4x4xi1>) outs(%lists_init : tensor<2x4x4x4xi32>) {
  ^bb0(%i: i32, %ok: i1, %out: i32):
    %entry = arith.select %ok, %i, %none : i32
    linalg.yield %entry : i32
  } -> tensor<2x4x4x4xi32>
  %kh_0_init = tensor.empty() : tensor<2x4x64x8xf32>
  %kh_0 = linalg.fill ins(%zero : f32) outs(%kh_0_init : tensor<2x4x64x8xf32>) -> tensor<2x4x64x8xf32>
  %kh = linalg.contract indexing_maps = [#px, #pw, #po] ins(%xh, %hk : tensor<2x64x32xf32>, tensor<32x4x8xf32>)
      outs(%kh_0 : tensor<2x4x64x8xf32>) -> tensor<2x4x64x8xf32>
  %vh_0_init = tensor.empty() : tensor<2x4x64x8xf32>
  %vh_0 = linalg.fill ins(%zero : f32) outs(%vh_0_init : tensor<2x4x64x8xf32>) -> tensor<2x4x64x8xf32>
  %vh = linalg.contract indexing_maps = [#px, #pw, #po] ins(%xh, %hv : tensor<2x64x32xf32>, tensor<32x4x8xf32>)
      outs(%vh_0 : tensor<2x4x64x8xf32>) -> tensor<2x4x64x8xf32>
  // The null key and value: every query sees them.
  %side_k_init = tensor.empty() : tensor<2x4x1x8xf32>
  %side_k = linalg.generic {indexing_maps = [#null, #side],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%null_k : tensor<4x8xf32>)
      outs(%side_k_init : tensor<2x4x1x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<2x4x1x8xf32>
  %side_v_init = tensor.empty() : tensor<2x4x1x8xf32>
  %side_v = linalg.generic {indexing_maps = [#null, #side],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%null_v : tensor<4x8xf32>)
      outs(%side_v_init : tensor<2x4x1x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<2x4x1x8xf32>
  %side_valid = arith.constant dense<true> : tensor<2x1xi1>
  %o_init = tensor.empty() : tensor<2x4x8x8xf32>
  %o = colt5.attention ins(%qh, %kh, %vh : tensor<2x4x8x8xf32>, tensor<2x4x64x8xf32>, tensor<2x4x64x8xf32>)
      q_valid(%q_valid : tensor<2x8xi1>) q_pos(%q_idx : tensor<2x8xi32>) kv_idx(%lists : tensor<2x4x4x4xi32>)
      side(%side_k, %side_v, %side_valid : tensor<2x4x1x8xf32>, tensor<2x4x1x8xf32>, tensor<2x1xi1>)
      outs(%o_init : tensor<2x4x8x8xf32>) {pattern = #colt5.earlier_windows<16>, scale = 0.35355339059327379}
      -> tensor<2x4x8x8xf32>
  %rows_0_init = tensor.empty() : tensor<2x8x32xf32>
  %rows_0 = linalg.fill ins(%zero : f32) outs(%rows_0_init : tensor<2x8x32xf32>) -> tensor<2x8x32xf32>
  %rows = linalg.contract indexing_maps = [#ux, #uw, #uo] ins(%o, %ho : tensor<2x4x8x8xf32>, tensor<4x8x32xf32>)
      outs(%rows_0 : tensor<2x8x32xf32>) -> tensor<2x8x32xf32>
  // Rows that no query was routed to hold the null query token, those of the first window 0.
  %null_rows_init = tensor.empty() : tensor<2x64x32xf32>
  %null_rows = linalg.generic {indexing_maps = [#last, #full], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%null_q : tensor<32xf32>) outs(%null_rows_init : tensor<2x64x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %i = linalg.index 1 : index
    %size = arith.constant 16 : index
    %later = arith.cmpi uge, %i, %size : index
    %entry = arith.select %later, %in, %zero : f32
    linalg.yield %entry : f32
  } -> tensor<2x64x32xf32>
  %heavy = colt5.scatter_combine ins(%rows, %q_idx : tensor<2x8x32xf32>, tensor<2x8xi32>)
      valid(%q_valid : tensor<2x8xi1>) outs(%null_rows : tensor<2x64x32xf32>)
      {combine = set, unique} -> tensor<2x64x32xf32>
  %y_init = tensor.empty() : tensor<2x64x32xf32>
  %y = linalg.add ins(%light, %heavy : tensor<2x64x32xf32>, tensor<2x64x32xf32>)
      outs(%y_init : tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
  return %y : tensor<2x64x32xf32>
}
