// Attention with a pattern of the dialect `strided`, which only a plugin knows.
!q = tensor<1x4x37x8xf32>
!k = tensor<1x2x37x8xf32>
func.func @every(%q: !q, %k: !k, %v: !k, %valid: tensor<1x37xi1>) -> !q {
  %e = tensor.empty() : !q
  %r = colt5.attention ins(%q, %k, %v : !q, !k, !k) kv_valid(%valid : tensor<1x37xi1>) outs(%e : !q)
      {scale = 0.5, pattern = #strided.every<3>} -> !q
  return %r : !q
}
func.func @every_one(%q: !q, %k: !k, %v: !k, %valid: tensor<1x37xi1>) -> !q {
  %e = tensor.empty() : !q
  %r = colt5.attention ins(%q, %k, %v : !q, !k, !k) kv_valid(%valid : tensor<1x37xi1>) outs(%e : !q)
      {scale = 0.5, pattern = #strided.every<1>} -> !q
  return %r : !q
}
func.func @causal(%q: !q, %k: !k, %v: !k, %valid: tensor<1x37xi1>) -> !q {
  %e = tensor.empty() : !q
  %r = colt5.attention ins(%q, %k, %v : !q, !k, !k) kv_valid(%valid : tensor<1x37xi1>) outs(%e : !q)
      {scale = 0.5, pattern = #colt5.causal} -> !q
  return %r : !q
}
// Two of them at once, in the light branch of a composite, whose heavy branch sees routed positions.
func.func @layer(%x: tensor<1x37x8xf32>, %u: tensor<1x8xf32>, %p: tensor<8x2x4xf32>, %o: tensor<2x4x8xf32>) -> tensor<1x37x8xf32> {
  %r = colt5.conditional_attention %x routers(%u, %u) light(%p, %p, %p, %o) heavy(%p, %p, %p, %o)
      {queries = 5, keys = 9, light_pattern = #colt5.all<[#strided.every<2>, #colt5.window<11, 0>]>}
      : tensor<1x37x8xf32>, tensor<1x8xf32>, tensor<1x8xf32>, tensor<8x2x4xf32>, tensor<8x2x4xf32>, tensor<8x2x4xf32>, tensor<2x4x8xf32>,
        tensor<8x2x4xf32>, tensor<8x2x4xf32>, tensor<8x2x4xf32>, tensor<2x4x8xf32> -> tensor<1x37x8xf32>
  return %r : tensor<1x37x8xf32>
}
