func.func @twice(%x: tensor<6xf32> {colt5.name = "x"}) -> (tensor<6xf32> {colt5.name = "y"}) {
  %e = tensor.empty() : tensor<6xf32>
  %r = linalg.add ins(%x, %x : tensor<6xf32>, tensor<6xf32>) outs(%e : tensor<6xf32>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}

func.func @square(%x: tensor<6xf32> {colt5.name = "x"}) -> (tensor<6xf32> {colt5.name = "y"}) {
  %e = tensor.empty() : tensor<6xf32>
  %r = linalg.mul ins(%x, %x : tensor<6xf32>, tensor<6xf32>) outs(%e : tensor<6xf32>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}
