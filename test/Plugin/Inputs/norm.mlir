func.func @norm(%x: tensor<1x16x8xf32>, %g: tensor<8xf32>) -> tensor<1x16x8xf32> {
  %init = tensor.empty() : tensor<1x16x8xf32>
  %h = colt5.rms_norm ins(%x, %g : tensor<1x16x8xf32>, tensor<8xf32>) outs(%init : tensor<1x16x8xf32>)
      -> tensor<1x16x8xf32>
  return %h : tensor<1x16x8xf32>
}
