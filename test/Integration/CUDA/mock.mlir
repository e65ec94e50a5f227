// The path of --backend=cuda end to end: host code, runtime, driver, kernels. The driver is the mock, whose kernels run
// in the emulator.

// RUN: %colt5_build/bin/colt5-test-cuda %s sm_80 5 | FileCheck %s
// RUN: %colt5_build/bin/colt5-test-cuda %s sm_90a 7 | FileCheck %s
// CHECK: {{[1-9][0-9]*}} launches, 2 results equal
// CHECK: 0 objects left, misuse: none

func.func @f(%x: tensor<1x?x4xf32>, %idx: tensor<1x1x3xi32>) -> (tensor<1x1x3x4xf32>, tensor<1x?x4xf32>) {
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c1 : tensor<1x?x4xf32>
  %e = tensor.empty() : tensor<1x1x3x4xf32>
  %rows = colt5.gather ins(%x, %idx : tensor<1x?x4xf32>, tensor<1x1x3xi32>) outs(%e : tensor<1x1x3x4xf32>)
      -> tensor<1x1x3x4xf32>
  %empty = tensor.empty(%n) : tensor<1x?x4xf32>
  %negated = linalg.negf ins(%x : tensor<1x?x4xf32>) outs(%empty : tensor<1x?x4xf32>) -> tensor<1x?x4xf32>
  return %rows, %negated : tensor<1x1x3x4xf32>, tensor<1x?x4xf32>
}
