// The same where the op that writes is a kernel of its own: a transpose over what it reads, a slice that is replaced.
// INPUT: random:seed=1
// INPUT: random:seed=2
func.func @f(%x: tensor<4x4xf32>, %y: tensor<1x2xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) {
  %e = tensor.empty() : tensor<4x4xf32>
  %a = linalg.exp ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %t = linalg.transpose ins(%a : tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) permutation = [1, 0]
  %s = tensor.insert_slice %y into %a[3, 1] [1, 2] [1, 1] : tensor<1x2xf32> into tensor<4x4xf32>
  return %t, %a, %s : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>
}
