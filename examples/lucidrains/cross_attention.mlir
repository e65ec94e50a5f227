// `ConditionalRoutedCrossAttention`: queries are routed among the tokens, keys and values among the context, with the
// context's own router (`kv_routing_tokens`), mask and blocks of 32 tokens (`route_block_size`, for long memories).
#px = affine_map<(b, h, n, c, d) -> (b, n, d)>
#pw = affine_map<(b, h, n, c, d) -> (d, h, c)>
#po = affine_map<(b, h, n, c, d) -> (b, h, n, c)>
#ux = affine_map<(b, n, d, h, c) -> (b, h, n, c)>
#uw = affine_map<(b, n, d, h, c) -> (h, c, d)>
#uo = affine_map<(b, n, d, h, c) -> (b, n, d)>

func.func @cross_attention(
    %x: tensor<2x64x32xf32>, %mask: tensor<2x64xi1>, %context: tensor<2x128x32xf32>,
    %context_mask: tensor<2x128xi1>, %u_q: tensor<1x32xf32>, %u_kv: tensor<1x32xf32>, %wq: tensor<32x4x8xf32>,
    %wk: tensor<32x4x8xf32>, %wv: tensor<32x4x8xf32>, %wo: tensor<4x8x32xf32>)
    -> tensor<2x64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %q_s_init = tensor.empty() : tensor<2x1x64xf32>
  %q_s = colt5.router_scores ins(%x, %u_q : tensor<2x64x32xf32>, tensor<1x32xf32>)
      mask(%mask : tensor<2x64xi1>)
      outs(%q_s_init : tensor<2x1x64xf32>) -> tensor<2x1x64xf32>
  %q_i_init = tensor.empty() : tensor<2x1x8xi32>
  %q_ok_init = tensor.empty() : tensor<2x1x8xi1>
  %q_i, %q_ok = colt5.topk ins(%q_s : tensor<2x1x64xf32>)
      mask(%mask : tensor<2x64xi1>)
      outs(%q_i_init, %q_ok_init : tensor<2x1x8xi32>, tensor<2x1x8xi1>) -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>)
  %q_k = arith.constant 8.0 : f32
  %q_all_init = tensor.empty() : tensor<2x1x64xf32>
  %q_all = colt5.soft_topk ins(%q_s, %q_k : tensor<2x1x64xf32>, f32)
      mask(%mask : tensor<2x64xi1>)
      outs(%q_all_init : tensor<2x1x64xf32>)
      {eps = 1.0, iterations = 50, init = neg, overflow = iterate} -> tensor<2x1x64xf32>
  %q_w_init = tensor.empty() : tensor<2x1x8xf32>
  %q_w = colt5.gather ins(%q_all, %q_i : tensor<2x1x64xf32>, tensor<2x1x8xi32>)
      valid(%q_ok : tensor<2x1x8xi1>)
      outs(%q_w_init : tensor<2x1x8xf32>) {batch_dims = 2} -> tensor<2x1x8xf32>
  %q_idx = tensor.collapse_shape %q_i [[0, 1], [2]] : tensor<2x1x8xi32> into tensor<2x8xi32>
  %q_valid = tensor.collapse_shape %q_ok [[0, 1], [2]] : tensor<2x1x8xi1> into tensor<2x8xi1>
  %q_weight = tensor.collapse_shape %q_w [[0, 1], [2]] : tensor<2x1x8xf32> into tensor<2x8xf32>
  %kv_s_init = tensor.empty() : tensor<2x1x128xf32>
  %kv_s = colt5.router_scores ins(%context, %u_kv : tensor<2x128x32xf32>, tensor<1x32xf32>)
      mask(%context_mask : tensor<2x128xi1>)
      outs(%kv_s_init : tensor<2x1x128xf32>) -> tensor<2x1x128xf32>
  %kv_i_init = tensor.empty() : tensor<2x1x16xi32>
  %kv_ok_init = tensor.empty() : tensor<2x1x16xi1>
  %kv_i, %kv_ok = colt5.topk ins(%kv_s : tensor<2x1x128xf32>)
      mask(%context_mask : tensor<2x128xi1>)
      outs(%kv_i_init, %kv_ok_init : tensor<2x1x16xi32>, tensor<2x1x16xi1>) {block = 32}
      -> (tensor<2x1x16xi32>, tensor<2x1x16xi1>)
  %kv_k = arith.constant 16.0 : f32
  %kv_all_init = tensor.empty() : tensor<2x1x128xf32>
  %kv_all = colt5.soft_topk ins(%kv_s, %kv_k : tensor<2x1x128xf32>, f32)
      mask(%context_mask : tensor<2x128xi1>)
      outs(%kv_all_init : tensor<2x1x128xf32>)
      {eps = 1.0, iterations = 50, block = 32, init = neg, overflow = iterate} -> tensor<2x1x128xf32>
  %kv_w_init = tensor.empty() : tensor<2x1x16xf32>
  %kv_w = colt5.gather ins(%kv_all, %kv_i : tensor<2x1x128xf32>, tensor<2x1x16xi32>)
      valid(%kv_ok : tensor<2x1x16xi1>)
      outs(%kv_w_init : tensor<2x1x16xf32>) {batch_dims = 2} -> tensor<2x1x16xf32>
  %kv_idx = tensor.collapse_shape %kv_i [[0, 1], [2]] : tensor<2x1x16xi32> into tensor<2x16xi32>
  %kv_valid = tensor.collapse_shape %kv_ok [[0, 1], [2]] : tensor<2x1x16xi1> into tensor<2x16xi1>
  %kv_weight = tensor.collapse_shape %kv_w [[0, 1], [2]] : tensor<2x1x16xf32> into tensor<2x16xf32>
  %q_rows_init = tensor.empty() : tensor<2x8x32xf32>
  %q_rows = colt5.gather ins(%x, %q_idx : tensor<2x64x32xf32>, tensor<2x8xi32>)
      valid(%q_valid : tensor<2x8xi1>)
      outs(%q_rows_init : tensor<2x8x32xf32>) -> tensor<2x8x32xf32>
  %kv_rows_init = tensor.empty() : tensor<2x16x32xf32>
  %kv_rows = colt5.gather ins(%context, %kv_idx : tensor<2x128x32xf32>, tensor<2x16xi32>)
      valid(%kv_valid : tensor<2x16xi1>)
      outs(%kv_rows_init : tensor<2x16x32xf32>) -> tensor<2x16x32xf32>
  %v_rows_init = tensor.empty() : tensor<2x16x32xf32>
  %v_rows = colt5.gather ins(%context, %kv_idx : tensor<2x128x32xf32>, tensor<2x16xi32>)
      valid(%kv_valid : tensor<2x16xi1>)
      scale(%kv_weight : tensor<2x16xf32>)
      outs(%v_rows_init : tensor<2x16x32xf32>) -> tensor<2x16x32xf32>
  %qh_0_init = tensor.empty() : tensor<2x4x8x8xf32>
  %qh_0 = linalg.fill ins(%zero : f32) outs(%qh_0_init : tensor<2x4x8x8xf32>) -> tensor<2x4x8x8xf32>
  %qh = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%q_rows, %wq : tensor<2x8x32xf32>, tensor<32x4x8xf32>) outs(%qh_0 : tensor<2x4x8x8xf32>)
      -> tensor<2x4x8x8xf32>
  %kh_0_init = tensor.empty() : tensor<2x4x16x8xf32>
  %kh_0 = linalg.fill ins(%zero : f32) outs(%kh_0_init : tensor<2x4x16x8xf32>) -> tensor<2x4x16x8xf32>
  %kh = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%kv_rows, %wk : tensor<2x16x32xf32>, tensor<32x4x8xf32>) outs(%kh_0 : tensor<2x4x16x8xf32>)
      -> tensor<2x4x16x8xf32>
  %vh_0_init = tensor.empty() : tensor<2x4x16x8xf32>
  %vh_0 = linalg.fill ins(%zero : f32) outs(%vh_0_init : tensor<2x4x16x8xf32>) -> tensor<2x4x16x8xf32>
  %vh = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%v_rows, %wv : tensor<2x16x32xf32>, tensor<32x4x8xf32>) outs(%vh_0 : tensor<2x4x16x8xf32>)
      -> tensor<2x4x16x8xf32>
  %o_init = tensor.empty() : tensor<2x4x8x8xf32>
  %o = colt5.attention ins(%qh, %kh, %vh : tensor<2x4x8x8xf32>, tensor<2x4x16x8xf32>, tensor<2x4x16x8xf32>)
      q_valid(%q_valid : tensor<2x8xi1>)
      kv_valid(%kv_valid : tensor<2x16xi1>)
      outs(%o_init : tensor<2x4x8x8xf32>) {scale = 0.35355339059327379} -> tensor<2x4x8x8xf32>
  %rows_0_init = tensor.empty() : tensor<2x8x32xf32>
  %rows_0 = linalg.fill ins(%zero : f32) outs(%rows_0_init : tensor<2x8x32xf32>) -> tensor<2x8x32xf32>
  %rows = linalg.contract indexing_maps = [#ux, #uw, #uo]
      ins(%o, %wo : tensor<2x4x8x8xf32>, tensor<4x8x32xf32>) outs(%rows_0 : tensor<2x8x32xf32>)
      -> tensor<2x8x32xf32>
  %base_init = tensor.empty() : tensor<2x64x32xf32>
  %base = linalg.fill ins(%zero : f32) outs(%base_init : tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
  %y = colt5.scatter_combine ins(%rows, %q_idx : tensor<2x8x32xf32>, tensor<2x8xi32>)
      valid(%q_valid : tensor<2x8xi1>)
      weight(%q_weight : tensor<2x8xf32>)
      outs(%base : tensor<2x64x32xf32>) {unique} -> tensor<2x64x32xf32>
  return %y : tensor<2x64x32xf32>
}
