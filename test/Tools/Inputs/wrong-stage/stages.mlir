func.func @f(%x: tensor<2x?x8xf32>, %s: tensor<2x1x?xf32>, %g: tensor<8xf32>) -> (tensor<2x1x4xi32>, tensor<2x4x8xf32>) {
  %i = tensor.empty() : tensor<2x1x4xi32>
  %v = tensor.empty() : tensor<2x1x4xi1>
  %idx, %valid = colt5.topk ins(%s : tensor<2x1x?xf32>) outs(%i, %v : tensor<2x1x4xi32>, tensor<2x1x4xi1>)
      -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>)
  %slots = tensor.collapse_shape %idx [[0, 1], [2]] : tensor<2x1x4xi32> into tensor<2x4xi32>
  %r = colt5.conditional %x routed(%slots) : tensor<2x?x8xf32>, tensor<2x4xi32> -> tensor<2x?x8xf32> {
  ^bb0(%t: tensor<2x4x8xf32>):
    %n = colt5.rms_norm ins(%t, %g : tensor<2x4x8xf32>, tensor<8xf32>) outs(%t : tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
    colt5.yield %n : tensor<2x4x8xf32>
  }
  %e = tensor.empty() : tensor<2x4x8xf32>
  %rows = colt5.gather ins(%r, %slots : tensor<2x?x8xf32>, tensor<2x4xi32>) outs(%e : tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %idx, %rows : tensor<2x1x4xi32>, tensor<2x4x8xf32>
}
