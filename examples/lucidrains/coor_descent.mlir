// `coor_descent` with a budget per row: `k` is a tensor.

func.func @coor_descent(
    %s: tensor<2x1x64xf32>, %k: tensor<2x1xf32>, %mask: tensor<2x64xi1>)
    -> tensor<2x1x64xf32> {
  %w_init = tensor.empty() : tensor<2x1x64xf32>
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x64xf32>, tensor<2x1xf32>)
      mask(%mask : tensor<2x64xi1>)
      outs(%w_init : tensor<2x1x64xf32>)
      {eps = 0.1, iterations = 50, init = neg, overflow = iterate} -> tensor<2x1x64xf32>
  return %w : tensor<2x1x64xf32>
}
