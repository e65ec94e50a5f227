// A list of keys is checked although no query may read it.
// INPUT: ones
// INPUT: ones
// INPUT: ones
// INPUT: zeros
// INPUT: iota
func.func @f(%q: tensor<1x1x1x1xf32>, %k: tensor<1x1x1x1xf32>, %v: tensor<1x1x1x1xf32>, %m: tensor<1x1xi1>, %i: tensor<1x1x1x2xi32>) -> tensor<1x1x1x1xf32> {
  %r = colt5.attention ins(%q, %k, %v : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) q_valid(%m : tensor<1x1xi1>)
      kv_idx(%i : tensor<1x1x1x2xi32>) outs(%q : tensor<1x1x1x1xf32>) {pattern = #colt5.dense} -> tensor<1x1x1x1xf32>
  return %r : tensor<1x1x1x1xf32>
}
