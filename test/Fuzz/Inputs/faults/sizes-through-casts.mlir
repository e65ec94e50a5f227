// The buffer verifier sees one size by two names: of the input, and of the type of the result.
// INPUT: random:seed=1,shape=1x1x7
// INPUT: ones:shape=1x1x7
func.func @f(%v0: tensor<?x?x?xf32>, %v1: tensor<?x?x?xi1>) -> (tensor<?x1x7xf32>) {
  %v14 = arith.constant 1 : index
  %v15 = arith.constant 1 : index
  %v16 = arith.constant 2 : index
  %v17 = tensor.dim %v1, %v16 : tensor<?x?x?xi1>
  %v18 = tensor.empty(%v14, %v15, %v17) : tensor<?x?x?xf32>
  %v19 = linalg.select ins(%v1, %v0, %v0 : tensor<?x?x?xi1>, tensor<?x?x?xf32>, tensor<?x?x?xf32>) outs(%v18 : tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
  %v20 = tensor.cast %v19 : tensor<?x?x?xf32> to tensor<?x1x7xf32>
  return %v20 : tensor<?x1x7xf32>
}
