// Host code of a GPU does not touch device memory.
// RUN: colt5-opt %s --colt5-copies-to-kernels --split-input-file --verify-diagnostics | FileCheck %s

// Dense buffers are copied in pieces of 4096 elements, whatever their rank.
// CHECK-LABEL: func.func @dense
// CHECK: %[[FROM:.*]] = memref.collapse_shape %{{.*}} {{\[\[0, 1\]\]}} : memref<100x100xf32> into memref<10000xf32>
// CHECK: %[[TO:.*]] = memref.collapse_shape
// CHECK: scf.forall (%{{.*}}) = (0) to (10000) step (4096)
// CHECK: memref.subview %[[FROM]]
// CHECK: memref.copy
// CHECK: mapping = [#colt5.tile<0>]
func.func @dense(%x: memref<100x100xf32>, %y: memref<100x100xf32>) {
  memref.copy %x, %y : memref<100x100xf32> to memref<100x100xf32>
  return
}

// -----

// CHECK-LABEL: func.func @strided
// CHECK: scf.forall (%{{.*}}) in (%{{.*}})
// CHECK: memref.copy {{.*}} memref<1x8xf32, strided<[16, 1], offset: ?>>
func.func @strided(%x: memref<?x8xf32, strided<[16, 1]>>, %y: memref<?x8xf32>) {
  linalg.copy ins(%x : memref<?x8xf32, strided<[16, 1]>>) outs(%y : memref<?x8xf32>)
  return
}

// -----

// CHECK-LABEL: func.func @store
// CHECK: scf.forall (%{{.*}}) in (1)
// CHECK-NEXT: memref.store
func.func @store(%x: memref<f32>, %v: f32) {
  memref.store %v, %x[] : memref<f32>
  return
}

// -----

func.func @load(%x: memref<4xf32>, %i: index) -> f32 {
  // expected-error@+1 {{reads an element of a buffer of type 'memref<4xf32>' on the host, where device memory cannot be read}}
  %v = memref.load %x[%i] : memref<4xf32>
  return %v : f32
}
