// The slots of a selection in score order are known, and those of the result are not.
// INPUT: random:seed=1,shape=2x1x1
// INPUT: value=1
func.func @f(%v0: tensor<?x?x1xf32>, %v9: index) -> (tensor<?x?x?xi32>) {
  %v1 = arith.constant 0 : index
  %v2 = tensor.dim %v0, %v1 : tensor<?x?x1xf32>
  %v3 = arith.constant 1 : index
  %v5 = arith.constant 1 : index
  %v6 = tensor.empty(%v2, %v3, %v5) : tensor<?x?x?xi32>
  %v7 = arith.constant 0 : index
  %v8 = tensor.dim %v0, %v7 : tensor<?x?x1xf32>
  %v10 = arith.constant 1 : index
  %v11 = tensor.empty(%v8, %v9, %v10) : tensor<?x?x?xi1>
  %v12, %v13 = colt5.topk ins(%v0 : tensor<?x?x1xf32>) outs(%v6, %v11 : tensor<?x?x?xi32>, tensor<?x?x?xi1>) {tie = lowest_index, order = score} -> (tensor<?x?x?xi32>, tensor<?x?x?xi1>)
  return %v12 : tensor<?x?x?xi32>
}
