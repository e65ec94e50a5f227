// An expert-choice mixture of experts (Zhou et al. 2022, arXiv 2202.09368): scores are a softmax over the experts, each
// of the R experts takes the K tokens that score highest for it, so a token may have several experts or none. Routes
// are experts: the region sees BxRxKxD and the weights have a leading R.
#scores = affine_map<(b, n, r) -> (b, r, n)>
#token = affine_map<(b, n, r) -> (b, n)>
#tx = affine_map<(b, r, k, e, d) -> (b, r, k, d)>
#tw = affine_map<(b, r, k, e, d) -> (r, d, e)>
#to = affine_map<(b, r, k, e, d) -> (b, r, k, e)>

func.func @layer(
    %x: tensor<1x256x64xf32>, %u: tensor<4x64xf32>, %w_in: tensor<4x64x128xf32>, %w_out: tensor<4x128x64xf32>)
    -> tensor<1x256x64xf32> {
  %zero = arith.constant 0.0 : f32
  %s_init = tensor.empty() : tensor<1x4x256xf32>
  %s = colt5.router_scores ins(%x, %u : tensor<1x256x64xf32>, tensor<4x64xf32>)
      outs(%s_init : tensor<1x4x256xf32>) -> tensor<1x4x256xf32>
  // Softmax over the experts of each token.
  %low = arith.constant 0xFF800000 : f32
  %max_init = tensor.empty() : tensor<1x256xf32>
  %max_low = linalg.fill ins(%low : f32) outs(%max_init : tensor<1x256xf32>) -> tensor<1x256xf32>
  %max = linalg.generic {indexing_maps = [#scores, #token],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%s : tensor<1x4x256xf32>) outs(%max_low : tensor<1x256xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %m = arith.maximumf %v, %acc : f32
    linalg.yield %m : f32
  } -> tensor<1x256xf32>
  %sum_init = tensor.empty() : tensor<1x256xf32>
  %sum_0 = linalg.fill ins(%zero : f32) outs(%sum_init : tensor<1x256xf32>) -> tensor<1x256xf32>
  %sum = linalg.generic {indexing_maps = [#scores, #token, #token],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%s, %max : tensor<1x4x256xf32>, tensor<1x256xf32>) outs(%sum_0 : tensor<1x256xf32>) {
  ^bb0(%v: f32, %m: f32, %acc: f32):
    %c = arith.subf %v, %m : f32
    %e = math.exp %c : f32
    %t = arith.addf %acc, %e : f32
    linalg.yield %t : f32
  } -> tensor<1x256xf32>
  %p_init = tensor.empty() : tensor<1x4x256xf32>
  %p = linalg.generic {indexing_maps = [#scores, #token, #token, #scores],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%s, %max, %sum : tensor<1x4x256xf32>, tensor<1x256xf32>, tensor<1x256xf32>) outs(%p_init
      : tensor<1x4x256xf32>) {
  ^bb0(%v: f32, %m: f32, %t: f32, %old: f32):
    %c = arith.subf %v, %m : f32
    %e = math.exp %c : f32
    %w = arith.divf %e, %t : f32
    linalg.yield %w : f32
  } -> tensor<1x4x256xf32>
  %idx_init = tensor.empty() : tensor<1x4x64xi32>
  %ok_init = tensor.empty() : tensor<1x4x64xi1>
  %weight_init = tensor.empty() : tensor<1x4x64xf32>
  %idx, %ok, %weight = colt5.topk ins(%p : tensor<1x4x256xf32>)
      outs(%idx_init, %ok_init, %weight_init : tensor<1x4x64xi32>, tensor<1x4x64xi1>, tensor<1x4x64xf32>)
      {order = index}
      -> (tensor<1x4x64xi32>, tensor<1x4x64xi1>, tensor<1x4x64xf32>)
  %y = colt5.conditional %x base(%x) routed(%idx, %weight, %ok) {unique, sorted} :
      tensor<1x256x64xf32>, tensor<1x256x64xf32>, tensor<1x4x64xi32>, tensor<1x4x64xf32>, tensor<1x4x64xi1>
      -> tensor<1x256x64xf32> {
  ^bb0(%t: tensor<1x4x64x64xf32>):
    %h_0_init = tensor.empty() : tensor<1x4x64x128xf32>
    %h_0 = linalg.fill ins(%zero : f32) outs(%h_0_init : tensor<1x4x64x128xf32>) -> tensor<1x4x64x128xf32>
    %h = linalg.contract indexing_maps = [#tx, #tw, #to]
        ins(%t, %w_in : tensor<1x4x64x64xf32>, tensor<4x64x128xf32>) outs(%h_0 : tensor<1x4x64x128xf32>)
        -> tensor<1x4x64x128xf32>
    %act_init = tensor.empty() : tensor<1x4x64x128xf32>
    %act = linalg.max ins(%h, %h_0 : tensor<1x4x64x128xf32>, tensor<1x4x64x128xf32>) outs(%act_init
        : tensor<1x4x64x128xf32>) -> tensor<1x4x64x128xf32>
    %o_0_init = tensor.empty() : tensor<1x4x64x64xf32>
    %o_0 = linalg.fill ins(%zero : f32) outs(%o_0_init : tensor<1x4x64x64xf32>) -> tensor<1x4x64x64xf32>
    %o = linalg.contract indexing_maps = [#tx, #tw, #to]
        ins(%act, %w_out : tensor<1x4x64x128xf32>, tensor<4x128x64xf32>) outs(%o_0 : tensor<1x4x64x64xf32>)
        -> tensor<1x4x64x64xf32>
    colt5.yield %o : tensor<1x4x64x64xf32>
  }
  return %y : tensor<1x256x64xf32>
}
