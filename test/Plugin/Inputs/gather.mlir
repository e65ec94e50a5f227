func.func @rows(%x: tensor<1x16x8xf32>, %idx: tensor<1x4xi32>) -> tensor<1x4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x4x8xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x4x8xf32>) -> tensor<1x4x8xf32>
  %rows = colt5.gather ins(%x, %idx : tensor<1x16x8xf32>, tensor<1x4xi32>) outs(%init : tensor<1x4x8xf32>)
      -> tensor<1x4x8xf32>
  return %rows : tensor<1x4x8xf32>
}
