// A slice of what was inserted is the insertion into a slice.
// INPUT: random:seed=1
// INPUT: random:seed=2
// INPUT: random:seed=3
// INPUT: random:seed=4
// INPUT: random:seed=5
// INPUT: random:seed=6
// INPUT: random:seed=7,shape=2x3x2
// INPUT: random:seed=8,shape=3x3x2
func.func @f(%v0: tensor<3x3xf16>, %v3: tensor<3x3x3xf16>, %v4: tensor<1x3xf16>, %v5: tensor<3x3xf16>, %v6: tensor<3x3xf16>, %v7: tensor<3x3xf16>, %v28: tensor<?x?x2xf16>, %v30: tensor<3x?x2xf16>) -> (tensor<3x?x2xf16>) {
  %v8 = colt5.conditional_ffn %v3 router(%v4) light(in = %v5, out = %v6) heavy(in = %v7, out = %v0) {tokens = 1, activation = identity, routing = #colt5.routing<ones>} : tensor<3x3x3xf16>, tensor<1x3xf16>, tensor<3x3xf16>, tensor<3x3xf16>, tensor<3x3xf16>, tensor<3x3xf16> -> tensor<3x3x3xf16>
  %v17 = arith.constant 0 : index
  %v18 = tensor.extract_slice %v8[0, 0, %v17] [3, 3, 2] [1, 1, 1] : tensor<3x3x3xf16> to tensor<3x3x2xf16>
  %v20 = tensor.cast %v18 : tensor<3x3x2xf16> to tensor<3x?x2xf16>
  %v24 = arith.constant 2 : index
  %v26 = arith.constant 0 : index
  %v27 = tensor.dim %v30, %v26 : tensor<3x?x2xf16>
  %v29 = tensor.insert_slice %v28 into %v20[1, 0, 0] [%v24, %v27, 2] [1, 1, 1] : tensor<?x?x2xf16> into tensor<3x?x2xf16>
  return %v29 : tensor<3x?x2xf16>
}

