// RUN: colt5-opt %s --colt5-lower-attention --canonicalize | FileCheck %s
// RUN: colt5-opt %s --colt5-set-machine="name=cpu-generic overrides=vector_bytes=64" --colt5-lower-attention | FileCheck %s --check-prefix=WIDE

// Queries stand in the lanes: scores are keys x queries, and no reduction runs across a vector.
// CHECK-LABEL: @plain
// CHECK-NOT: colt5.
// CHECK-DAG: memref.alloca() {alignment = 64 : i64} : memref<66x16xf32>
// CHECK: vector.fma {{.*}} : vector<8xf32>
// CHECK: arith.maxnumf {{.*}} : vector<16xf32>
// CHECK: math.exp {{.*}} : vector<16xf32>
// CHECK-NOT: vector.reduction
// CHECK: return
// WIDE-LABEL: @plain
// WIDE: vector.fma {{.*}} : vector<16xf32>
func.func @plain(%q: memref<1x2x64x32xf32>, %k: memref<1x2x128x32xf32>, %o: memref<1x2x64x32xf32>) {
  colt5.attention ins(%q, %k, %k : memref<1x2x64x32xf32>, memref<1x2x128x32xf32>, memref<1x2x128x32xf32>)
      outs(%o : memref<1x2x64x32xf32>)
  return
}

// Only the keys of the window are visited, and rows behind a mask are not read but staged as zeros.
// CHECK-LABEL: @window
// CHECK: %[[LEFT:.+]] = arith.constant -127 : index
// CHECK: arith.addi {{.*}}, %[[LEFT]] : index
// CHECK: linalg.copy
// CHECK: linalg.fill
// CHECK: arith.andi {{.*}} : vector<16xi1>
func.func @window(%q: memref<1x2x?x32xf32>, %m: memref<1x?xi1>, %o: memref<1x2x?x32xf32>) {
  colt5.attention ins(%q, %q, %q : memref<1x2x?x32xf32>, memref<1x2x?x32xf32>, memref<1x2x?x32xf32>)
      kv_valid(%m : memref<1x?xi1>) outs(%o : memref<1x2x?x32xf32>) {pattern = #colt5.window<127, 127>}
  return
}

// Scratch stands at the top of a thread's work, not in its loops.
// CHECK-LABEL: @parallel
// CHECK-NOT: memref.alloca
// CHECK: scf.forall
// CHECK-NEXT: memref.alloca
func.func @parallel(%q: memref<4x2x64x32xf32>, %o: memref<4x2x64x32xf32>, %n: index) {
  %c1 = arith.constant 1 : index
  scf.forall (%b) in (4) {
    %qb = memref.subview %q[%b, 0, 0, 0] [1, 2, 64, 32] [1, 1, 1, 1]
        : memref<4x2x64x32xf32> to memref<1x2x64x32xf32, strided<[4096, 2048, 32, 1], offset: ?>>
    %ob = memref.subview %o[%b, 0, 0, 0] [1, 2, 64, 32] [1, 1, 1, 1]
        : memref<4x2x64x32xf32> to memref<1x2x64x32xf32, strided<[4096, 2048, 32, 1], offset: ?>>
    scf.for %i = %b to %n step %c1 {
      colt5.attention ins(%qb, %qb, %qb : memref<1x2x64x32xf32, strided<[4096, 2048, 32, 1], offset: ?>>,
          memref<1x2x64x32xf32, strided<[4096, 2048, 32, 1], offset: ?>>, memref<1x2x64x32xf32, strided<[4096, 2048, 32, 1], offset: ?>>)
          outs(%ob : memref<1x2x64x32xf32, strided<[4096, 2048, 32, 1], offset: ?>>)
    }
  } {mapping = [#colt5.tile<0>]}
  return
}

// The score region is copied to the loop over scores; the running state is read and written.
// CHECK-LABEL: @online
// CHECK-SAME: %[[ACC:[a-z0-9]+]]: memref<1x2x64x32xf32>, %[[MAX:[a-z0-9]+]]: memref<1x2x64xf32>
// CHECK: memref.load %[[MAX]]
// CHECK: memref.load %[[ACC]]
// CHECK: math.tanh
// CHECK: memref.store {{.*}}, %[[ACC]]
// CHECK: memref.store {{.*}}, %[[MAX]]
func.func @online(%q: memref<1x2x64x32xf32>, %acc: memref<1x2x64x32xf32>, %max: memref<1x2x64xf32>, %sum: memref<1x2x64xf32>) {
  colt5.online_attention ins(%q, %q, %q : memref<1x2x64x32xf32>, memref<1x2x64x32xf32>, memref<1x2x64x32xf32>)
      outs(%acc, %max, %sum : memref<1x2x64x32xf32>, memref<1x2x64xf32>, memref<1x2x64xf32>) {scale = 0.5} {
  ^bb0(%s: f32, %i: i32, %j: i32):
    %t = math.tanh %s : f32
    colt5.yield %t : f32
  }
  return
}
