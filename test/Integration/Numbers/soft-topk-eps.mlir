// The weights of soft_topk use eps_T, the value after the last decay, on every backend: scores 0 and 1, k = 1, eps from 4 to 2,
// 1, 1 (the floor).
// RUN: colt5-run %s --input=iota --print | FileCheck %s
// RUN: colt5-run %s --input=iota --print --backend=cpu | FileCheck %s
// RUN: colt5-run %s --input=iota --print --backend=emulator --chip=sm_80 | FileCheck %s
// RUN: colt5-run %s --input=iota --print --backend=emulator --chip=sm_90a | FileCheck %s

// CHECK: 0: 1x1x2xf64 = [0.25, 0.41218]
// CHECK: 1: 1x1x2xf64 = [0.142537, 0.387456]
// CHECK: 2: 1x1x2xf64 = [0.268941, 0.731059]
func.func @f(%s: tensor<1x1x2xf64>) -> (tensor<1x1x2xf64>, tensor<1x1x2xf64>, tensor<1x1x2xf64>) {
  %k = arith.constant 1.0 : f64
  %e = tensor.empty() : tensor<1x1x2xf64>
  %1 = colt5.soft_topk ins(%s, %k : tensor<1x1x2xf64>, f64) outs(%e : tensor<1x1x2xf64>)
      {eps_init = 4.0, eps_decay = 0.5, iterations = 1, init = neg} -> tensor<1x1x2xf64>
  %2 = colt5.soft_topk ins(%s, %k : tensor<1x1x2xf64>, f64) outs(%e : tensor<1x1x2xf64>)
      {eps_init = 4.0, eps_decay = 0.5, iterations = 2, init = neg} -> tensor<1x1x2xf64>
  %3 = colt5.soft_topk ins(%s, %k : tensor<1x1x2xf64>, f64) outs(%e : tensor<1x1x2xf64>)
      {eps_init = 4.0, eps_decay = 0.5, iterations = 3, init = neg} -> tensor<1x1x2xf64>
  return %1, %2, %3 : tensor<1x1x2xf64>, tensor<1x1x2xf64>, tensor<1x1x2xf64>
}
