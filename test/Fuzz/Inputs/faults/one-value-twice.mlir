// What cannot be computed in its slice after all starts from nothing, not from a copy of what is there.
// INPUT: random:seed=1
// INPUT: ones
// INPUT: zeros
// INPUT: ones
func.func @f(%v0: tensor<1x1x1xf16>, %v1: tensor<1x0x1xf16>, %v2: tensor<1x0xi32>, %v3: tensor<1x0xf32>) -> (tensor<1x2x1xf16>) {
  %v4 = colt5.scatter_combine ins(%v1, %v2 : tensor<1x0x1xf16>, tensor<1x0xi32>) weight(%v3 : tensor<1x0xf32>) outs(%v0 : tensor<1x1x1xf16>) -> tensor<1x1x1xf16>
  %v12 = tensor.concat dim(1) %v4, %v4 : (tensor<1x1x1xf16>, tensor<1x1x1xf16>) -> tensor<1x2x1xf16>
  return %v12 : tensor<1x2x1xf16>
}
