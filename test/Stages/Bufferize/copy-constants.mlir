// A constant that host code hands on gets a buffer; what kernels and copies name stays.
// RUN: colt5-opt %s --pass-pipeline='builtin.module(colt5-set-machine{name=sm_80},func.func(colt5-copy-constants))' | FileCheck %s

memref.global "private" constant @table : memref<4xf32> = dense<1.0>

// CHECK-LABEL: func.func @chosen(
// CHECK: %[[T:.*]] = memref.get_global @table
// CHECK: %[[B:.*]] = memref.alloc() : memref<4xf32>
// CHECK: memref.copy %[[T]], %[[B]]
// CHECK: arith.select %{{.*}}, %{{.*}}, %[[B]]
func.func @chosen(%x: memref<4xf32>, %y: memref<4xf32>, %c: i1) {
  %t = memref.get_global @table : memref<4xf32>
  %s = arith.select %c, %x, %t : memref<4xf32>
  memref.copy %s, %y : memref<4xf32> to memref<4xf32>
  return
}

// CHECK-LABEL: func.func @yielded(
// CHECK: %[[B:.*]] = memref.alloc() : memref<4xf32>
// CHECK: %[[V:.*]] = memref.subview %[[B]]
// CHECK: scf.yield %[[V]]
func.func @yielded(%x: memref<2xf32, strided<[1]>>, %y: memref<2xf32>, %c: i1) {
  %t = memref.get_global @table : memref<4xf32>
  %v = memref.subview %t[0] [2] [1] : memref<4xf32> to memref<2xf32, strided<[1]>>
  %s = scf.if %c -> (memref<2xf32, strided<[1]>>) {
    scf.yield %v : memref<2xf32, strided<[1]>>
  } else {
    scf.yield %x : memref<2xf32, strided<[1]>>
  }
  linalg.copy ins(%s : memref<2xf32, strided<[1]>>) outs(%y : memref<2xf32>)
  return
}

// CHECK-LABEL: func.func @named(
// CHECK-NOT: memref.alloc
func.func @named(%y: memref<4xf32>) {
  %t = memref.get_global @table : memref<4xf32>
  memref.copy %t, %y : memref<4xf32> to memref<4xf32>
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select> ins(%t : memref<4xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  scf.forall (%i) in (4) {
    %v = memref.load %t[%i] : memref<4xf32>
    memref.store %v, %y[%i] : memref<4xf32>
  } {mapping = [#colt5.tile<0>]}
  return
}
