// Kernels that no family can be given as a whole.
// RUN: colt5-opt %s --load-pass-plugin=%colt5_build/lib/colt5-test-claim.so --pass-pipeline='builtin.module(colt5-test-claim)' \
// RUN:   --split-input-file --verify-diagnostics

#root = #colt5.plan<kernel = 0, role = root>
#fused = #colt5.plan<kernel = 0, role = fused>
func.func @used_before(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  // expected-error @below {{cannot fuse this op into kernel 0: its result is used before the root of the kernel}}
  %0 = linalg.exp {colt5.plan = #fused} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  // expected-note @below {{the use}}
  %1 = tensor.expand_shape %0 [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>
  %2 = tensor.collapse_shape %1 [[0, 1]] : tensor<2x2xf32> into tensor<4xf32>
  %3 = linalg.abs {colt5.plan = #root} ins(%0 : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %2, %3 : tensor<4xf32>, tensor<4xf32>
}

// -----

#root = #colt5.plan<kernel = 0, role = root>
#fused = #colt5.plan<kernel = 0, role = fused>
func.func @root_first(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %0 = linalg.exp {colt5.plan = #root} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  // expected-error @below {{expected the root of kernel 0 after the ops fused into it}}
  %1 = linalg.abs {colt5.plan = #fused} ins(%0 : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
