// RUN: colt5-opt %s --convert-colt5-to-loops | FileCheck %s

// An index outside sets the error word and counts as "no token".
// CHECK-LABEL: @gather
// CHECK-SAME: %[[ERROR:[a-z0-9]+]]: memref<1xi32> {colt5.error_word}
// CHECK: %[[INDEX:.+]] = arith.index_cast {{.*}} : i32 to index
// CHECK: %[[INSIDE:.+]] = arith.cmpi ult, %[[INDEX]]
// CHECK: memref.store {{.*}}, %[[ERROR]]
// CHECK: scf.if %[[INSIDE]]
// CHECK: linalg.generic
// CHECK: linalg.fill
func.func @gather(%x: memref<2x?x64xf32>, %idx: memref<2x8xi32>, %out: memref<2x8x64xf32>,
                  %error: memref<1xi32> {colt5.error_word}) {
  colt5.gather ins(%x, %idx : memref<2x?x64xf32>, memref<2x8xi32>) outs(%out : memref<2x8x64xf32>)
  return
}

// CHECK-LABEL: @trusted
// CHECK-NOT: memref.store
// CHECK: return
func.func @trusted(%x: memref<2x?x64xf32>, %idx: memref<2x8xi32>, %out: memref<2x8x64xf32>,
                   %error: memref<1xi32> {colt5.error_word}) {
  colt5.gather ins(%x, %idx : memref<2x?x64xf32>, memref<2x8xi32>) outs(%out : memref<2x8x64xf32>) {trusted}
  return
}

// bf16 rows are combined in f32 and rounded once.
// CHECK-LABEL: @scatter
// CHECK: linalg.generic
// CHECK: %[[WIDE:.+]] = arith.extf {{.*}} : bf16 to f32
// CHECK: %[[WEIGHTED:.+]] = arith.mulf %[[WIDE]]
// CHECK: %[[SUM:.+]] = arith.addf {{.*}}, %[[WEIGHTED]]
// CHECK: arith.truncf %[[SUM]] : f32 to bf16
func.func @scatter(%y: memref<2x8x64xbf16>, %idx: memref<2x8xi32>, %w: memref<2x8xf32>, %base: memref<2x?x64xbf16>) {
  colt5.scatter_combine ins(%y, %idx : memref<2x8x64xbf16>, memref<2x8xi32>) weight(%w : memref<2x8xf32>)
      outs(%base : memref<2x?x64xbf16>) {unique}
  return
}

// CHECK-LABEL: @rows
// CHECK: math.fma {{.*}} : vector<16xf32>
// CHECK: math.sqrt
// CHECK: math.fma {{.*}} : vector<8xf64>
func.func @rows(%x: memref<2x4x64xbf16>, %r: memref<2x4xf32>, %y: memref<2x4x64xf64>, %u: memref<3x64xf64>, %s: memref<2x3x4xf64>) {
  colt5.rms_scale ins(%x : memref<2x4x64xbf16>) outs(%r : memref<2x4xf32>)
  colt5.router_scores ins(%y, %u : memref<2x4x64xf64>, memref<3x64xf64>) outs(%s : memref<2x3x4xf64>)
  return
}

// Angles are f64, whatever the data.
// CHECK-LABEL: @rope
// CHECK: math.cos {{.*}} : vector<8xf64>
// CHECK: vector.deinterleave {{.*}} : vector<16xf32>
// CHECK: vector.interleave
func.func @rope(%x: memref<1x2x8x64xf32>, %pos: memref<1x8xi32>, %out: memref<1x2x8x64xf32>) {
  colt5.rope ins(%x, %pos : memref<1x2x8x64xf32>, memref<1x8xi32>) outs(%out : memref<1x2x8x64xf32>) {layout = interleaved}
  return
}

// CHECK-LABEL: @summary
// CHECK-NOT: colt5.
// CHECK: return
func.func @summary(%x: memref<2x64x32xf32>, %m: memref<2x64xi1>, %s: memref<2x4x32xf32>, %v: memref<2x4xi1>,
                   %id: memref<2x64xi32>) {
  colt5.block_summary ins(%x : memref<2x64x32xf32>) mask(%m : memref<2x64xi1>)
      outs(%s, %v, %id : memref<2x4x32xf32>, memref<2x4xi1>, memref<2x64xi32>)
  return
}
