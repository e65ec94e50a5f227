// Pieces without elements, first, last and all.
// INPUT: ones
// INPUT: ones
// INPUT: iota
// INPUT: ones
func.func @f(%a: tensor<2x0xf32>, %b: tensor<3x0xf32>, %c: tensor<2x3xf32>, %d: tensor<0x3xf32>) -> (tensor<5x0xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
  %r = tensor.concat dim(0) %a, %b : (tensor<2x0xf32>, tensor<3x0xf32>) -> tensor<5x0xf32>
  %s = tensor.concat dim(0) %c, %d : (tensor<2x3xf32>, tensor<0x3xf32>) -> tensor<2x3xf32>
  %t = tensor.concat dim(0) %d, %c : (tensor<0x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %r, %s, %t : tensor<5x0xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}
