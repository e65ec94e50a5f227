// Two destinations in a loop of one iteration are the same value from outside of it.
// INPUT: random:seed=1,shape=1x1
// INPUT: random:seed=2,shape=1x1
func.func @f(%v0: tensor<?x1xf64>, %v4: tensor<?x1xf64>) -> (tensor<?x1xf64>) {
  %v1 = tensor.cast %v0 : tensor<?x1xf64> to tensor<1x1xf64>
  %v2, %v3 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%v0 : tensor<?x1xf64>) outs(%v0, %v1 : tensor<?x1xf64>, tensor<1x1xf64>) {
  ^bb0(%s0: f64, %s1: f64, %s2: f64):
    %t0 = arith.negf %s1 : f64
    %t1 = arith.subf %s1, %s2 : f64
    %t2 = math.tanh %s2 : f64
    %t3 = arith.addf %t2, %t1 : f64
    %t4 = arith.addf %s0, %s1 : f64
    linalg.yield %t3, %t4 : f64, f64
  } -> (tensor<?x1xf64>, tensor<1x1xf64>)
  %v5 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%v2 : tensor<?x1xf64>) outs(%v4 : tensor<?x1xf64>) {
  ^bb0(%s0: f64, %s1: f64):
    %t0 = math.tanh %s1 : f64
    %t1 = arith.addf %t0, %t0 : f64
    linalg.yield %t1 : f64
  } -> (tensor<?x1xf64>)
  return %v5 : tensor<?x1xf64>
}
