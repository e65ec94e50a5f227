// Two routers, no tokens and no features.
// INPUT: zeros
// INPUT: ones
// INPUT: zeros
// INPUT: zeros
// INPUT: zeros
// INPUT: zeros
// INPUT: zeros
func.func @f(%v0: tensor<0x0x0xf32>, %v1: tensor<0x0xi1>, %v2: tensor<1x0xf32>, %v3: tensor<0x0x0xf32>, %v4: tensor<0x0x0xf32>, %v5: tensor<0x0x0xf32>, %v6: tensor<0x8xf32>) -> (tensor<1x0x0x0xf32>) {
  %v7 = arith.constant 0 : index
  %v8 = arith.constant 0 : index
  %v10 = colt5.conditional_attention %v0 mask(%v1) routers(%v2, %v2) heavy(%v3, %v4, %v4, %v5 bias %v6) queries(%v7) keys(%v8) {scale = 0.25, kv_scale = none, q_scale = output, bias = #colt5.t5_buckets<8, 20, bidirectional>, routing = #colt5.routing<sigmoid>} : tensor<0x0x0xf32>, tensor<0x0xi1>, tensor<1x0xf32>, tensor<1x0xf32>, tensor<0x0x0xf32>, tensor<0x0x0xf32>, tensor<0x0x0xf32>, tensor<0x0x0xf32>, tensor<0x8xf32>, index, index -> tensor<0x0x0xf32>
  %v14 = tensor.expand_shape %v10 [[0, 1], [2], [3]] output_shape [1, 0, 0, 0] : tensor<0x0x0xf32> into tensor<1x0x0x0xf32>
  return %v14 : tensor<1x0x0x0xf32>
}
