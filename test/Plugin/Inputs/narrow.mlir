// Products of a few rows and of many.
func.func @few(%a: tensor<4x64xf32>, %b: tensor<64x96xf32>) -> tensor<4x96xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x96xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x96xf32>) -> tensor<4x96xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<4x64xf32>, tensor<64x96xf32>) outs(%f : tensor<4x96xf32>) -> tensor<4x96xf32>
  %1 = linalg.exp ins(%0 : tensor<4x96xf32>) outs(%e : tensor<4x96xf32>) -> tensor<4x96xf32>
  return %1 : tensor<4x96xf32>
}

func.func @many(%a: tensor<64x64xf32>, %b: tensor<64x96xf32>) -> tensor<64x96xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x96xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<64x96xf32>) -> tensor<64x96xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<64x64xf32>, tensor<64x96xf32>) outs(%f : tensor<64x96xf32>) -> tensor<64x96xf32>
  %1 = linalg.exp ins(%0 : tensor<64x96xf32>) outs(%e : tensor<64x96xf32>) -> tensor<64x96xf32>
  return %1 : tensor<64x96xf32>
}

func.func @given(%a: tensor<4x64xf32>, %b: tensor<64x96xf32>) -> tensor<4x96xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x96xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x96xf32>) -> tensor<4x96xf32>
  %0 = linalg.matmul {colt5.plan = #colt5.plan<kernel = 7, role = root, schedule = #narrow.strips<[0, 16, 0]>>}
      ins(%a, %b : tensor<4x64xf32>, tensor<64x96xf32>) outs(%f : tensor<4x96xf32>) -> tensor<4x96xf32>
  return %0 : tensor<4x96xf32>
}
