// What the loop of a kernel says about its work, and that its function in the end says the same.
// RUN: colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-plan --colt5-tile | FileCheck %s
// RUN: colt5-opt %s --colt5-plan --colt5-tile | FileCheck %s --check-prefix=CPU
// RUN: colt5-compile %s --target=sm_80 --stop-stage=nvvm -o - | FileCheck %s --check-prefix=NVVM
// RUN: colt5-compile %s --target=sm_80 --emit=ptx -o %t --report --json=%t.json 2>&1 | FileCheck %s --check-prefix=REPORT
// RUN: FileCheck %s --check-prefix=JSON < %t.json

// CPU-NOT: colt5.flops

// 2 * 64^3 operations; both operands and the result once, or with four tiles of 32 x 32 the operands twice.
// CHECK-LABEL: func.func @matmul
// CHECK: colt5.bytes = 81920 : i64, colt5.family = "simt", colt5.flops = 524288 : i64, colt5.min_bytes = 49152 : i64
// NVVM: llvm.func @matmul_kernel0
// NVVM-SAME: colt5.bytes = 81920 : i64, colt5.family = "simt", colt5.flops = 524288 : i64, colt5.min_bytes = 49152 : i64
// REPORT: bytes     min bytes          FLOPs  kernel
// REPORT: 81920         49152         524288  matmul_kernel0
// JSON: "flops": 524288,
// JSON: "min_bytes": 49152,
func.func @matmul(%a: tensor<64x64xf32>, %b: tensor<64x64xf32>) -> tensor<64x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x64xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x64xf32>) -> tensor<64x64xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x64xf32>, tensor<64x64xf32>) outs(%init : tensor<64x64xf32>)
      -> tensor<64x64xf32>
  return %c : tensor<64x64xf32>
}

// A window sees 3 keys of 256, two queries at the ends see 2: 4 * 2 heads * 16 * (3 * 256 - 2) operations.
// CHECK-LABEL: func.func @window
// CHECK: colt5.family = "simt", colt5.flops = 98048 : i64, colt5.min_bytes = 131072 : i64
func.func @window(%q: tensor<1x2x256x16xf32>, %k: tensor<1x2x256x16xf32>, %v: tensor<1x2x256x16xf32>)
    -> tensor<1x2x256x16xf32> {
  %init = tensor.empty() : tensor<1x2x256x16xf32>
  %o = colt5.attention ins(%q, %k, %v : tensor<1x2x256x16xf32>, tensor<1x2x256x16xf32>, tensor<1x2x256x16xf32>)
      outs(%init : tensor<1x2x256x16xf32>) {pattern = #colt5.window<1, 1>} -> tensor<1x2x256x16xf32>
  return %o : tensor<1x2x256x16xf32>
}

// Of a gather the rows taken count: 8 rows of 64 and their indices, and the result.
// CHECK-LABEL: func.func @rows
// CHECK: colt5.bytes = 4128 : i64, colt5.family = "simt", colt5.min_bytes = 4128 : i64
func.func @rows(%x: tensor<1x4096x64xf32>, %idx: tensor<1x8xi32>) -> tensor<1x8x64xf32> {
  %init = tensor.empty() : tensor<1x8x64xf32>
  %r = colt5.gather ins(%x, %idx : tensor<1x4096x64xf32>, tensor<1x8xi32>) outs(%init : tensor<1x8x64xf32>)
      -> tensor<1x8x64xf32>
  return %r : tensor<1x8x64xf32>
}

// Nothing is said about what only a run tells.
// CHECK-LABEL: func.func @dynamic
// CHECK-NOT: colt5.{{(flops|bytes|min_bytes)}}
func.func @dynamic(%a: tensor<?x64xf32>, %out: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %r = linalg.exp ins(%a : tensor<?x64xf32>) outs(%out : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %r : tensor<?x64xf32>
}
