// What follows from the size of one of two arguments.
// INPUT: random:seed=1,shape=1x7
// INPUT: ones
// INPUT: random:seed=2
// INPUT: random:seed=3,shape=1x5
func.func @f(%v0: tensor<1x?xf16>, %v1: i1, %v28: tensor<f16>, %v29: tensor<1x?xf16>) -> (tensor<f16>) {
  %v23 = scf.if %v1 -> (tensor<1x?xf16>) {
    scf.yield %v0 : tensor<1x?xf16>
  } else {
    scf.yield %v29 : tensor<1x?xf16>
  }
  %v27 = linalg.reduce { arith.minimumf } ins(%v23 : tensor<1x?xf16>) outs(%v28 : tensor<f16>) dimensions = [0, 1]
  return %v27 : tensor<f16>
}
