// INPUT: random:seed=1,shape=1x4x1
func.func @f(%x: tensor<1x?x1xf32>) -> (tensor<1x4x1xf32>, tensor<?x4x1xf32>, tensor<?x4x1xf32>) {
  %c = tensor.cast %x : tensor<1x?x1xf32> to tensor<1x4x1xf32>
  %a = linalg.exp ins(%x : tensor<1x?x1xf32>) outs(%c : tensor<1x4x1xf32>) -> tensor<1x4x1xf32>
  %d = tensor.cast %a : tensor<1x4x1xf32> to tensor<?x4x1xf32>
  return %a, %d, %d : tensor<1x4x1xf32>, tensor<?x4x1xf32>, tensor<?x4x1xf32>
}
