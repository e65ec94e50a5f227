// RUN: colt5-opt %s --canonicalize --cse --loop-invariant-code-motion --split-input-file | FileCheck %s

// An op on tensors without users is removed, on memrefs it stays.
// CHECK-LABEL: @dead
func.func @dead(%x: tensor<2x8x4xf32>, %r: tensor<2x8xf32>, %xm: memref<2x8x4xf32>, %rm: memref<2x8xf32>,
    %i: tensor<2x3xi32>) {
  // CHECK-NOT: colt5
  // CHECK: colt5.rms_scale ins(%{{.*}} : memref<2x8x4xf32>) outs(%{{.*}} : memref<2x8xf32>)
  // CHECK-NOT: colt5
  %0 = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) outs(%r : tensor<2x8xf32>) -> tensor<2x8xf32>
  colt5.rms_scale ins(%xm : memref<2x8x4xf32>) outs(%rm : memref<2x8xf32>)
  %1 = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<2x3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%t: tensor<2x3x4xf32>):
    colt5.yield %t : tensor<2x3x4xf32>
  }
  return
}

// -----

// CHECK-LABEL: @common
func.func @common(%x: tensor<2x8x4xf32>, %r: tensor<2x8xf32>) -> (tensor<2x8xf32>, tensor<2x8xf32>) {
  // CHECK: %[[R:.*]] = colt5.rms_scale
  // CHECK-NOT: colt5.rms_scale
  // CHECK: return %[[R]], %[[R]]
  %0 = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) outs(%r : tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) outs(%r : tensor<2x8xf32>) -> tensor<2x8xf32>
  return %0, %1 : tensor<2x8xf32>, tensor<2x8xf32>
}

// -----

// A read of the destination behind the op must not move before it, and one write does not make the next one dead.
// CHECK-LABEL: @memory_order
func.func @memory_order(%x: memref<2x8x4xf32>, %r: memref<2x8xf32>) -> (f32, f32) {
  // CHECK: memref.load
  // CHECK: colt5.rms_scale
  // CHECK: memref.load
  %c0 = arith.constant 0 : index
  %0 = memref.load %r[%c0, %c0] : memref<2x8xf32>
  colt5.rms_scale ins(%x : memref<2x8x4xf32>) outs(%r : memref<2x8xf32>)
  %1 = memref.load %r[%c0, %c0] : memref<2x8xf32>
  return %0, %1 : f32, f32
}

// -----

// Speculation: an invariant op on tensors leaves the loop, one on memrefs does not.
// CHECK-LABEL: @speculation
func.func @speculation(%x: tensor<2x8x4xf32>, %r: tensor<2x8xf32>, %xm: memref<2x8x4xf32>, %rm: memref<2x8xf32>,
    %n: index, %init: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: %[[R:.*]] = colt5.rms_scale ins(%{{.*}} : tensor<2x8x4xf32>)
  // CHECK: scf.for
  // CHECK: colt5.rms_scale ins(%{{.*}} : memref<2x8x4xf32>)
  // CHECK: linalg.add ins(%[[R]]
  %0 = scf.for %i = %c0 to %n step %c1 iter_args(%sum = %init) -> tensor<2x8xf32> {
    %1 = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) outs(%r : tensor<2x8xf32>) -> tensor<2x8xf32>
    colt5.rms_scale ins(%xm : memref<2x8x4xf32>) outs(%rm : memref<2x8xf32>)
    %2 = linalg.add ins(%1, %sum : tensor<2x8xf32>, tensor<2x8xf32>) outs(%sum : tensor<2x8xf32>) -> tensor<2x8xf32>
    scf.yield %2 : tensor<2x8xf32>
  }
  return %0 : tensor<2x8xf32>
}
