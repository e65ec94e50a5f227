// RUN: colt5-opt %s -split-input-file --colt5-set-machine="name=sm_80 overrides=threads=256" --colt5-lower-simt --canonicalize --cse | FileCheck %s

// Arguments of an entry are aligned to 16 bytes, and so are rows of 768 elements.
// CHECK-LABEL: func.func @copy
// CHECK: %[[V:.*]] = vector.load {{.*}} {alignment = 16 : i64} : memref<2x768xf32{{.*}}, vector<4xf32>
// CHECK: vector.store %[[V]], {{.*}} {alignment = 16 : i64}
func.func @copy(%x: memref<256x768xf32>, %y: memref<256x768xf32>) {
  scf.forall (%i) = (0) to (256) step (2) {
    %tx = memref.subview %x[%i, 0] [2, 768] [1, 1] : memref<256x768xf32> to memref<2x768xf32, strided<[768, 1], offset: ?>>
    %ty = memref.subview %y[%i, 0] [2, 768] [1, 1] : memref<256x768xf32> to memref<2x768xf32, strided<[768, 1], offset: ?>>
    memref.copy %tx, %ty : memref<2x768xf32, strided<[768, 1], offset: ?>> to memref<2x768xf32, strided<[768, 1], offset: ?>>
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// Columns that start anywhere, rows of odd size and arguments of private functions are not known to be aligned.
// CHECK-LABEL: func.func @anywhere
// CHECK-NOT: vector.load
// CHECK: return
func.func @anywhere(%x: memref<16x1024xf32>, %y: memref<16x64xf32>, %at: index) {
  scf.forall (%i) in (1) {
    %tx = memref.subview %x[0, %at] [16, 64] [1, 1] : memref<16x1024xf32> to memref<16x64xf32, strided<[1024, 1], offset: ?>>
    memref.copy %tx, %y : memref<16x64xf32, strided<[1024, 1], offset: ?>> to memref<16x64xf32>
  } {mapping = [#colt5.tile<0>]}
  return
}
// CHECK-LABEL: func.func @odd_rows
// CHECK-NOT: vector.load
// CHECK: return
func.func @odd_rows(%x: memref<64x33xf32>, %y: memref<64x33xf32>) {
  scf.forall (%i) in (1) {
    memref.copy %x, %y : memref<64x33xf32> to memref<64x33xf32>
  } {mapping = [#colt5.tile<0>]}
  return
}
// The offset of row 30001 is odd, although it is too large for the analysis to keep its divisor.
// CHECK-LABEL: func.func @far_row
// CHECK-NOT: vector.load
// CHECK: return
func.func @far_row(%x: memref<70001x70001xf32>, %y: memref<1x64xf32>) {
  scf.forall (%i) in (1) {
    %tx = memref.subview %x[30001, 0] [1, 64] [1, 1] : memref<70001x70001xf32> to memref<1x64xf32, strided<[70001, 1], offset: 2100100001>>
    memref.copy %tx, %y : memref<1x64xf32, strided<[70001, 1], offset: 2100100001>> to memref<1x64xf32>
  } {mapping = [#colt5.tile<0>]}
  return
}
// CHECK-LABEL: func.func @far_even_row
// CHECK: vector.load {{.*}} {alignment = 16 : i64}
func.func @far_even_row(%x: memref<70001x70000xf32>, %y: memref<1x64xf32>) {
  scf.forall (%i) in (1) {
    %tx = memref.subview %x[30001, 0] [1, 64] [1, 1] : memref<70001x70000xf32> to memref<1x64xf32, strided<[70000, 1], offset: 2100070000>>
    memref.copy %tx, %y : memref<1x64xf32, strided<[70000, 1], offset: 2100070000>> to memref<1x64xf32>
  } {mapping = [#colt5.tile<0>]}
  return
}
// Where a loop starts at a value, nothing is known.
// CHECK-LABEL: func.func @affine_loop
// CHECK-NOT: vector.load
// CHECK: return
func.func @affine_loop(%x: memref<64x64xf32>, %y: memref<1x8xf32>, %lo: index) {
  scf.forall (%i) in (1) {
    affine.for %j = %lo to 64 step 8 {
      %tx = memref.subview %x[0, %j] [1, 8] [1, 1] : memref<64x64xf32> to memref<1x8xf32, strided<[64, 1], offset: ?>>
      memref.copy %tx, %y : memref<1x8xf32, strided<[64, 1], offset: ?>> to memref<1x8xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return
}
// CHECK-LABEL: func.func private @callee
// CHECK-NOT: vector.load
// CHECK: return
func.func private @callee(%x: memref<64x64xf32>, %y: memref<64x64xf32>) {
  scf.forall (%i) in (1) {
    memref.copy %x, %y : memref<64x64xf32> to memref<64x64xf32>
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// bf16 to f32: one vector of the wider type. The second input does not run along the row, the index of a lane counts.
// CHECK-LABEL: func.func @elementwise
// CHECK: vector.load {{.*}} {alignment = 8 : i64} : memref<64x64xbf16>, vector<4xbf16>
// CHECK: memref.load {{.*}} : memref<64xf32>
// CHECK: vector.store {{.*}} {alignment = 16 : i64} : memref<64x64xf32>, vector<4xf32>
func.func @elementwise(%x: memref<64x64xbf16>, %s: memref<64xf32>, %y: memref<64x64xf32>) {
  scf.forall (%i) in (1) {
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%x, %s : memref<64x64xbf16>, memref<64xf32>) outs(%y : memref<64x64xf32>) {
    ^bb0(%e: bf16, %f: f32, %o: f32):
      %wide = arith.extf %e : bf16 to f32
      %r = arith.mulf %wide, %f : f32
      linalg.yield %r : f32
    }
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// A lane of a warp takes vectors of a row.
// CHECK-LABEL: func.func @statistic
// CHECK: vector.load {{.*}} {alignment = 16 : i64} : memref<8x768xf16>, vector<8xf16>
// CHECK: math.fma {{.*}} : vector<8xf32>
// CHECK: gpu.shuffle
func.func @statistic(%x: memref<8x768xf16>, %y: memref<8xf32>) {
  scf.forall (%i) in (1) {
    colt5.rms_scale ins(%x : memref<8x768xf16>) outs(%y : memref<8xf32>)
  } {mapping = [#colt5.tile<0>]}
  return
}
// CHECK-LABEL: func.func @reduction
// CHECK: vector.load {{.*}} : memref<8x768xf32>, vector<4xf32>
// CHECK-COUNT-4: arith.maximumf
// CHECK: gpu.shuffle
func.func @reduction(%x: memref<8x768xf32>, %y: memref<8xf32>) {
  scf.forall (%i) in (1) {
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%x : memref<8x768xf32>) outs(%y : memref<8xf32>) {
    ^bb0(%e: f32, %o: f32):
      %r = arith.maximumf %e, %o : f32
      linalg.yield %r : f32
    }
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// The last tile is shorter, and still a multiple of 4 elements.
// CHECK-LABEL: func.func @last_tile
// CHECK: vector.load {{.*}} {alignment = 16 : i64} : memref<?xf32{{.*}}, vector<4xf32>
func.func @last_tile(%x: memref<100000xf32>, %y: memref<100000xf32>) {
  scf.forall (%i) = (0) to (100000) step (4096) {
    %n = affine.min affine_map<(d0) -> (4096, -d0 + 100000)>(%i)
    %tx = memref.subview %x[%i] [%n] [1] : memref<100000xf32> to memref<?xf32, strided<[1], offset: ?>>
    %ty = memref.subview %y[%i] [%n] [1] : memref<100000xf32> to memref<?xf32, strided<[1], offset: ?>>
    memref.copy %tx, %ty : memref<?xf32, strided<[1], offset: ?>> to memref<?xf32, strided<[1], offset: ?>>
  } {mapping = [#colt5.tile<0>]}
  return
}
