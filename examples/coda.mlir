// A CoDA layer (Lei et al. 2023, arXiv 2304.04947): every token gets a small adapter, the K tokens that the soft top-k
// with epsilon scaling selects also run the frozen heavy layer. Heavy attention goes from the routed tokens to all.
#px = affine_map<(b, h, n, c, d) -> (b, n, d)>
#pw = affine_map<(b, h, n, c, d) -> (d, h, c)>
#po = affine_map<(b, h, n, c, d) -> (b, h, n, c)>
#ux = affine_map<(b, n, d, h, c) -> (b, h, n, c)>
#uw = affine_map<(b, n, d, h, c) -> (h, c, d)>
#uo = affine_map<(b, n, d, h, c) -> (b, n, d)>

func.func @layer(
    %x: tensor<1x256x64xf32>, %mask: tensor<1x256xi1>, %u: tensor<1x64xf32>, %ad_in: tensor<64x16xf32>,
    %ad_out: tensor<16x64xf32>, %g1: tensor<64xf32>, %wq: tensor<64x4x16xf32>, %wk: tensor<64x4x16xf32>,
    %wv: tensor<64x4x16xf32>, %wo: tensor<4x16x64xf32>, %g2: tensor<64xf32>, %f_in: tensor<64x128xf32>,
    %f_gate: tensor<64x128xf32>, %f_out: tensor<128x64xf32>)
    -> tensor<1x256x64xf32> {
  %zero = arith.constant 0.0 : f32
  %ad = colt5.ffn %x in(%ad_in) out(%ad_out)
      {activation = relu} :
      tensor<1x256x64xf32>, tensor<64x16xf32>, tensor<16x64xf32>
      -> tensor<1x256x64xf32>
  %base_init = tensor.empty() : tensor<1x256x64xf32>
  %base = linalg.add ins(%x, %ad : tensor<1x256x64xf32>, tensor<1x256x64xf32>) outs(%base_init
      : tensor<1x256x64xf32>) -> tensor<1x256x64xf32>
  %h_init = tensor.empty() : tensor<1x256x64xf32>
  %h = colt5.rms_norm ins(%x, %g1 : tensor<1x256x64xf32>, tensor<64xf32>) mask(%mask : tensor<1x256xi1>)
      outs(%h_init : tensor<1x256x64xf32>) -> tensor<1x256x64xf32>
  %r_s_init = tensor.empty() : tensor<1x1x256xf32>
  %r_s = colt5.router_scores ins(%h, %u : tensor<1x256x64xf32>, tensor<1x64xf32>)
      mask(%mask : tensor<1x256xi1>)
      outs(%r_s_init : tensor<1x1x256xf32>) -> tensor<1x1x256xf32>
  %r_i_init = tensor.empty() : tensor<1x1x32xi32>
  %r_ok_init = tensor.empty() : tensor<1x1x32xi1>
  %r_i, %r_ok = colt5.topk ins(%r_s : tensor<1x1x256xf32>)
      mask(%mask : tensor<1x256xi1>)
      outs(%r_i_init, %r_ok_init : tensor<1x1x32xi32>, tensor<1x1x32xi1>)
      -> (tensor<1x1x32xi32>, tensor<1x1x32xi1>)
  %r_k = arith.constant 32.0 : f32
  %r_all_init = tensor.empty() : tensor<1x1x256xf32>
  %r_all = colt5.soft_topk ins(%r_s, %r_k : tensor<1x1x256xf32>, f32)
      mask(%mask : tensor<1x256xi1>)
      outs(%r_all_init : tensor<1x1x256xf32>) {eps = 0.03, eps_init = 4.0, eps_decay = 0.7, iterations = 20}
      -> tensor<1x1x256xf32>
  %r_w_init = tensor.empty() : tensor<1x1x32xf32>
  %r_w = colt5.gather ins(%r_all, %r_i : tensor<1x1x256xf32>, tensor<1x1x32xi32>)
      valid(%r_ok : tensor<1x1x32xi1>)
      outs(%r_w_init : tensor<1x1x32xf32>) {batch_dims = 2} -> tensor<1x1x32xf32>
  %r_idx = tensor.collapse_shape %r_i [[0, 1], [2]] : tensor<1x1x32xi32> into tensor<1x32xi32>
  %r_valid = tensor.collapse_shape %r_ok [[0, 1], [2]] : tensor<1x1x32xi1> into tensor<1x32xi1>
  %r_weight = tensor.collapse_shape %r_w [[0, 1], [2]] : tensor<1x1x32xf32> into tensor<1x32xf32>
  %k_0_init = tensor.empty() : tensor<1x4x256x16xf32>
  %k_0 = linalg.fill ins(%zero : f32) outs(%k_0_init : tensor<1x4x256x16xf32>) -> tensor<1x4x256x16xf32>
  %k = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%h, %wk : tensor<1x256x64xf32>, tensor<64x4x16xf32>) outs(%k_0 : tensor<1x4x256x16xf32>)
      -> tensor<1x4x256x16xf32>
  %v_0_init = tensor.empty() : tensor<1x4x256x16xf32>
  %v_0 = linalg.fill ins(%zero : f32) outs(%v_0_init : tensor<1x4x256x16xf32>) -> tensor<1x4x256x16xf32>
  %v = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%h, %wv : tensor<1x256x64xf32>, tensor<64x4x16xf32>) outs(%v_0 : tensor<1x4x256x16xf32>)
      -> tensor<1x4x256x16xf32>
  %y = colt5.conditional %x base(%base) routed(%r_idx, %r_weight, %r_valid) {unique, sorted} :
      tensor<1x256x64xf32>, tensor<1x256x64xf32>, tensor<1x32xi32>, tensor<1x32xf32>, tensor<1x32xi1>
      -> tensor<1x256x64xf32> {
  ^bb0(%t: tensor<1x32x64xf32>):
    %ht_init = tensor.empty() : tensor<1x32x64xf32>
    %ht = colt5.rms_norm ins(%t, %g1 : tensor<1x32x64xf32>, tensor<64xf32>) outs(%ht_init
        : tensor<1x32x64xf32>) -> tensor<1x32x64xf32>
    %q_0_init = tensor.empty() : tensor<1x4x32x16xf32>
    %q_0 = linalg.fill ins(%zero : f32) outs(%q_0_init : tensor<1x4x32x16xf32>) -> tensor<1x4x32x16xf32>
    %q = linalg.contract indexing_maps = [#px, #pw, #po]
        ins(%ht, %wq : tensor<1x32x64xf32>, tensor<64x4x16xf32>) outs(%q_0 : tensor<1x4x32x16xf32>)
        -> tensor<1x4x32x16xf32>
    %o_init = tensor.empty() : tensor<1x4x32x16xf32>
    %o = colt5.attention ins(%q, %k, %v : tensor<1x4x32x16xf32>, tensor<1x4x256x16xf32>, tensor<1x4x256x16xf32>)
        q_valid(%r_valid : tensor<1x32xi1>)
        kv_valid(%mask : tensor<1x256xi1>)
        q_pos(%r_idx : tensor<1x32xi32>)
        outs(%o_init : tensor<1x4x32x16xf32>) {scale = 0.25} -> tensor<1x4x32x16xf32>
    %a_0_init = tensor.empty() : tensor<1x32x64xf32>
    %a_0 = linalg.fill ins(%zero : f32) outs(%a_0_init : tensor<1x32x64xf32>) -> tensor<1x32x64xf32>
    %a = linalg.contract indexing_maps = [#ux, #uw, #uo]
        ins(%o, %wo : tensor<1x4x32x16xf32>, tensor<4x16x64xf32>) outs(%a_0 : tensor<1x32x64xf32>)
        -> tensor<1x32x64xf32>
    %t1_init = tensor.empty() : tensor<1x32x64xf32>
    %t1 = linalg.add ins(%t, %a : tensor<1x32x64xf32>, tensor<1x32x64xf32>) outs(%t1_init
        : tensor<1x32x64xf32>) -> tensor<1x32x64xf32>
    %h2_init = tensor.empty() : tensor<1x32x64xf32>
    %h2 = colt5.rms_norm ins(%t1, %g2 : tensor<1x32x64xf32>, tensor<64xf32>) outs(%h2_init
        : tensor<1x32x64xf32>) -> tensor<1x32x64xf32>
    %ff = colt5.ffn %h2 in(%f_in) gate(%f_gate) out(%f_out)
        {activation = gelu_tanh} :
        tensor<1x32x64xf32>, tensor<64x128xf32>, tensor<64x128xf32>, tensor<128x64xf32>
        -> tensor<1x32x64xf32>
    %inc_init = tensor.empty() : tensor<1x32x64xf32>
    %inc = linalg.add ins(%a, %ff : tensor<1x32x64xf32>, tensor<1x32x64xf32>) outs(%inc_init
        : tensor<1x32x64xf32>) -> tensor<1x32x64xf32>
    colt5.yield %inc : tensor<1x32x64xf32>
  }
  return %y : tensor<1x256x64xf32>
}
