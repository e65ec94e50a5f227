// rope and block_summary: the threads of a block share the elements.
// RUN: colt5-opt %s --colt5-lower-simt --split-input-file --canonicalize | FileCheck %s

// The angle is computed once for the heads of a group, in f64.
// CHECK-LABEL: func.func @rope
// CHECK: scf.for %{{.*}} = %{{.*}} to %c1120 step %c256
// CHECK:   math.exp {{.*}} : f64
// CHECK:   math.cos {{.*}} : f64
// CHECK:   math.sin {{.*}} : f64
// CHECK:   scf.for %{{.*}} = %c0{{.*}} to %c4
// CHECK-COUNT-2: memref.store
func.func @rope(%x: memref<2x4x35x32xf32>, %p: memref<2x35xi32>, %y: memref<2x4x35x32xf32>) {
  scf.forall (%i) in (1) {
    colt5.rope ins(%x, %p : memref<2x4x35x32xf32>, memref<2x35xi32>) outs(%y : memref<2x4x35x32xf32>)
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// The first zero of the mask is found together; a one behind it sets the error word.
// CHECK-LABEL: func.func @summary
// CHECK: %[[FIRST:.*]] = scf.for %{{.*}} = %{{.*}} to %c64{{.*}} step %c256
// CHECK: gpu.shuffle xor
// CHECK: gpu.barrier
// CHECK: %[[BEHIND:.*]] = arith.cmpi sgt
// CHECK: arith.andi %[[BEHIND]]
// CHECK: memref.atomic_rmw ori
// CHECK: scf.for %{{.*}} = %{{.*}} to %c28{{.*}} step %c256
// CHECK:   scf.for {{.*}} iter_args
// CHECK:   memref.store
func.func @summary(%x: memref<1x64x7xf32>, %m: memref<1x64xi1>, %s: memref<1x4x7xf32>, %ok: memref<1x4xi1>,
                   %ids: memref<1x64xi32>, %error: memref<1xi32> {colt5.error_word}) {
  scf.forall (%i) in (1) {
    colt5.block_summary ins(%x : memref<1x64x7xf32>) mask(%m : memref<1x64xi1>)
        outs(%s, %ok, %ids : memref<1x4x7xf32>, memref<1x4xi1>, memref<1x64xi32>)
  } {mapping = [#colt5.tile<0>]}
  return
}
