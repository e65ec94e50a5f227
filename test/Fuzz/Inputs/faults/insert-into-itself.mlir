// What is inserted into itself stays.
// INPUT: random:seed=1,shape=1x1x2
// INPUT: random:seed=2,shape=1x1
// INPUT: zeros:shape=1x1
func.func @f(%v0: tensor<?x?x?xf32>, %v8: tensor<?x?xf32>, %v17: tensor<?x?xi32>) -> (tensor<?x?x?xf32>) {
  %v1 = arith.constant 1 : index
  %v2 = arith.constant 0 : index
  %v3 = tensor.dim %v0, %v2 : tensor<?x?x?xf32>
  %v4 = arith.constant 2 : index
  %v5 = tensor.dim %v0, %v4 : tensor<?x?x?xf32>
  %v6 = tensor.insert_slice %v0 into %v0[0, 0, 0] [%v1, %v3, %v5] [1, 1, 1] : tensor<?x?x?xf32> into tensor<?x?x?xf32>
  %v18 = colt5.scatter_combine ins(%v6, %v17 : tensor<?x?x?xf32>, tensor<?x?xi32>) weight(%v8 : tensor<?x?xf32>) outs(%v6 : tensor<?x?x?xf32>) {unique, combine = set} -> tensor<?x?x?xf32>
  return %v18 : tensor<?x?x?xf32>
}
