// Device code becomes llvm and nvvm; math without an instruction is an error, never a call of libdevice.
// RUN: colt5-opt %s --split-input-file --verify-diagnostics --pass-pipeline="builtin.module(gpu.module(colt5-convert-device,reconcile-unrealized-casts))" | FileCheck %s

gpu.module @colt5_kernels {
  // CHECK-LABEL: llvm.func @k(
  // CHECK-SAME: nvvm.kernel
  // CHECK: nvvm.read.ptx.sreg.tid.x
  // CHECK: nvvm.barrier
  // CHECK: nvvm.shfl.sync bfly
  // CHECK: llvm.intr.sqrt
  // CHECK-NOT: __nv_
  gpu.func @k(%p: !llvm.ptr, %n: i64) workgroup(%s: memref<32xf32, #gpu.address_space<workgroup>>) kernel
      attributes {known_block_size = array<i32: 32, 1, 1>} {
    %x = builtin.unrealized_conversion_cast %p, %n : !llvm.ptr, i64 to memref<?xf32>
    %i = gpu.thread_id x
    %v = memref.load %x[%i] : memref<?xf32>
    memref.store %v, %s[%i] : memref<32xf32, #gpu.address_space<workgroup>>
    gpu.barrier
    %c1 = arith.constant 1 : i32
    %c32 = arith.constant 32 : i32
    %w, %ok = gpu.shuffle xor %v, %c1, %c32 : f32
    %r = math.sqrt %w : f32
    memref.store %r, %x[%i] : memref<?xf32>
    gpu.return
  }
}

// -----

gpu.module @colt5_kernels {
  gpu.func @k(%x: f32, %p: !llvm.ptr) kernel {
    // expected-error@+1 {{'math.erf' op has no form on the device: expected colt5-expand-math to have expanded it}}
    %r = math.erf %x : f32
    llvm.store %r, %p : f32, !llvm.ptr
    gpu.return
  }
}
