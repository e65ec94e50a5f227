// `ConditionalRoutedImageAttention`, channels first: light attention inside windows of 4 x 4 pixels, heavy attention
// between pixels routed over the whole image. (The public code routes inside each window, against its own README.)
#routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 50, init = neg, overflow = iterate>
#px = affine_map<(b, h, n, c, d) -> (b, n, d)>
#pw = affine_map<(b, h, n, c, d) -> (d, h, c)>
#po = affine_map<(b, h, n, c, d) -> (b, h, n, c)>
#ux = affine_map<(b, n, d, h, c) -> (b, h, n, c)>
#uw = affine_map<(b, n, d, h, c) -> (h, c, d)>
#uo = affine_map<(b, n, d, h, c) -> (b, n, d)>

func.func @attention(
    %image: tensor<2x32x16x16xf32>, %u_q: tensor<1x32xf32>, %u_kv: tensor<1x32xf32>, %lq: tensor<32x2x8xf32>,
    %lk: tensor<32x2x8xf32>, %lv: tensor<32x2x8xf32>, %lo: tensor<2x8x32xf32>, %hq: tensor<32x4x8xf32>,
    %hk: tensor<32x4x8xf32>, %hv: tensor<32x4x8xf32>, %ho: tensor<4x8x32xf32>)
    -> tensor<2x32x16x16xf32> {
  %zero = arith.constant 0.0 : f32
  // Pixels as tokens, windows as batch entries for the light branch.
  %hwc_init = tensor.empty() : tensor<2x16x16x32xf32>
  %hwc = linalg.transpose ins(%image : tensor<2x32x16x16xf32>) outs(%hwc_init
      : tensor<2x16x16x32xf32>) permutation = [0, 2, 3, 1]
  %split = tensor.expand_shape %hwc [[0], [1, 2], [3, 4], [5]] output_shape [2, 4, 4, 4, 4, 32]
      : tensor<2x16x16x32xf32> into tensor<2x4x4x4x4x32xf32>
  %win_init = tensor.empty() : tensor<2x4x4x4x4x32xf32>
  %win = linalg.transpose ins(%split : tensor<2x4x4x4x4x32xf32>) outs(%win_init : tensor<2x4x4x4x4x32xf32>)
      permutation = [0, 1, 3, 2, 4, 5]
  %windows = tensor.collapse_shape %win [[0, 1, 2], [3, 4], [5]]
      : tensor<2x4x4x4x4x32xf32> into tensor<32x16x32xf32>
  %l_q_0_init = tensor.empty() : tensor<32x2x16x8xf32>
  %l_q_0 = linalg.fill ins(%zero : f32) outs(%l_q_0_init : tensor<32x2x16x8xf32>) -> tensor<32x2x16x8xf32>
  %l_q = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%windows, %lq : tensor<32x16x32xf32>, tensor<32x2x8xf32>) outs(%l_q_0 : tensor<32x2x16x8xf32>)
      -> tensor<32x2x16x8xf32>
  %l_k_0_init = tensor.empty() : tensor<32x2x16x8xf32>
  %l_k_0 = linalg.fill ins(%zero : f32) outs(%l_k_0_init : tensor<32x2x16x8xf32>) -> tensor<32x2x16x8xf32>
  %l_k = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%windows, %lk : tensor<32x16x32xf32>, tensor<32x2x8xf32>) outs(%l_k_0 : tensor<32x2x16x8xf32>)
      -> tensor<32x2x16x8xf32>
  %l_v_0_init = tensor.empty() : tensor<32x2x16x8xf32>
  %l_v_0 = linalg.fill ins(%zero : f32) outs(%l_v_0_init : tensor<32x2x16x8xf32>) -> tensor<32x2x16x8xf32>
  %l_v = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%windows, %lv : tensor<32x16x32xf32>, tensor<32x2x8xf32>) outs(%l_v_0 : tensor<32x2x16x8xf32>)
      -> tensor<32x2x16x8xf32>
  %l_o_init = tensor.empty() : tensor<32x2x16x8xf32>
  %l_o = colt5.attention ins(%l_q, %l_k, %l_v
      : tensor<32x2x16x8xf32>, tensor<32x2x16x8xf32>, tensor<32x2x16x8xf32>)
      outs(%l_o_init : tensor<32x2x16x8xf32>) {scale = 0.35355339059327379} -> tensor<32x2x16x8xf32>
  %l_rows_0_init = tensor.empty() : tensor<32x16x32xf32>
  %l_rows_0 = linalg.fill ins(%zero : f32) outs(%l_rows_0_init : tensor<32x16x32xf32>) -> tensor<32x16x32xf32>
  %l_rows = linalg.contract indexing_maps = [#ux, #uw, #uo]
      ins(%l_o, %lo : tensor<32x2x16x8xf32>, tensor<2x8x32xf32>) outs(%l_rows_0 : tensor<32x16x32xf32>)
      -> tensor<32x16x32xf32>
  %l_win = tensor.expand_shape %l_rows [[0, 1, 2], [3, 4], [5]] output_shape [2, 4, 4, 4, 4, 32]
      : tensor<32x16x32xf32> into tensor<2x4x4x4x4x32xf32>
  %l_split_init = tensor.empty() : tensor<2x4x4x4x4x32xf32>
  %l_split = linalg.transpose ins(%l_win : tensor<2x4x4x4x4x32xf32>) outs(%l_split_init
      : tensor<2x4x4x4x4x32xf32>)
      permutation = [0, 1, 3, 2, 4, 5]
  %light = tensor.collapse_shape %l_split [[0], [1, 2, 3, 4], [5]]
      : tensor<2x4x4x4x4x32xf32> into tensor<2x256x32xf32>
  // Heavy attention over the image.
  %tokens = tensor.collapse_shape %hwc [[0], [1, 2], [3]] : tensor<2x16x16x32xf32> into tensor<2x256x32xf32>
  %y = colt5.conditional_attention %tokens routers(%u_q, %u_kv) base(%light) heavy(%hq, %hk, %hv, %ho)
      {queries = 16, keys = 32, routing = #routing, kv_scale = value, scale = 0.35355339059327379} :
      tensor<2x256x32xf32>, tensor<1x32xf32>, tensor<1x32xf32>, tensor<2x256x32xf32>, tensor<32x4x8xf32>,
      tensor<32x4x8xf32>, tensor<32x4x8xf32>, tensor<4x8x32xf32>
      -> tensor<2x256x32xf32>
  %y_hwc = tensor.expand_shape %y [[0], [1, 2], [3]] output_shape [2, 16, 16, 32]
      : tensor<2x256x32xf32> into tensor<2x16x16x32xf32>
  %out_init = tensor.empty() : tensor<2x32x16x16xf32>
  %out = linalg.transpose ins(%y_hwc : tensor<2x16x16x32xf32>) outs(%out_init
      : tensor<2x32x16x16xf32>) permutation = [0, 3, 1, 2]
  return %out : tensor<2x32x16x16xf32>
}
