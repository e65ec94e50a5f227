// colt5.launch prints as it is read, bufferizes in place where it can, and becomes gpu.launch_func.
// RUN: colt5-opt %s | colt5-opt | FileCheck %s
// RUN: colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-bufferize-stage | FileCheck %s --check-prefix=BUFFER
// RUN: colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-bufferize-stage --colt5-outline-gpu | FileCheck %s --check-prefix=GPU

module attributes {gpu.container_module} {
  // The kernel that is launched has the static shape of its operand, and keeps its name.
  // GPU-LABEL: gpu.module @colt5_kernels
  // GPU-NOT:   gpu.func
  // GPU:       gpu.func @twice(%[[IN:.*]]: !llvm.ptr, %[[N:.*]]: i64, %[[OUT:.*]]: !llvm.ptr) kernel
  // GPU-SAME:    known_block_size = array<i32: 64, 1, 1>
  // GPU:         builtin.unrealized_conversion_cast %[[IN]] : !llvm.ptr to memref<64xf32>
  // GPU:         builtin.unrealized_conversion_cast %[[OUT]] : !llvm.ptr to memref<64xf32>
  gpu.module @colt5_kernels {
    gpu.func @twice(%x: memref<?xf32, strided<[?], offset: ?>>, %n: index, %y: memref<?xf32, strided<[?], offset: ?>>)
        kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %i = gpu.thread_id x
      %v = memref.load %x[%i] : memref<?xf32, strided<[?], offset: ?>>
      %w = arith.addf %v, %v : f32
      memref.store %w, %y[%i] : memref<?xf32, strided<[?], offset: ?>>
      gpu.return
    }
  }

  // CHECK-LABEL: func.func @f
  // CHECK: colt5.launch @colt5_kernels::@twice grid(%{{.*}}) ins(%{{.*}}, %{{.*}} : tensor<64xf32>, index) outs(%{{.*}} : tensor<64xf32>) -> (tensor<64xf32>)
  // BUFFER-LABEL: func.func @f(
  // BUFFER-SAME: %[[X:.*]]: memref<64xf32>, %[[COUNT:.*]]: index, %[[R:.*]]: memref<64xf32>
  // BUFFER-NOT: memref.copy
  // BUFFER: colt5.launch @colt5_kernels::@twice grid(%[[COUNT]]) ins(%[[X]], %[[COUNT]] : memref<64xf32>, index) outs(%[[R]] : memref<64xf32>)
  // A launch of no blocks is none.
  // GPU-LABEL: func.func @f(
  // GPU: %[[NONE:.*]] = arith.cmpi sle
  // GPU: scf.if
  // GPU: gpu.launch_func  @colt5_kernels::@twice blocks in
  func.func @f(%x: tensor<64xf32>, %n: index) -> tensor<64xf32> {
    %e = tensor.empty() : tensor<64xf32>
    %r = colt5.launch @colt5_kernels::@twice grid(%n) ins(%x, %n : tensor<64xf32>, index) outs(%e : tensor<64xf32>)
        -> (tensor<64xf32>)
    return %r : tensor<64xf32>
  }
}
