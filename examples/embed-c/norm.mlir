// Rows of `x`, each divided by its root mean square and multiplied by `gain`.
func.func @norm(%x: tensor<?x32xf32> {colt5.name = "x"}, %gain: tensor<32xf32> {colt5.name = "gain"})
    -> (tensor<?x32xf32> {colt5.name = "y"}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x32xf32>
  %e = tensor.empty(%n) : tensor<?x32xf32>
  %y = colt5.rms_norm ins(%x, %gain : tensor<?x32xf32>, tensor<32xf32>) outs(%e : tensor<?x32xf32>) -> tensor<?x32xf32>
  return %y : tensor<?x32xf32>
}
