// Enough rows for several tasks.
func.func @rows(%x: tensor<?x64xf32> {colt5.name = "x"}, %gain: tensor<64xf32> {colt5.name = "gain"})
    -> (tensor<?x64xf32> {colt5.name = "y"}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x64xf32>
  %e = tensor.empty(%n) : tensor<?x64xf32>
  %y = colt5.rms_norm ins(%x, %gain : tensor<?x64xf32>, tensor<64xf32>) outs(%e : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %y : tensor<?x64xf32>
}
