// Attention of a thread block: tiles of queries, keys and values in shared memory, scores and output in registers.
// RUN: colt5-opt %s --colt5-lower-simt --split-input-file --canonicalize | FileCheck %s
// RUN: colt5-opt %s --colt5-set-machine="name=sm_80 overrides=threads=128" --colt5-lower-simt --split-input-file --canonicalize | FileCheck %s --check-prefix=HALF

// 64 queries by 32 keys. The statistics of a row live in 16 lanes, and no thread walks the keys alone.
// CHECK-LABEL: func.func @plain
// CHECK-NOT: colt5.attention
// CHECK-DAG: memref.alloca() {alignment = 16 : i64} : memref<64x68xf32, #gpu.address_space<workgroup>>
// CHECK-DAG: memref.alloca() {alignment = 16 : i64} : memref<32x68xf32, #gpu.address_space<workgroup>>
// CHECK-DAG: memref.alloca() {alignment = 16 : i64} : memref<32x64xf32, #gpu.address_space<workgroup>>
// CHECK-DAG: memref.alloca() {alignment = 16 : i64} : memref<64x36xf32, #gpu.address_space<workgroup>>
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c128{{.*}} step %c32{{.*}} iter_args
// CHECK:   gpu.barrier
// CHECK:   scf.for %{{.*}} = %c0{{.*}} to %c64{{.*}} step %c8
// CHECK:     vector.load {{.*}} {alignment = 16 : i64} : memref<64x68xf32, #gpu.address_space<workgroup>>, vector<4xf32>
// CHECK:     math.fma
// CHECK:   gpu.shuffle xor
// CHECK:   arith.maxnumf
// CHECK:   math.exp
// CHECK:   gpu.barrier
// CHECK:   scf.for %{{.*}} = %c0{{.*}} to %c32{{.*}} step %c4
// CHECK:     math.fma
// CHECK:   gpu.barrier
// CHECK:   scf.yield
// HALF-LABEL: func.func @plain
// HALF-DAG: memref<32x68xf32, #gpu.address_space<workgroup>>
// HALF-DAG: memref<32x36xf32, #gpu.address_space<workgroup>>
func.func @plain(%q: memref<1x1x64x64xf32>, %k: memref<1x1x128x64xf32>, %o: memref<1x1x64x64xf32>) {
  scf.forall (%i) in (1) {
    colt5.attention ins(%q, %k, %k : memref<1x1x64x64xf32>, memref<1x1x128x64xf32>, memref<1x1x128x64xf32>)
        outs(%o : memref<1x1x64x64xf32>)
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// The keys of gathered queries: every warp finds the least and the greatest position by itself.
// CHECK-LABEL: func.func @positions
// CHECK: arith.minsi
// CHECK: arith.maxsi
// CHECK-COUNT-10: gpu.shuffle xor
// CHECK: %[[FIRST:.*]] = arith.maxsi {{.*}} : index
// CHECK: scf.for %{{.*}} = %[[FIRST]]
func.func @positions(%q: memref<1x1x64x32xbf16>, %p: memref<1x64xi32>, %o: memref<1x1x64x32xbf16>) {
  scf.forall (%i) in (1) {
    colt5.attention ins(%q, %q, %q : memref<1x1x64x32xbf16>, memref<1x1x64x32xbf16>, memref<1x1x64x32xbf16>)
        q_pos(%p : memref<1x64xi32>) outs(%o : memref<1x1x64x32xbf16>) {pattern = #colt5.window<9, 9>}
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// A dynamic head is read in blocks of 64 columns; the bias is a table by distance in shared memory.
// CHECK-LABEL: func.func @dynamic
// CHECK-DAG: memref<183xf32, #gpu.address_space<workgroup>>
// CHECK-DAG: memref<64x68xf32, #gpu.address_space<workgroup>>
// CHECK: %[[HEAD:.*]] = memref.dim %{{.*}}, %c3
// CHECK: %[[COLUMNS:.*]] = arith.maxsi %[[HEAD]], %c1
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %[[COLUMNS]] step %c64
func.func @dynamic(%q: memref<?x?x?x?xf32>, %t: memref<?x32xf32>, %o: memref<?x?x?x?xf32>) {
  scf.forall (%i) in (1) {
    colt5.attention ins(%q, %q, %q : memref<?x?x?x?xf32>, memref<?x?x?x?xf32>, memref<?x?x?x?xf32>)
        bias_table(%t : memref<?x32xf32>) outs(%o : memref<?x?x?x?xf32>) {bias = #colt5.t5_buckets<32, 128, bidirectional>}
  } {mapping = [#colt5.tile<0>]}
  return
}
