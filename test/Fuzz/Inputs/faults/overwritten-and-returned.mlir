// A value that an op of the same kernel writes over keeps its content for the return.
// INPUT: random:seed=1
func.func @f(%x: tensor<5x3xf32>) -> (tensor<5x3xf32>, tensor<5x3xf32>) {
  %e = tensor.empty() : tensor<5x3xf32>
  %a = linalg.tanh ins(%x : tensor<5x3xf32>) outs(%e : tensor<5x3xf32>) -> tensor<5x3xf32>
  %b = linalg.exp ins(%a : tensor<5x3xf32>) outs(%a : tensor<5x3xf32>) -> tensor<5x3xf32>
  return %b, %a : tensor<5x3xf32>, tensor<5x3xf32>
}
