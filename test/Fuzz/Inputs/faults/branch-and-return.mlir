// A branch yields a value that is returned too.
// INPUT: ones
// INPUT: random:seed=2
func.func @f(%p: i1, %x: tensor<3x2xf32>) -> (tensor<3x2xf32>, tensor<3x2xf32>) {
  %c = arith.constant -10.0 : f32
  %e = tensor.empty() : tensor<3x2xf32>
  %a = linalg.fill ins(%c : f32) outs(%e : tensor<3x2xf32>) -> tensor<3x2xf32>
  %r = scf.if %p -> (tensor<3x2xf32>) {
    %n = linalg.negf ins(%x : tensor<3x2xf32>) outs(%e : tensor<3x2xf32>) -> tensor<3x2xf32>
    scf.yield %n : tensor<3x2xf32>
  } else {
    scf.yield %a : tensor<3x2xf32>
  }
  return %r, %a : tensor<3x2xf32>, tensor<3x2xf32>
}
