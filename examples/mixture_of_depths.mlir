// A Mixture-of-Depths block (Raposo et al. 2024, arXiv 2404.02258): a whole transformer block runs on the K tokens with
// the highest router scores, all others pass by. Routed tokens attend among themselves, causally by their original
// positions; the raw score weighs the block's increment.
#px = affine_map<(b, h, n, c, d) -> (b, n, d)>
#pw = affine_map<(b, h, n, c, d) -> (d, h, c)>
#po = affine_map<(b, h, n, c, d) -> (b, h, n, c)>
#ux = affine_map<(b, n, d, h, c) -> (b, h, n, c)>
#uw = affine_map<(b, n, d, h, c) -> (h, c, d)>
#uo = affine_map<(b, n, d, h, c) -> (b, n, d)>

func.func @block(
    %x: tensor<1x256x64xf32>, %u: tensor<1x64xf32>, %g1: tensor<64xf32>, %wq: tensor<64x4x16xf32>,
    %wk: tensor<64x4x16xf32>, %wv: tensor<64x4x16xf32>, %wo: tensor<4x16x64xf32>, %g2: tensor<64xf32>,
    %f_in: tensor<64x128xf32>, %f_gate: tensor<64x128xf32>, %f_out: tensor<128x64xf32>)
    -> tensor<1x256x64xf32> {
  %zero = arith.constant 0.0 : f32
  %s_init = tensor.empty() : tensor<1x1x256xf32>
  %s = colt5.router_scores ins(%x, %u : tensor<1x256x64xf32>, tensor<1x64xf32>)
      outs(%s_init : tensor<1x1x256xf32>) -> tensor<1x1x256xf32>
  %i_init = tensor.empty() : tensor<1x1x32xi32>
  %ok_init = tensor.empty() : tensor<1x1x32xi1>
  %v0_init = tensor.empty() : tensor<1x1x32xf32>
  %i, %ok, %v0 = colt5.topk ins(%s : tensor<1x1x256xf32>)
      outs(%i_init, %ok_init, %v0_init : tensor<1x1x32xi32>, tensor<1x1x32xi1>, tensor<1x1x32xf32>)
      {order = index}
      -> (tensor<1x1x32xi32>, tensor<1x1x32xi1>, tensor<1x1x32xf32>)
  %idx = tensor.collapse_shape %i [[0, 1], [2]] : tensor<1x1x32xi32> into tensor<1x32xi32>
  %valid = tensor.collapse_shape %ok [[0, 1], [2]] : tensor<1x1x32xi1> into tensor<1x32xi1>
  %weight = tensor.collapse_shape %v0 [[0, 1], [2]] : tensor<1x1x32xf32> into tensor<1x32xf32>
  %y = colt5.conditional %x base(%x) routed(%idx, %weight, %valid) {unique, sorted} :
      tensor<1x256x64xf32>, tensor<1x256x64xf32>, tensor<1x32xi32>, tensor<1x32xf32>, tensor<1x32xi1>
      -> tensor<1x256x64xf32> {
  ^bb0(%t: tensor<1x32x64xf32>):
    %h_init = tensor.empty() : tensor<1x32x64xf32>
    %h = colt5.rms_norm ins(%t, %g1 : tensor<1x32x64xf32>, tensor<64xf32>) outs(%h_init
        : tensor<1x32x64xf32>) -> tensor<1x32x64xf32>
    %q_0_init = tensor.empty() : tensor<1x4x32x16xf32>
    %q_0 = linalg.fill ins(%zero : f32) outs(%q_0_init : tensor<1x4x32x16xf32>) -> tensor<1x4x32x16xf32>
    %q = linalg.contract indexing_maps = [#px, #pw, #po]
        ins(%h, %wq : tensor<1x32x64xf32>, tensor<64x4x16xf32>) outs(%q_0 : tensor<1x4x32x16xf32>)
        -> tensor<1x4x32x16xf32>
    %k_0_init = tensor.empty() : tensor<1x4x32x16xf32>
    %k_0 = linalg.fill ins(%zero : f32) outs(%k_0_init : tensor<1x4x32x16xf32>) -> tensor<1x4x32x16xf32>
    %k = linalg.contract indexing_maps = [#px, #pw, #po]
        ins(%h, %wk : tensor<1x32x64xf32>, tensor<64x4x16xf32>) outs(%k_0 : tensor<1x4x32x16xf32>)
        -> tensor<1x4x32x16xf32>
    %v_0_init = tensor.empty() : tensor<1x4x32x16xf32>
    %v_0 = linalg.fill ins(%zero : f32) outs(%v_0_init : tensor<1x4x32x16xf32>) -> tensor<1x4x32x16xf32>
    %v = linalg.contract indexing_maps = [#px, #pw, #po]
        ins(%h, %wv : tensor<1x32x64xf32>, tensor<64x4x16xf32>) outs(%v_0 : tensor<1x4x32x16xf32>)
        -> tensor<1x4x32x16xf32>
    %o_init = tensor.empty() : tensor<1x4x32x16xf32>
    %o = colt5.attention ins(%q, %k, %v : tensor<1x4x32x16xf32>, tensor<1x4x32x16xf32>, tensor<1x4x32x16xf32>)
        kv_valid(%valid : tensor<1x32xi1>)
        q_pos(%idx : tensor<1x32xi32>)
        kv_pos(%idx : tensor<1x32xi32>)
        outs(%o_init : tensor<1x4x32x16xf32>) {pattern = #colt5.causal, scale = 0.25} -> tensor<1x4x32x16xf32>
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
        {activation = silu} :
        tensor<1x32x64xf32>, tensor<64x128xf32>, tensor<64x128xf32>, tensor<128x64xf32>
        -> tensor<1x32x64xf32>
    // The increment of attention and feed-forward; the residual is the base.
    %inc_init = tensor.empty() : tensor<1x32x64xf32>
    %inc = linalg.add ins(%a, %ff : tensor<1x32x64xf32>, tensor<1x32x64xf32>) outs(%inc_init
        : tensor<1x32x64xf32>) -> tensor<1x32x64xf32>
    colt5.yield %inc : tensor<1x32x64xf32>
  }
  return %y : tensor<1x256x64xf32>
}
