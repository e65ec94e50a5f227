// A static size 0 in one operand makes tiles of the fill without elements.
// INPUT: random:seed=0,shape=0x0x0
// INPUT: zeros:shape=0x0
// INPUT: zeros:shape=0x0
// INPUT: random:seed=3,shape=0x0x0
// INPUT: random:seed=4,shape=0x0x0x0
// INPUT: random:seed=5,shape=0x0x0
// INPUT: random:seed=6,shape=0x0x0x0
// INPUT: random:seed=7,shape=0x0x0x0
// INPUT: random:seed=8,shape=0x0x0x0
func.func @f(%v2: tensor<?x?x?xf32>, %v23: tensor<?x?xi32>, %v31: tensor<?x?xi1>, %v60: tensor<?x?x?xf32>, %v61: tensor<?x?x?x?xf32>, %v63: tensor<?x?x?xf32>, %v64: tensor<?x?x?x?xf32>, %v65: tensor<?x?x?x?xf32>, %v66: tensor<?x?x?x?xf32>) -> (tensor<?x?x?xf32>) {
  %v24 = arith.constant 0 : index
  %v25 = arith.constant 1 : index
  %v26 = tensor.dim %v23, %v25 : tensor<?x?xi32>
  %v27 = arith.constant 0 : index
  %v28 = arith.constant 0 : index
  %v29 = tensor.empty(%v24, %v26, %v27, %v28) : tensor<?x?x?x?xf32>
  %v30 = colt5.gather ins(%v2, %v23 : tensor<?x?x?xf32>, tensor<?x?xi32>) outs(%v29 : tensor<?x?x?x?xf32>) {unique, sorted, batch_dims = 0} -> tensor<?x?x?x?xf32>
  %v41 = arith.constant 0 : index
  %v42 = tensor.dim %v63, %v41 : tensor<?x?x?xf32>
  %v43 = arith.constant 1 : index
  %v44 = tensor.dim %v63, %v43 : tensor<?x?x?xf32>
  %v45 = arith.constant 1 : index
  %v46 = tensor.dim %v66, %v45 : tensor<?x?x?x?xf32>
  %v47 = tensor.empty(%v42, %v44, %v46) : tensor<?x?x?xf32>
  %v48 = arith.constant -1.000000E+01 : f32
  %v49 = linalg.fill ins(%v48 : f32) outs(%v47 : tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
  %v57, %v58, %v59 = colt5.online_attention ins(%v30, %v64, %v65 : tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>) q_valid(%v31 : tensor<?x?xi1>) outs(%v61, %v49, %v60 : tensor<?x?x?x?xf32>, tensor<?x?x?xf32>, tensor<?x?x?xf32>) {scale = 0.25} -> (tensor<?x?x?x?xf32>, tensor<?x?x?xf32>, tensor<?x?x?xf32>)
  return %v59 : tensor<?x?x?xf32>
}
