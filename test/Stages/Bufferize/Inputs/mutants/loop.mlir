// A loop that carries a tensor and needs a value from before it, then a concatenation.
func.func @f(%x: tensor<4x3xf32>) -> tensor<8x3xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %e = tensor.empty() : tensor<4x3xf32>
  %s = linalg.exp ins(%x : tensor<4x3xf32>) outs(%e : tensor<4x3xf32>) -> tensor<4x3xf32>
  %r = scf.for %k = %c0 to %c3 step %c1 iter_args(%acc = %s) -> tensor<4x3xf32> {
    %a = linalg.mul ins(%acc, %x : tensor<4x3xf32>, tensor<4x3xf32>) outs(%e : tensor<4x3xf32>) -> tensor<4x3xf32>
    %b = linalg.add ins(%a, %s : tensor<4x3xf32>, tensor<4x3xf32>) outs(%acc : tensor<4x3xf32>) -> tensor<4x3xf32>
    scf.yield %b : tensor<4x3xf32>
  }
  %c = tensor.concat dim(0) %s, %r : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<8x3xf32>
  return %c : tensor<8x3xf32>
}
