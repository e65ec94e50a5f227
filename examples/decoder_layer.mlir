// A CoLT5 decoder layer: causal self-attention with T5's causal buckets, multi-query cross-attention over all encoder
// outputs (one key-value head, no position bias; Shazeer 2019, arXiv 1911.02150), gated feed-forward.
#px = affine_map<(b, h, n, c, d) -> (b, n, d)>
#pw = affine_map<(b, h, n, c, d) -> (d, h, c)>
#po = affine_map<(b, h, n, c, d) -> (b, h, n, c)>
#ux = affine_map<(b, n, d, h, c) -> (b, h, n, c)>
#uw = affine_map<(b, n, d, h, c) -> (h, c, d)>
#uo = affine_map<(b, n, d, h, c) -> (b, n, d)>

func.func @layer(
    %x: tensor<1x64x64xf32>, %memory: tensor<1x256x64xf32>, %memory_mask: tensor<1x256xi1>, %g1: tensor<64xf32>,
    %wq: tensor<64x4x16xf32>, %wk: tensor<64x4x16xf32>, %wv: tensor<64x4x16xf32>, %wo: tensor<4x16x64xf32>,
    %table: tensor<4x32xf32>, %g2: tensor<64xf32>, %cq: tensor<64x4x16xf32>, %ck: tensor<64x1x16xf32>,
    %cv: tensor<64x1x16xf32>, %co: tensor<4x16x64xf32>, %g3: tensor<64xf32>, %f_in: tensor<64x128xf32>,
    %f_gate: tensor<64x128xf32>, %f_out: tensor<128x64xf32>)
    -> tensor<1x64x64xf32> {
  %zero = arith.constant 0.0 : f32
  %h1_init = tensor.empty() : tensor<1x64x64xf32>
  %h1 = colt5.rms_norm ins(%x, %g1 : tensor<1x64x64xf32>, tensor<64xf32>) outs(%h1_init
      : tensor<1x64x64xf32>) -> tensor<1x64x64xf32>
  %q_0_init = tensor.empty() : tensor<1x4x64x16xf32>
  %q_0 = linalg.fill ins(%zero : f32) outs(%q_0_init : tensor<1x4x64x16xf32>) -> tensor<1x4x64x16xf32>
  %q = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%h1, %wq : tensor<1x64x64xf32>, tensor<64x4x16xf32>) outs(%q_0 : tensor<1x4x64x16xf32>)
      -> tensor<1x4x64x16xf32>
  %k_0_init = tensor.empty() : tensor<1x4x64x16xf32>
  %k_0 = linalg.fill ins(%zero : f32) outs(%k_0_init : tensor<1x4x64x16xf32>) -> tensor<1x4x64x16xf32>
  %k = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%h1, %wk : tensor<1x64x64xf32>, tensor<64x4x16xf32>) outs(%k_0 : tensor<1x4x64x16xf32>)
      -> tensor<1x4x64x16xf32>
  %v_0_init = tensor.empty() : tensor<1x4x64x16xf32>
  %v_0 = linalg.fill ins(%zero : f32) outs(%v_0_init : tensor<1x4x64x16xf32>) -> tensor<1x4x64x16xf32>
  %v = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%h1, %wv : tensor<1x64x64xf32>, tensor<64x4x16xf32>) outs(%v_0 : tensor<1x4x64x16xf32>)
      -> tensor<1x4x64x16xf32>
  %o1_init = tensor.empty() : tensor<1x4x64x16xf32>
  %o1 = colt5.attention ins(%q, %k, %v : tensor<1x4x64x16xf32>, tensor<1x4x64x16xf32>, tensor<1x4x64x16xf32>)
      bias_table(%table : tensor<4x32xf32>)
      outs(%o1_init : tensor<1x4x64x16xf32>) {pattern = #colt5.causal, bias = #colt5.t5_buckets<32, 128, causal>}
      -> tensor<1x4x64x16xf32>
  %a1_0_init = tensor.empty() : tensor<1x64x64xf32>
  %a1_0 = linalg.fill ins(%zero : f32) outs(%a1_0_init : tensor<1x64x64xf32>) -> tensor<1x64x64xf32>
  %a1 = linalg.contract indexing_maps = [#ux, #uw, #uo]
      ins(%o1, %wo : tensor<1x4x64x16xf32>, tensor<4x16x64xf32>) outs(%a1_0 : tensor<1x64x64xf32>)
      -> tensor<1x64x64xf32>
  %y1_init = tensor.empty() : tensor<1x64x64xf32>
  %y1 = linalg.add ins(%x, %a1 : tensor<1x64x64xf32>, tensor<1x64x64xf32>) outs(%y1_init
      : tensor<1x64x64xf32>) -> tensor<1x64x64xf32>
  %h2_init = tensor.empty() : tensor<1x64x64xf32>
  %h2 = colt5.rms_norm ins(%y1, %g2 : tensor<1x64x64xf32>, tensor<64xf32>) outs(%h2_init
      : tensor<1x64x64xf32>) -> tensor<1x64x64xf32>
  %xq_0_init = tensor.empty() : tensor<1x4x64x16xf32>
  %xq_0 = linalg.fill ins(%zero : f32) outs(%xq_0_init : tensor<1x4x64x16xf32>) -> tensor<1x4x64x16xf32>
  %xq = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%h2, %cq : tensor<1x64x64xf32>, tensor<64x4x16xf32>) outs(%xq_0 : tensor<1x4x64x16xf32>)
      -> tensor<1x4x64x16xf32>
  %xk_0_init = tensor.empty() : tensor<1x1x256x16xf32>
  %xk_0 = linalg.fill ins(%zero : f32) outs(%xk_0_init : tensor<1x1x256x16xf32>) -> tensor<1x1x256x16xf32>
  %xk = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%memory, %ck : tensor<1x256x64xf32>, tensor<64x1x16xf32>) outs(%xk_0 : tensor<1x1x256x16xf32>)
      -> tensor<1x1x256x16xf32>
  %xv_0_init = tensor.empty() : tensor<1x1x256x16xf32>
  %xv_0 = linalg.fill ins(%zero : f32) outs(%xv_0_init : tensor<1x1x256x16xf32>) -> tensor<1x1x256x16xf32>
  %xv = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%memory, %cv : tensor<1x256x64xf32>, tensor<64x1x16xf32>) outs(%xv_0 : tensor<1x1x256x16xf32>)
      -> tensor<1x1x256x16xf32>
  %o2_init = tensor.empty() : tensor<1x4x64x16xf32>
  %o2 = colt5.attention ins(%xq, %xk, %xv : tensor<1x4x64x16xf32>, tensor<1x1x256x16xf32>, tensor<1x1x256x16xf32>)
      kv_valid(%memory_mask : tensor<1x256xi1>)
      outs(%o2_init : tensor<1x4x64x16xf32>) -> tensor<1x4x64x16xf32>
  %a2_0_init = tensor.empty() : tensor<1x64x64xf32>
  %a2_0 = linalg.fill ins(%zero : f32) outs(%a2_0_init : tensor<1x64x64xf32>) -> tensor<1x64x64xf32>
  %a2 = linalg.contract indexing_maps = [#ux, #uw, #uo]
      ins(%o2, %co : tensor<1x4x64x16xf32>, tensor<4x16x64xf32>) outs(%a2_0 : tensor<1x64x64xf32>)
      -> tensor<1x64x64xf32>
  %y2_init = tensor.empty() : tensor<1x64x64xf32>
  %y2 = linalg.add ins(%y1, %a2 : tensor<1x64x64xf32>, tensor<1x64x64xf32>) outs(%y2_init
      : tensor<1x64x64xf32>) -> tensor<1x64x64xf32>
  %h3_init = tensor.empty() : tensor<1x64x64xf32>
  %h3 = colt5.rms_norm ins(%y2, %g3 : tensor<1x64x64xf32>, tensor<64xf32>) outs(%h3_init
      : tensor<1x64x64xf32>) -> tensor<1x64x64xf32>
  %ff = colt5.ffn %h3 in(%f_in) gate(%f_gate) out(%f_out)
      {activation = gelu_tanh} :
      tensor<1x64x64xf32>, tensor<64x128xf32>, tensor<64x128xf32>, tensor<128x64xf32>
      -> tensor<1x64x64xf32>
  %y3_init = tensor.empty() : tensor<1x64x64xf32>
  %y3 = linalg.add ins(%y2, %ff : tensor<1x64x64xf32>, tensor<1x64x64xf32>) outs(%y3_init
      : tensor<1x64x64xf32>) -> tensor<1x64x64xf32>
  return %y3 : tensor<1x64x64xf32>
}
