// A host branch one side of which yields what the other reads.
func.func @branch(%a: tensor<64xf32>, %c: i1) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %b = linalg.exp ins(%a : tensor<64xf32>) outs(%e : tensor<64xf32>) -> tensor<64xf32>
  %r = scf.if %c -> tensor<64xf32> {
    scf.yield %b : tensor<64xf32>
  } else {
    %s = linalg.sqrt ins(%b : tensor<64xf32>) outs(%e : tensor<64xf32>) -> tensor<64xf32>
    scf.yield %s : tensor<64xf32>
  }
  return %r : tensor<64xf32>
}
