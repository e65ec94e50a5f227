module {
  func.func @routed(%x: tensor<1x6x4xf32>, %scores: tensor<1x1x6xf32>) -> tensor<1x1x2x4xf32> {
    %i = tensor.empty() : tensor<1x1x2xi32>
    %v = tensor.empty() : tensor<1x1x2xi1>
    %e = tensor.empty() : tensor<1x1x2x4xf32>
    %idx, %valid = colt5.topk ins(%scores : tensor<1x1x6xf32>) outs(%i, %v : tensor<1x1x2xi32>, tensor<1x1x2xi1>)
        -> (tensor<1x1x2xi32>, tensor<1x1x2xi1>)
    %rows = colt5.gather ins(%x, %idx : tensor<1x6x4xf32>, tensor<1x1x2xi32>) valid(%valid : tensor<1x1x2xi1>)
        outs(%e : tensor<1x1x2x4xf32>) -> tensor<1x1x2x4xf32>
    return %rows : tensor<1x1x2x4xf32>
  }
}
