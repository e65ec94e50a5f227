// Top-k attention (Gupta et al. 2021, arXiv 2106.06899): every query attends only to the J keys with the largest dot
// products. One head per batch entry: the queries are the routes of `router_scores`, the keys its tokens, so the
// selection has one index list per query, which attention reads as `kv_idx` with one query per block.

func.func @attention(
    %q: tensor<4x128x16xf32>, %k: tensor<4x128x16xf32>, %v: tensor<4x128x16xf32>, %mask: tensor<4x128xi1>)
    -> tensor<4x1x128x16xf32> {
  %s_init = tensor.empty() : tensor<4x128x128xf32>
  %s = colt5.router_scores ins(%k, %q : tensor<4x128x16xf32>, tensor<4x128x16xf32>)
      mask(%mask : tensor<4x128xi1>)
      outs(%s_init : tensor<4x128x128xf32>) {scale = 0.25} -> tensor<4x128x128xf32>
  %idx_init = tensor.empty() : tensor<4x128x16xi32>
  %ok_init = tensor.empty() : tensor<4x128x16xi1>
  %idx, %ok = colt5.topk ins(%s : tensor<4x128x128xf32>)
      mask(%mask : tensor<4x128xi1>)
      outs(%idx_init, %ok_init : tensor<4x128x16xi32>, tensor<4x128x16xi1>) {order = index}
      -> (tensor<4x128x16xi32>, tensor<4x128x16xi1>)
  %q4 = tensor.expand_shape %q [[0, 1], [2], [3]] output_shape [4, 1, 128, 16]
      : tensor<4x128x16xf32> into tensor<4x1x128x16xf32>
  %k4 = tensor.expand_shape %k [[0, 1], [2], [3]] output_shape [4, 1, 128, 16]
      : tensor<4x128x16xf32> into tensor<4x1x128x16xf32>
  %v4 = tensor.expand_shape %v [[0, 1], [2], [3]] output_shape [4, 1, 128, 16]
      : tensor<4x128x16xf32> into tensor<4x1x128x16xf32>
  %list = tensor.expand_shape %idx [[0, 1], [2], [3]] output_shape [4, 1, 128, 16]
      : tensor<4x128x16xi32> into tensor<4x1x128x16xi32>
  // A masked token that fills a list is excluded by `kv_valid`.
  %o_init = tensor.empty() : tensor<4x1x128x16xf32>
  %o = colt5.attention ins(%q4, %k4, %v4 : tensor<4x1x128x16xf32>, tensor<4x1x128x16xf32>, tensor<4x1x128x16xf32>)
      kv_valid(%mask : tensor<4x128xi1>)
      kv_idx(%list : tensor<4x1x128x16xi32>)
      outs(%o_init : tensor<4x1x128x16xf32>) {scale = 0.25} -> tensor<4x1x128x16xf32>
  return %o : tensor<4x1x128x16xf32>
}
