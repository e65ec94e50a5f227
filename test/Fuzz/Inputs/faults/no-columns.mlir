// Attention without columns, of sizes that are partly known.
// INPUT: ones:shape=1x1x1x0
// INPUT: ones:shape=1x1x1x0
// INPUT: zeros:shape=1x1
// INPUT: zeros
// INPUT: zeros
// INPUT: zeros
func.func @f(%v4: tensor<?x1x1x0xf32>, %v5: tensor<?x?x1x0xf32>, %v6: tensor<?x1xi32>, %v25: tensor<1x1x1xf32>, %v26: tensor<1x1x1xf32>, %v27: tensor<1x1x1x0xf32>) -> (tensor<1x1x1xf32>) {
  %v22, %v23, %v24 = colt5.online_attention ins(%v4, %v5, %v5 : tensor<?x1x1x0xf32>, tensor<?x?x1x0xf32>, tensor<?x?x1x0xf32>) q_pos(%v6 : tensor<?x1xi32>) outs(%v27, %v26, %v25 : tensor<1x1x1x0xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>) {scale = 0.25} -> (tensor<1x1x1x0xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>)
  return %v24 : tensor<1x1x1xf32>
}
