// Rows of one element in a tensor with other dimensions of size 1: vectors are loaded along the last dimension.
// INPUT: random:seed=1
func.func @f(%x: tensor<1x2x1xf32>) -> (tensor<1x2x1xf32>, tensor<1x2xi32>) {
  %e0 = tensor.empty() : tensor<1x2x1xf32>
  %e1 = tensor.empty() : tensor<1x2xi1>
  %e2 = tensor.empty() : tensor<1x2xi32>
  %s, %valid, %block = colt5.block_summary ins(%x : tensor<1x2x1xf32>)
      outs(%e0, %e1, %e2 : tensor<1x2x1xf32>, tensor<1x2xi1>, tensor<1x2xi32>) {size = 1, reduce = sum}
      -> (tensor<1x2x1xf32>, tensor<1x2xi1>, tensor<1x2xi32>)
  return %s, %block : tensor<1x2x1xf32>, tensor<1x2xi32>
}
