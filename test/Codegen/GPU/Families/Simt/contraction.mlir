// RUN: colt5-opt %s -split-input-file --colt5-set-machine="name=sm_80 overrides=threads=256" --colt5-lower-simt --canonicalize --cse | FileCheck %s

// 128 x 64 outputs: every thread has 8 x 4 of them. A is transposed on its way through shared memory, whose rows are
// padded; both operands are read in vectors of 16 bytes, two stages take turns, and one barrier stands in a step. The
// fill is absorbed: C is written without being read.
// CHECK-LABEL: func.func @tile
// CHECK: scf.forall
// CHECK-DAG: %[[B:.*]] = memref.alloca() {{.*}} : memref<2x16x64xf32, #gpu.address_space<workgroup>>
// CHECK-DAG: %[[A:.*]] = memref.alloca() {{.*}} : memref<2x16x132xf32, #gpu.address_space<workgroup>>
// CHECK-NOT: linalg
// CHECK: vector.load %{{.*}} {alignment = 16 : i64} : memref<128x768xf32{{.*}}, vector<4xf32>
// CHECK: scf.for {{.*}} iter_args
// CHECK-COUNT-4: memref.store %{{.*}}, %[[A]]
// CHECK: vector.store %{{.*}}, %[[B]][{{.*}}] {alignment = 16 : i64}
// CHECK: gpu.barrier
// CHECK: vector.load %{{.*}} {alignment = 16 : i64} : memref<128x768xf32{{.*}}, vector<4xf32>
// CHECK-COUNT-128: math.fma
// CHECK-NOT: math.fma
// CHECK: scf.yield
// CHECK-NOT: vector.load
// CHECK-COUNT-8: vector.store %{{.*}} {alignment = 16 : i64} : memref<128x64xf32{{.*}}, vector<4xf32>
// CHECK-NOT: linalg
func.func @tile(%a: memref<256x768xf32>, %b: memref<768x768xf32>, %c: memref<256x768xf32>) {
  scf.forall (%i, %j) = (0, 0) to (256, 768) step (128, 64) {
    %zero = arith.constant 0.0 : f32
    %ta = memref.subview %a[%i, 0] [128, 768] [1, 1] : memref<256x768xf32> to memref<128x768xf32, strided<[768, 1], offset: ?>>
    %tb = memref.subview %b[0, %j] [768, 64] [1, 1] : memref<768x768xf32> to memref<768x64xf32, strided<[768, 1], offset: ?>>
    %tc = memref.subview %c[%i, %j] [128, 64] [1, 1] : memref<256x768xf32> to memref<128x64xf32, strided<[768, 1], offset: ?>>
    linalg.fill ins(%zero : f32) outs(%tc : memref<128x64xf32, strided<[768, 1], offset: ?>>)
    linalg.matmul ins(%ta, %tb : memref<128x768xf32, strided<[768, 1], offset: ?>>, memref<768x64xf32, strided<[768, 1], offset: ?>>) outs(%tc : memref<128x64xf32, strided<[768, 1], offset: ?>>)
  } {mapping = [#colt5.tile<0>, #colt5.tile<1>]}
  return
}

// -----

// 32 x 32 outputs are too few for 256 threads of 4 x 4: four sets of threads take a quarter of every stage, and the sums
// are added in the order of the sets. C is read.
// CHECK-LABEL: func.func @slices
// CHECK: %[[P:.*]] = memref.alloca() {{.*}} : memref<1x4x32x32xf32, #gpu.address_space<workgroup>>
// CHECK: scf.for {{.*}} iter_args
// CHECK-COUNT-4: math.fma
// CHECK: scf.yield
// CHECK-COUNT-4: vector.store %{{.*}}, %[[P]]
// CHECK: gpu.barrier
// CHECK-COUNT-4: vector.load %[[P]]
// CHECK: vector.load %{{.*}} : memref<32x32xf32
// CHECK: vector.store %{{.*}} : memref<32x32xf32
func.func @slices(%a: memref<32x8192xf32>, %b: memref<8192x32xf32>, %c: memref<32x32xf32>) {
  scf.forall (%i) in (1) {
    linalg.matmul ins(%a, %b : memref<32x8192xf32>, memref<8192x32xf32>) outs(%c : memref<32x32xf32>)
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// Rows that are not aligned are read element by element, k in neighbouring threads; a k that ends within a stage reads as
// zero, and outputs beyond the end are not written.
// CHECK-LABEL: func.func @odd
// CHECK: vector.load {{.*}} : memref<65x35xf32>, vector<1xf32>
// CHECK: arith.select {{.*}} : vector<1xf32>
// CHECK: scf.if
// CHECK: memref.store {{.*}} : memref<65x33xf32>
func.func @odd(%a: memref<65x35xf32>, %b: memref<35x33xf32>, %c: memref<65x33xf32>) {
  scf.forall (%i) in (1) {
    linalg.matmul ins(%a, %b : memref<65x35xf32>, memref<35x33xf32>) outs(%c : memref<65x33xf32>)
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// f16 is staged as f32.
// CHECK-LABEL: func.func @half
// CHECK-DAG: memref.alloca() {{.*}} : memref<2x16x64xf32, #gpu.address_space<workgroup>>
// CHECK: %[[V:.*]] = vector.load {{.*}} : memref<64x64xf16>, vector<4xf16>
// CHECK: arith.extf {{.*}} : vector<4xf16> to vector<4xf32>
func.func @half(%a: memref<64x64xf16>, %b: memref<64x64xf16>, %c: memref<64x64xf32>) {
  scf.forall (%i) in (1) {
    linalg.matmul ins(%a, %b : memref<64x64xf16>, memref<64x64xf16>) outs(%c : memref<64x64xf32>)
  } {mapping = [#colt5.tile<0>]}
  return
}
