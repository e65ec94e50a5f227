// A kernel gets one pointer per buffer and what its type does not say; equal kernels are merged.
// RUN: colt5-opt %s --colt5-outline-gpu --split-input-file | FileCheck %s
// RUN: colt5-opt %s --colt5-gpu-stage --split-input-file | FileCheck %s --check-prefix=MERGED

// CHECK-LABEL: gpu.module @colt5_kernels
// CHECK: gpu.func @f_kernel0(%[[N:.*]]: i64, %[[X:.*]]: !llvm.ptr, %[[ROWS:.*]]: i64, %[[STRIDE:.*]]: i64) kernel
// CHECK-SAME: known_block_size = array<i32: 64, 1, 1>
// CHECK: %[[BUFFER:.*]] = builtin.unrealized_conversion_cast %[[X]], %[[ROWS]], %[[STRIDE]] : !llvm.ptr, i64, i64 to memref<?x8xf32, strided<[?, 1], offset: ?>>
// CHECK: %[[BLOCK:.*]] = gpu.block_id x
// CHECK: memref.store %{{.*}}, %[[BUFFER]]
// CHECK: gpu.return
// CHECK-LABEL: func.func @f(
// CHECK-SAME: %[[LAUNCHER:.*]]: !llvm.ptr {colt5.pool})
// CHECK: %[[TOTAL:.*]] = arith.muli
// CHECK: scf.if
// CHECK: gpu.launch_func  @colt5_kernels::@f_kernel0 blocks in (%[[TOTAL]], %c1{{.*}}, %c1{{.*}}) threads in (%c64, %c1{{.*}}, %c1{{.*}}) args(
// CHECK-NOT: scf.forall
// MERGED: gpu.func @f_kernel0
// MERGED-NOT: gpu.func
// MERGED-COUNT-2: gpu.launch_func @colt5_kernels::@f_kernel0
func.func @f(%x: memref<?x8xf32, strided<[?, 1], offset: ?>>, %n: index, %v: f32) {
  scf.forall (%i, %j) in (%n, 8) {
    %cst = arith.constant 1.0 : f32
    memref.store %cst, %x[%i, %j] : memref<?x8xf32, strided<[?, 1], offset: ?>>
  } {colt5.threads = 64 : i64, mapping = [#colt5.tile<0>, #colt5.tile<1>]}
  scf.forall (%i, %j) in (%n, 8) {
    %cst = arith.constant 1.0 : f32
    memref.store %cst, %x[%i, %j] : memref<?x8xf32, strided<[?, 1], offset: ?>>
  } {colt5.threads = 64 : i64, mapping = [#colt5.tile<0>, #colt5.tile<1>]}
  return
}

// -----

// A constant of the module becomes one of the kernel module; colt5.thread_id is the number of the block.
memref.global "private" constant @table : memref<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>
// CHECK-LABEL: gpu.module @colt5_kernels
// CHECK: memref.global "private" constant @table
// CHECK: gpu.func @g_kernel0
// CHECK-DAG: %[[B:.*]] = gpu.block_id x
// CHECK-DAG: %[[T:.*]] = memref.get_global @table
// CHECK: memref.load %[[T]][%[[B]]]
func.func @g(%y: memref<4xf32>) {
  %t = memref.get_global @table : memref<4xf32>
  scf.forall (%i) in (4) {
    %b = colt5.thread_id : index
    %v = memref.load %t[%b] : memref<4xf32>
    memref.store %v, %y[%i] : memref<4xf32>
  } {colt5.threads = 32 : i64, mapping = [#colt5.tile<0>]}
  return
}

// -----

// So does one of which host code makes a view: the kernel is handed the offset and makes the view itself.
memref.global "private" constant @rows : memref<3x4xf32> = dense<1.0>
// CHECK-LABEL: gpu.module @colt5_kernels
// CHECK: memref.global "private" constant @rows
// CHECK: gpu.func @h_kernel0(%[[ROW:.*]]: i64, %{{.*}}: !llvm.ptr) kernel
// CHECK-DAG: %[[I:.*]] = arith.index_cast %[[ROW]] : i64 to index
// CHECK-DAG: %[[T:.*]] = memref.get_global @rows
// CHECK: memref.subview %[[T]][%[[I]], 0]
// CHECK-LABEL: func.func @h(
// CHECK: gpu.launch_func
func.func @h(%y: memref<4xf32>, %row: index) {
  %t = memref.get_global @rows : memref<3x4xf32>
  %s = memref.subview %t[%row, 0] [1, 4] [1, 1] : memref<3x4xf32> to memref<4xf32, strided<[1], offset: ?>>
  scf.forall (%i) in (4) {
    %v = memref.load %s[%i] : memref<4xf32, strided<[1], offset: ?>>
    memref.store %v, %y[%i] : memref<4xf32>
  } {colt5.threads = 32 : i64, mapping = [#colt5.tile<0>]}
  return
}

// -----

// A kernel that is written as a whole names the constant, too.
// CHECK-LABEL: gpu.module @colt5_kernels
// CHECK: memref.global "private" constant @mask
// CHECK: gpu.func @written(%{{[a-z0-9]*}}: !llvm.ptr) kernel
// CHECK: %[[M:.*]] = memref.get_global @mask
// CHECK: memref.load %[[M]]
module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @written(%m: memref<4xi1>, %y: memref<4xi1>) kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
      %c0 = arith.constant 0 : index
      %v = memref.load %m[%c0] : memref<4xi1>
      memref.store %v, %y[%c0] : memref<4xi1>
      gpu.return
    }
  }
  memref.global "private" constant @mask : memref<4xi1> = dense<[true, false, true, false]>
  func.func @w(%y: memref<4xi1>) {
    %c1 = arith.constant 1 : index
    %m = memref.get_global @mask : memref<4xi1>
    colt5.launch @colt5_kernels::@written grid(%c1) ins(%m : memref<4xi1>) outs(%y : memref<4xi1>)
    return
  }
}
