// Every second row of a slice that has all of its rows.
// INPUT: random:seed=1,shape=1x1
// INPUT: random:seed=2,shape=2x1
// INPUT: random:seed=3,shape=51x1
// INPUT: random:seed=4,shape=51x1
func.func @f(%v19: tensor<1x1xf32>, %v34: tensor<2x?xf32>, %v36: tensor<51x?xf32>, %v37: tensor<51x1xf32>) -> (tensor<?x?xf32>) {
  %v27 = linalg.matmul ins(%v37, %v19 : tensor<51x1xf32>, tensor<1x1xf32>) outs(%v36 : tensor<51x?xf32>) -> tensor<51x?xf32>
  %v28 = arith.constant 14 : index
  %v29 = arith.constant 1 : index
  %v31 = tensor.extract_slice %v27[27, 0] [%v28, %v29] [1, 1] : tensor<51x?xf32> to tensor<?x?xf32>
  %v32 = arith.constant 1 : index
  %v35 = tensor.insert_slice %v34 into %v31[6, 0] [2, %v32] [2, 1] : tensor<2x?xf32> into tensor<?x?xf32>
  return %v35 : tensor<?x?xf32>
}
