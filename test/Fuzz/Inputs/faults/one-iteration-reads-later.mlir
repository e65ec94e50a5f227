// A loop of one iteration overwrites what is read after it, and what is defined outside of the loop.
// INPUT: random:seed=1,shape=1x1x1
func.func @f(%v32: tensor<1x1x?xf32>) -> (tensor<1x1x1xf32>) {
  %v6 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%v32 : tensor<1x1x?xf32>) outs(%v32 : tensor<1x1x?xf32>) {
  ^bb0(%s0: f32, %s1: f32):
    %t0 = math.tanh %s0 : f32
    %t1 = arith.addf %s0, %s1 : f32
    linalg.yield %t1 : f32
  } -> (tensor<1x1x?xf32>)
  %v7 = tensor.empty() : tensor<1x1x1xf32>
  %v8 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%v6, %v32, %v32 : tensor<1x1x?xf32>, tensor<1x1x?xf32>, tensor<1x1x?xf32>) outs(%v7 : tensor<1x1x1xf32>) {
  ^bb0(%s0: f32, %s1: f32, %s2: f32, %s3: f32):
    %t0 = math.absf %s0 : f32
    %t1 = math.tanh %t0 : f32
    %t2 = arith.mulf %t1, %s0 : f32
    %t3 = math.tanh %t2 : f32
    linalg.yield %t3 : f32
  } -> (tensor<1x1x1xf32>)
  return %v8 : tensor<1x1x1xf32>
}
