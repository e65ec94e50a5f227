// A fill moves behind a concatenation of what nobody has written to: there is nothing to copy.
// INPUT: random:seed=1,shape=1x2x3x2
// INPUT: random:seed=2,shape=1x2x5
func.func @f(%v0: tensor<?x?x?x?xf32>, %v13: tensor<?x?x?xf32>) -> (tensor<?x?x?x?xf32>, tensor<?xf32>) {
  %v14 = arith.constant 5.000000E+00 : f32
  %v15 = colt5.soft_topk ins(%v13, %v14 : tensor<?x?x?xf32>, f32) outs(%v13 : tensor<?x?x?xf32>) {overflow = iterate, iterations = 6} -> tensor<?x?x?xf32>
  %v16 = linalg.abs ins(%v15 : tensor<?x?x?xf32>) outs(%v13 : tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
  %v19 = arith.constant 2 : index
  %v20 = tensor.dim %v16, %v19 : tensor<?x?x?xf32>
  %v21 = arith.constant 16 : index
  %v22 = tensor.empty(%v20, %v21) : tensor<?x?xf32>
  %v23 = arith.constant 0.000000E+00 : f32
  %v24 = linalg.fill ins(%v23 : f32) outs(%v22 : tensor<?x?xf32>) -> tensor<?x?xf32>
  %v26 = tensor.collapse_shape %v24 [[0, 1]] : tensor<?x?xf32> into tensor<?xf32>
  %v38 = tensor.concat dim(0) %v26, %v26 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %v43 = linalg.floor ins(%v38 : tensor<?xf32>) outs(%v38 : tensor<?xf32>) -> tensor<?xf32>
  return %v0, %v43 : tensor<?x?x?x?xf32>, tensor<?xf32>
}
