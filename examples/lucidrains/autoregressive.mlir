// `ConditionalRoutedAutoregressiveAttention`: windows of 16 tokens. Light attention is causal and local. Every window
// routes its own queries (2 per window) and, among the tokens of earlier windows, its own keys (4 per window): the
// windows are the routes of the key router, whose mask per route is given. The first window sees no key and gets no
// heavy output; nothing a query sees lies in its own or a later window.
#list = affine_map<(b, h, w, j) -> (b, w, j)>
#lists = affine_map<(b, h, w, j) -> (b, h, w, j)>
#px = affine_map<(b, h, n, c, d) -> (b, n, d)>
#pw = affine_map<(b, h, n, c, d) -> (d, h, c)>
#po = affine_map<(b, h, n, c, d) -> (b, h, n, c)>
#ux = affine_map<(b, n, d, h, c) -> (b, h, n, c)>
#uw = affine_map<(b, n, d, h, c) -> (h, c, d)>
#uo = affine_map<(b, n, d, h, c) -> (b, n, d)>

func.func @attention(
    %x: tensor<2x64x32xf32>, %earlier: tensor<2x4x64xi1>, %u_q: tensor<1x32xf32>, %u_kv: tensor<4x32xf32>,
    %lq: tensor<32x2x8xf32>, %lk: tensor<32x2x8xf32>, %lv: tensor<32x2x8xf32>, %lo: tensor<2x8x32xf32>,
    %hq: tensor<32x4x8xf32>, %hk: tensor<32x4x8xf32>, %hv: tensor<32x4x8xf32>, %ho: tensor<4x8x32xf32>)
    -> tensor<2x64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %l_q_0_init = tensor.empty() : tensor<2x2x64x8xf32>
  %l_q_0 = linalg.fill ins(%zero : f32) outs(%l_q_0_init : tensor<2x2x64x8xf32>) -> tensor<2x2x64x8xf32>
  %l_q = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%x, %lq : tensor<2x64x32xf32>, tensor<32x2x8xf32>) outs(%l_q_0 : tensor<2x2x64x8xf32>)
      -> tensor<2x2x64x8xf32>
  %l_k_0_init = tensor.empty() : tensor<2x2x64x8xf32>
  %l_k_0 = linalg.fill ins(%zero : f32) outs(%l_k_0_init : tensor<2x2x64x8xf32>) -> tensor<2x2x64x8xf32>
  %l_k = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%x, %lk : tensor<2x64x32xf32>, tensor<32x2x8xf32>) outs(%l_k_0 : tensor<2x2x64x8xf32>)
      -> tensor<2x2x64x8xf32>
  %l_v_0_init = tensor.empty() : tensor<2x2x64x8xf32>
  %l_v_0 = linalg.fill ins(%zero : f32) outs(%l_v_0_init : tensor<2x2x64x8xf32>) -> tensor<2x2x64x8xf32>
  %l_v = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%x, %lv : tensor<2x64x32xf32>, tensor<32x2x8xf32>) outs(%l_v_0 : tensor<2x2x64x8xf32>)
      -> tensor<2x2x64x8xf32>
  %l_o_init = tensor.empty() : tensor<2x2x64x8xf32>
  %l_o = colt5.attention ins(%l_q, %l_k, %l_v : tensor<2x2x64x8xf32>, tensor<2x2x64x8xf32>, tensor<2x2x64x8xf32>)
      outs(%l_o_init : tensor<2x2x64x8xf32>) {pattern = #colt5.causal_window<31>, scale = 0.35355339059327379}
      -> tensor<2x2x64x8xf32>
  %light_0_init = tensor.empty() : tensor<2x64x32xf32>
  %light_0 = linalg.fill ins(%zero : f32) outs(%light_0_init : tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
  %light = linalg.contract indexing_maps = [#ux, #uw, #uo]
      ins(%l_o, %lo : tensor<2x2x64x8xf32>, tensor<2x8x32xf32>) outs(%light_0 : tensor<2x64x32xf32>)
      -> tensor<2x64x32xf32>
  // Queries: a quota per window, so that slots 2 w and 2 w + 1 belong to window w.
  %q_s_init = tensor.empty() : tensor<2x1x64xf32>
  %q_s = colt5.router_scores ins(%x, %u_q : tensor<2x64x32xf32>, tensor<1x32xf32>)
      outs(%q_s_init : tensor<2x1x64xf32>) -> tensor<2x1x64xf32>
  %q_i_init = tensor.empty() : tensor<2x1x8xi32>
  %q_ok_init = tensor.empty() : tensor<2x1x8xi1>
  %q_i, %q_ok = colt5.topk ins(%q_s : tensor<2x1x64xf32>)
      outs(%q_i_init, %q_ok_init : tensor<2x1x8xi32>, tensor<2x1x8xi1>) {block = 16}
      -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>)
  %q_k = arith.constant 8.0 : f32
  %q_all_init = tensor.empty() : tensor<2x1x64xf32>
  %q_all = colt5.soft_topk ins(%q_s, %q_k : tensor<2x1x64xf32>, f32)
      outs(%q_all_init : tensor<2x1x64xf32>) {eps = 1.0, iterations = 50, block = 16} -> tensor<2x1x64xf32>
  %q_w_init = tensor.empty() : tensor<2x1x8xf32>
  %q_w = colt5.gather ins(%q_all, %q_i : tensor<2x1x64xf32>, tensor<2x1x8xi32>)
      valid(%q_ok : tensor<2x1x8xi1>)
      outs(%q_w_init : tensor<2x1x8xf32>) {batch_dims = 2} -> tensor<2x1x8xf32>
  %q_idx = tensor.collapse_shape %q_i [[0, 1], [2]] : tensor<2x1x8xi32> into tensor<2x8xi32>
  %q_valid = tensor.collapse_shape %q_ok [[0, 1], [2]] : tensor<2x1x8xi1> into tensor<2x8xi1>
  %q_weight = tensor.collapse_shape %q_w [[0, 1], [2]] : tensor<2x1x8xf32> into tensor<2x8xf32>
  %q_rows_init = tensor.empty() : tensor<2x8x32xf32>
  %q_rows = colt5.gather ins(%x, %q_idx : tensor<2x64x32xf32>, tensor<2x8xi32>)
      valid(%q_valid : tensor<2x8xi1>)
      outs(%q_rows_init : tensor<2x8x32xf32>) -> tensor<2x8x32xf32>
  %qh_0_init = tensor.empty() : tensor<2x4x8x8xf32>
  %qh_0 = linalg.fill ins(%zero : f32) outs(%qh_0_init : tensor<2x4x8x8xf32>) -> tensor<2x4x8x8xf32>
  %qh = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%q_rows, %hq : tensor<2x8x32xf32>, tensor<32x4x8xf32>) outs(%qh_0 : tensor<2x4x8x8xf32>)
      -> tensor<2x4x8x8xf32>
  // Keys: one list per window.
  %kv_s_init = tensor.empty() : tensor<2x4x64xf32>
  %kv_s = colt5.router_scores ins(%x, %u_kv : tensor<2x64x32xf32>, tensor<4x32xf32>)
      mask(%earlier : tensor<2x4x64xi1>)
      outs(%kv_s_init : tensor<2x4x64xf32>) -> tensor<2x4x64xf32>
  %kv_i_init = tensor.empty() : tensor<2x4x4xi32>
  %kv_ok_init = tensor.empty() : tensor<2x4x4xi1>
  %kv_i, %kv_ok = colt5.topk ins(%kv_s : tensor<2x4x64xf32>)
      mask(%earlier : tensor<2x4x64xi1>)
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
  %kh = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%x, %hk : tensor<2x64x32xf32>, tensor<32x4x8xf32>) outs(%kh_0 : tensor<2x4x64x8xf32>)
      -> tensor<2x4x64x8xf32>
  %vh_0_init = tensor.empty() : tensor<2x4x64x8xf32>
  %vh_0 = linalg.fill ins(%zero : f32) outs(%vh_0_init : tensor<2x4x64x8xf32>) -> tensor<2x4x64x8xf32>
  %vh = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%x, %hv : tensor<2x64x32xf32>, tensor<32x4x8xf32>) outs(%vh_0 : tensor<2x4x64x8xf32>)
      -> tensor<2x4x64x8xf32>
  %o_init = tensor.empty() : tensor<2x4x8x8xf32>
  %o = colt5.attention ins(%qh, %kh, %vh : tensor<2x4x8x8xf32>, tensor<2x4x64x8xf32>, tensor<2x4x64x8xf32>)
      q_valid(%q_valid : tensor<2x8xi1>)
      q_pos(%q_idx : tensor<2x8xi32>)
      kv_idx(%lists : tensor<2x4x4x4xi32>)
      outs(%o_init : tensor<2x4x8x8xf32>) {pattern = #colt5.earlier_windows<16>, scale = 0.35355339059327379}
      -> tensor<2x4x8x8xf32>
  %rows_0_init = tensor.empty() : tensor<2x8x32xf32>
  %rows_0 = linalg.fill ins(%zero : f32) outs(%rows_0_init : tensor<2x8x32xf32>) -> tensor<2x8x32xf32>
  %rows = linalg.contract indexing_maps = [#ux, #uw, #uo]
      ins(%o, %ho : tensor<2x4x8x8xf32>, tensor<4x8x32xf32>) outs(%rows_0 : tensor<2x8x32xf32>)
      -> tensor<2x8x32xf32>
  %y = colt5.scatter_combine ins(%rows, %q_idx : tensor<2x8x32xf32>, tensor<2x8xi32>)
      valid(%q_valid : tensor<2x8xi1>)
      weight(%q_weight : tensor<2x8xf32>)
      outs(%light : tensor<2x64x32xf32>) {unique} -> tensor<2x64x32xf32>
  return %y : tensor<2x64x32xf32>
}
