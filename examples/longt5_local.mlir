// A LongT5 encoder layer with local attention (Guo et al. 2022, arXiv 2112.07916): every token attends to the 127
// tokens on each side, with T5's position buckets. No router.
#px = affine_map<(b, h, n, c, d) -> (b, n, d)>
#pw = affine_map<(b, h, n, c, d) -> (d, h, c)>
#po = affine_map<(b, h, n, c, d) -> (b, h, n, c)>
#ux = affine_map<(b, n, d, h, c) -> (b, h, n, c)>
#uw = affine_map<(b, n, d, h, c) -> (h, c, d)>
#uo = affine_map<(b, n, d, h, c) -> (b, n, d)>

func.func @layer(
    %x: tensor<1x512x64xf32>, %mask: tensor<1x512xi1>, %g1: tensor<64xf32>, %wq: tensor<64x4x16xf32>,
    %wk: tensor<64x4x16xf32>, %wv: tensor<64x4x16xf32>, %wo: tensor<4x16x64xf32>, %table: tensor<4x32xf32>,
    %g2: tensor<64xf32>, %f_in: tensor<64x128xf32>, %f_gate: tensor<64x128xf32>, %f_out: tensor<128x64xf32>)
    -> tensor<1x512x64xf32> {
  %zero = arith.constant 0.0 : f32
  %h_init = tensor.empty() : tensor<1x512x64xf32>
  %h = colt5.rms_norm ins(%x, %g1 : tensor<1x512x64xf32>, tensor<64xf32>) mask(%mask : tensor<1x512xi1>)
      outs(%h_init : tensor<1x512x64xf32>) -> tensor<1x512x64xf32>
  %q_0_init = tensor.empty() : tensor<1x4x512x16xf32>
  %q_0 = linalg.fill ins(%zero : f32) outs(%q_0_init : tensor<1x4x512x16xf32>) -> tensor<1x4x512x16xf32>
  %q = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%h, %wq : tensor<1x512x64xf32>, tensor<64x4x16xf32>) outs(%q_0 : tensor<1x4x512x16xf32>)
      -> tensor<1x4x512x16xf32>
  %k_0_init = tensor.empty() : tensor<1x4x512x16xf32>
  %k_0 = linalg.fill ins(%zero : f32) outs(%k_0_init : tensor<1x4x512x16xf32>) -> tensor<1x4x512x16xf32>
  %k = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%h, %wk : tensor<1x512x64xf32>, tensor<64x4x16xf32>) outs(%k_0 : tensor<1x4x512x16xf32>)
      -> tensor<1x4x512x16xf32>
  %v_0_init = tensor.empty() : tensor<1x4x512x16xf32>
  %v_0 = linalg.fill ins(%zero : f32) outs(%v_0_init : tensor<1x4x512x16xf32>) -> tensor<1x4x512x16xf32>
  %v = linalg.contract indexing_maps = [#px, #pw, #po]
      ins(%h, %wv : tensor<1x512x64xf32>, tensor<64x4x16xf32>) outs(%v_0 : tensor<1x4x512x16xf32>)
      -> tensor<1x4x512x16xf32>
  %o_init = tensor.empty() : tensor<1x4x512x16xf32>
  %o = colt5.attention ins(%q, %k, %v : tensor<1x4x512x16xf32>, tensor<1x4x512x16xf32>, tensor<1x4x512x16xf32>)
      q_valid(%mask : tensor<1x512xi1>)
      kv_valid(%mask : tensor<1x512xi1>)
      bias_table(%table : tensor<4x32xf32>)
      outs(%o_init : tensor<1x4x512x16xf32>)
      {pattern = #colt5.window<127, 127>, bias = #colt5.t5_buckets<32, 128, bidirectional>}
      -> tensor<1x4x512x16xf32>
  %a_0_init = tensor.empty() : tensor<1x512x64xf32>
  %a_0 = linalg.fill ins(%zero : f32) outs(%a_0_init : tensor<1x512x64xf32>) -> tensor<1x512x64xf32>
  %a = linalg.contract indexing_maps = [#ux, #uw, #uo]
      ins(%o, %wo : tensor<1x4x512x16xf32>, tensor<4x16x64xf32>) outs(%a_0 : tensor<1x512x64xf32>)
      -> tensor<1x512x64xf32>
  %y_init = tensor.empty() : tensor<1x512x64xf32>
  %y = linalg.add ins(%x, %a : tensor<1x512x64xf32>, tensor<1x512x64xf32>) outs(%y_init
      : tensor<1x512x64xf32>) -> tensor<1x512x64xf32>
  %k2_init = tensor.empty() : tensor<1x512x64xf32>
  %k2 = colt5.rms_norm ins(%y, %g2 : tensor<1x512x64xf32>, tensor<64xf32>) mask(%mask : tensor<1x512xi1>)
      outs(%k2_init : tensor<1x512x64xf32>) -> tensor<1x512x64xf32>
  %ff = colt5.ffn %k2 in(%f_in) gate(%f_gate) out(%f_out)
      {activation = gelu_tanh} :
      tensor<1x512x64xf32>, tensor<64x128xf32>, tensor<64x128xf32>, tensor<128x64xf32>
      -> tensor<1x512x64xf32>
  %z_init = tensor.empty() : tensor<1x512x64xf32>
  %z = linalg.add ins(%y, %ff : tensor<1x512x64xf32>, tensor<1x512x64xf32>) outs(%z_init
      : tensor<1x512x64xf32>) -> tensor<1x512x64xf32>
  return %z : tensor<1x512x64xf32>
}
