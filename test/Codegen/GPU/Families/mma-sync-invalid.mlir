// Kernels that family mma_sync cannot write: each is refused with the reason.
// RUN: colt5-opt %s --split-input-file --colt5-emit-kernels --verify-diagnostics

func.func @no_contraction(%x: memref<4xf32>) {
  // expected-error @below {{'colt5.kernel' op is not a kernel of family mma_sync: expected a contraction}}
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync> outs(%x : memref<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  return
}

// -----

func.func @operand(%x: memref<32x32xf16>, %y: memref<32x32xf32>) {
  // expected-error @below {{'colt5.kernel' op is not a kernel of family mma_sync: expected operands that the kernel does not compute itself}}
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync> ins(%x : memref<32x32xf16>) outs(%y : memref<32x32xf32>) {
  ^bb0(%a: tensor<32x32xf16>, %o: tensor<32x32xf32>):
    %e = tensor.empty() : tensor<32x32xf16>
    %0 = linalg.matmul ins(%a, %e : tensor<32x32xf16>, tensor<32x32xf16>) outs(%o : tensor<32x32xf32>) -> tensor<32x32xf32>
    colt5.yield %0 : tensor<32x32xf32>
  }
  return
}

// -----

func.func @yield(%x: memref<32x32xf16>, %y: memref<32x32xf32>, %z: memref<32x32xf32>) {
  // expected-error @below {{'colt5.kernel' op expected value 1 of the region to be computed from the sums, or a scatter into its out}}
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync> ins(%x : memref<32x32xf16>) outs(%y, %z : memref<32x32xf32>, memref<32x32xf32>) {
  ^bb0(%a: tensor<32x32xf16>, %o: tensor<32x32xf32>, %p: tensor<32x32xf32>):
    %0 = linalg.matmul ins(%a, %a : tensor<32x32xf16>, tensor<32x32xf16>) outs(%o : tensor<32x32xf32>) -> tensor<32x32xf32>
    colt5.yield %0, %p : tensor<32x32xf32>, tensor<32x32xf32>
  }
  return
}

// -----

func.func @shape(%x: memref<32x32xf16>, %y: memref<32x32xf32>) {
  // expected-error @below {{'colt5.kernel' op has a schedule that the family mma_sync cannot honour: expected blocks of whole warps, found 16 x 64 in parts of 32 x 32}}
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync<block_rows = 16, warp_rows = 32>> ins(%x : memref<32x32xf16>) outs(%y : memref<32x32xf32>) {
  ^bb0(%a: tensor<32x32xf16>, %o: tensor<32x32xf32>):
    %0 = linalg.matmul ins(%a, %a : tensor<32x32xf16>, tensor<32x32xf16>) outs(%o : tensor<32x32xf32>) -> tensor<32x32xf32>
    colt5.yield %0 : tensor<32x32xf32>
  }
  return
}
