func.func @d32(%s: tensor<?x?x?xf32>, %m: tensor<?x?x?xi1>, %i: tensor<?x?x?xi32>, %v: tensor<?x?x?xi1>, %w: tensor<?x?x?xf32>) -> (tensor<?x?x?xi32>, tensor<?x?x?xi1>, tensor<?x?x?xf32>) {
  %r:3 = colt5.topk ins(%s : tensor<?x?x?xf32>) mask(%m : tensor<?x?x?xi1>) outs(%i, %v, %w : tensor<?x?x?xi32>, tensor<?x?x?xi1>, tensor<?x?x?xf32>) {order = score, tie = highest_index} -> (tensor<?x?x?xi32>, tensor<?x?x?xi1>, tensor<?x?x?xf32>)
  return %r#0, %r#1, %r#2 : tensor<?x?x?xi32>, tensor<?x?x?xi1>, tensor<?x?x?xf32>
}
func.func @d64(%s: tensor<?x?x?xf64>, %m: tensor<?x?x?xi1>, %i: tensor<?x?x?xi32>, %v: tensor<?x?x?xi1>, %w: tensor<?x?x?xf64>) -> (tensor<?x?x?xi32>, tensor<?x?x?xi1>, tensor<?x?x?xf64>) {
  %r:3 = colt5.topk ins(%s : tensor<?x?x?xf64>) mask(%m : tensor<?x?x?xi1>) outs(%i, %v, %w : tensor<?x?x?xi32>, tensor<?x?x?xi1>, tensor<?x?x?xf64>) {order = score, block = 512} -> (tensor<?x?x?xi32>, tensor<?x?x?xi1>, tensor<?x?x?xf64>)
  return %r#0, %r#1, %r#2 : tensor<?x?x?xi32>, tensor<?x?x?xi1>, tensor<?x?x?xf64>
}
func.func @b32(%s: tensor<1x1x4096xf32>, %m: tensor<1x4096xi1>, %i: tensor<1x1x256xi32>, %v: tensor<1x1x256xi1>) -> (tensor<1x1x256xi32>, tensor<1x1x256xi1>) {
  %r:2 = colt5.topk ins(%s : tensor<1x1x4096xf32>) mask(%m : tensor<1x4096xi1>) outs(%i, %v : tensor<1x1x256xi32>, tensor<1x1x256xi1>) -> (tensor<1x1x256xi32>, tensor<1x1x256xi1>)
  return %r#0, %r#1 : tensor<1x1x256xi32>, tensor<1x1x256xi1>
}
func.func @sd(%s: tensor<?x?x?xf32>, %k: tensor<?x?xf32>, %m: tensor<?x?xi1>, %w: tensor<?x?x?xf32>) -> tensor<?x?x?xf32> {
  %r = colt5.soft_topk ins(%s, %k : tensor<?x?x?xf32>, tensor<?x?xf32>) mask(%m : tensor<?x?xi1>) outs(%w : tensor<?x?x?xf32>) {eps_init = 4.0, eps_decay = 0.7, eps = 0.1} -> tensor<?x?x?xf32>
  return %r : tensor<?x?x?xf32>
}
func.func @sx(%s: tensor<?x?x?xf64>, %k: tensor<?x?xf64>, %m: tensor<?x?xi1>, %w: tensor<?x?x?xf64>) -> tensor<?x?x?xf64> {
  %r = colt5.soft_topk ins(%s, %k : tensor<?x?x?xf64>, tensor<?x?xf64>) mask(%m : tensor<?x?xi1>) outs(%w : tensor<?x?x?xf64>) {solver = exact, block = 4096} -> tensor<?x?x?xf64>
  return %r : tensor<?x?x?xf64>
}
func.func @s64(%s: tensor<2x1x8192xf64>, %k: f64, %m: tensor<2x8192xi1>, %w: tensor<2x1x8192xf64>) -> tensor<2x1x8192xf64> {
  %r = colt5.soft_topk ins(%s, %k : tensor<2x1x8192xf64>, f64) mask(%m : tensor<2x8192xi1>) outs(%w : tensor<2x1x8192xf64>) -> tensor<2x1x8192xf64>
  return %r : tensor<2x1x8192xf64>
}
func.func @s32(%s: tensor<2x1x4096xf32>, %k: f32, %m: tensor<2x4096xi1>, %w: tensor<2x1x4096xf32>) -> tensor<2x1x4096xf32> {
  %r = colt5.soft_topk ins(%s, %k : tensor<2x1x4096xf32>, f32) mask(%m : tensor<2x4096xi1>) outs(%w : tensor<2x1x4096xf32>) -> tensor<2x1x4096xf32>
  return %r : tensor<2x1x4096xf32>
}
