// Ops of a kernel become code that all threads of the block run; outside of kernels nothing changes.
// RUN: colt5-opt %s --colt5-set-machine="name=sm_80 overrides=threads=128" --colt5-lower-simt --split-input-file | FileCheck %s

// Neighbouring threads take neighbouring elements; one barrier stands between the ops and none at the end.
// CHECK-LABEL: func.func @elementwise
func.func @elementwise(%x: memref<3x5xf32>, %y: memref<3x5xf32>) {
  // CHECK: linalg.copy
  linalg.copy ins(%x : memref<3x5xf32>) outs(%y : memref<3x5xf32>)
  // CHECK: scf.forall
  scf.forall (%i) in (1) {
    // CHECK-DAG: %[[T:.*]] = gpu.thread_id x
    // CHECK-DAG: %[[ALL:.*]] = arith.constant 15 : index
    // CHECK: scf.for %[[I:.*]] = %[[T]] to %[[ALL]] step %c128
    // CHECK:   arith.remui %[[I]], %c5
    // CHECK:   arith.divui %[[I]], %c5
    // CHECK:   memref.load %{{.*}}[%{{.*}}, %{{.*}}]
    // CHECK:   memref.store
    // CHECK: gpu.barrier
    linalg.add ins(%x, %x : memref<3x5xf32>, memref<3x5xf32>) outs(%y : memref<3x5xf32>)
    // CHECK: scf.for
    // CHECK-NOT: gpu.barrier
    linalg.mul ins(%x, %y : memref<3x5xf32>, memref<3x5xf32>) outs(%y : memref<3x5xf32>)
    // CHECK: colt5.threads = 128
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// Fewer results than threads: a warp per result, whose lanes are combined by shuffles. What was in the result is read by
// the lane that writes it and by no other.
// CHECK-LABEL: func.func @reduction
func.func @reduction(%x: memref<3x701xf32>, %y: memref<3xf32>) {
  scf.forall (%i) in (1) {
    // CHECK-DAG: %[[W:.*]] = arith.divui %{{.*}}, %c32
    // CHECK: scf.for %{{.*}} = %[[W]] to %c3{{.*}} step %c4
    // CHECK: scf.for %{{.*}} = %{{.*}} to %c701{{.*}} step %c32{{.*}} iter_args
    // CHECK-NOT: memref.load %arg1
    // CHECK-COUNT-5: gpu.shuffle xor
    // CHECK: scf.if
    // CHECK-NEXT: memref.load %arg1
    // CHECK-NEXT: arith.addf
    // CHECK-NEXT: memref.store
    linalg.reduce { arith.addf } ins(%x : memref<3x701xf32>) outs(%y : memref<3xf32>) dimensions = [1]
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// A store is the same in all threads, so one of them does it.
// CHECK-LABEL: func.func @scalar
func.func @scalar(%y: memref<f32>, %v: f32) {
  scf.forall (%i) in (1) {
    // CHECK: %[[T:.*]] = gpu.thread_id x
    // CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[T]], %c0
    // CHECK: scf.if %[[FIRST]] {
    // CHECK-NEXT: memref.store
    memref.store %v, %y[] : memref<f32>
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// Blocks that find a bad index do not race for the error word.
// CHECK-LABEL: func.func @index_error
func.func @index_error(%x: memref<1x9x5xf32>, %i: memref<1x3xi32>, %y: memref<1x3x5xf32>,
                       %e: memref<1xi32> {colt5.error_word}) {
  scf.forall (%b) in (1) {
    // CHECK: memref.atomic_rmw ori %c1_i32, %{{.*}}[%c0] : (i32, memref<1xi32>)
    colt5.gather ins(%x, %i : memref<1x9x5xf32>, memref<1x3xi32>) outs(%y : memref<1x3x5xf32>)
  } {mapping = [#colt5.tile<0>]}
  return
}
