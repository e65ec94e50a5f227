// Rows that the caller chooses.
func.func @routed(%x: tensor<1x?x8xf32> {colt5.name = "x"}, %idx: tensor<1x?xi32> {colt5.name = "idx"})
    -> (tensor<1x?x8xf32> {colt5.name = "y"}) {
  %c1 = arith.constant 1 : index
  %k = tensor.dim %idx, %c1 : tensor<1x?xi32>
  %e = tensor.empty(%k) : tensor<1x?x8xf32>
  %y = colt5.gather ins(%x, %idx : tensor<1x?x8xf32>, tensor<1x?xi32>) outs(%e : tensor<1x?x8xf32>) -> tensor<1x?x8xf32>
  return %y : tensor<1x?x8xf32>
}
