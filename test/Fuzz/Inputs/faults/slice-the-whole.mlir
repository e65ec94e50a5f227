// A slice that is all of a tensor, whatever its sizes are called.
// INPUT: random:seed=1,shape=3x1
// INPUT: random:seed=2,shape=3x1
// INPUT: zeros
func.func @f(%v0: tensor<?x?xf32>, %v1: tensor<?x?xf32>, %v22: tensor<f32>) -> (tensor<f32>) {
  %v2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%v0, %v0 : tensor<?x?xf32>, tensor<?x?xf32>) outs(%v1 : tensor<?x?xf32>) {
  ^bb0(%s0: f32, %s1: f32, %s2: f32):
    %t0 = arith.negf %s1 : f32
    %t1 = math.tanh %s1 : f32
    linalg.yield %t1 : f32
  } -> (tensor<?x?xf32>)
  %v3 = arith.constant 0 : index
  %v4 = tensor.dim %v2, %v3 : tensor<?x?xf32>
  %v5 = arith.constant 1 : index
  %v6 = tensor.insert_slice %v0 into %v2[0, 0] [%v4, %v5] [1, 1] : tensor<?x?xf32> into tensor<?x?xf32>
  %v21 = linalg.reduce { arith.minimumf } ins(%v6 : tensor<?x?xf32>) outs(%v22 : tensor<f32>) dimensions = [0, 1]
  return %v21 : tensor<f32>
}
