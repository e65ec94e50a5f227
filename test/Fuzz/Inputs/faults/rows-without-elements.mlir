// Rows without elements have a factor of 1 / sqrt(eps), scores of 0 and a log-sum-exp.
// INPUT: ones:shape=2x3x0
// INPUT: ones
// INPUT: ones:shape=1x1x2x0
func.func @f(%x: tensor<?x3x?xf32>, %o: tensor<2x3xf32>, %q: tensor<?x?x?x?xf32>) -> (tensor<2x3xf32>, tensor<?x?x?xf32>) {
  %s = colt5.rms_scale ins(%x : tensor<?x3x?xf32>) outs(%o : tensor<2x3xf32>) -> tensor<2x3xf32>
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %n = tensor.dim %q, %c2 : tensor<?x?x?x?xf32>
  %l = tensor.empty(%c1, %c1, %n) : tensor<?x?x?xf32>
  %r:2 = colt5.attention ins(%q, %q, %q : tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>) outs(%q, %l : tensor<?x?x?x?xf32>, tensor<?x?x?xf32>)
      {pattern = #colt5.block_local<4, 1, 1>} -> (tensor<?x?x?x?xf32>, tensor<?x?x?xf32>)
  return %s, %r#1 : tensor<2x3xf32>, tensor<?x?x?xf32>
}
