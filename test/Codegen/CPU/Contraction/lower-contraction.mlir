// RUN: colt5-opt %s -split-input-file --colt5-lower-contraction --canonicalize --cse | FileCheck %s
// RUN: colt5-opt %s -split-input-file --colt5-set-machine="name=cpu-generic overrides=vector_bytes=64" --colt5-lower-contraction --canonicalize | FileCheck %s --check-prefix=WIDE

// The scratch stands at the top of the forall body, the fill is absorbed, each k block after the first accumulates.
// CHECK-LABEL: func.func @matmul
// CHECK: scf.forall
// CHECK-DAG: %[[A:.*]] = memref.alloca() {alignment = 64 : i64} : memref<44x252x6xf32>
// CHECK-DAG: %[[B:.*]] = memref.alloca() {alignment = 64 : i64} : memref<4x252x16xf32>
// CHECK-NOT: linalg
// CHECK: vector.store %{{.*}}, %[[A]]
// CHECK: vector.store %{{.*}}, %[[B]]
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<8xf32>, vector<8xf32>
// CHECK-COUNT-48: vector.fma
// CHECK: scf.yield
// CHECK: vector.maskedstore
// CHECK-NOT: linalg
// WIDE-LABEL: func.func @matmul
// WIDE: memref<22x252x12xf32>
// WIDE: memref<2x252x32xf32>
// WIDE-COUNT-96: vector.fma {{.*}} : vector<16xf32>
func.func @matmul(%a: memref<?x1000xf32>, %b: memref<1000x64xf32>, %c: memref<?x64xf32>, %p: index) {
  scf.forall (%i) in (4) {
    scf.for %j = %i to %p step %p {
      %zero = arith.constant 0.0 : f32
      linalg.fill ins(%zero : f32) outs(%c : memref<?x64xf32>)
      linalg.matmul ins(%a, %b : memref<?x1000xf32>, memref<1000x64xf32>) outs(%c : memref<?x64xf32>)
    }
  }
  return
}

// -----

// A fill with something else, or one that is not directly before, stays, and C is read.
// CHECK-LABEL: func.func @fill_stays
// CHECK: linalg.fill
// CHECK: memref.store
// CHECK-NOT: linalg.matmul
// CHECK: linalg.fill
// CHECK-NOT: linalg.matmul
func.func @fill_stays(%a: memref<8x16xf32>, %b: memref<16x8xf32>, %c: memref<8x8xf32>, %p: index) {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  linalg.fill ins(%zero : f32) outs(%c : memref<8x8xf32>)
  memref.store %one, %c[%p, %p] : memref<8x8xf32>
  linalg.matmul ins(%a, %b : memref<8x16xf32>, memref<16x8xf32>) outs(%c : memref<8x8xf32>)
  linalg.fill ins(%one : f32) outs(%c : memref<8x8xf32>)
  linalg.matmul ins(%a, %b : memref<8x16xf32>, memref<16x8xf32>) outs(%c : memref<8x8xf32>)
  return
}

// -----

// The gated product packs x once: two multiplications, one set of left panels.
// CHECK-LABEL: func.func @gated
// CHECK: memref<4x16x5xf32>
// CHECK-NOT: memref.alloca() {{.*}}x5xf32>
// CHECK: vector.fma
// CHECK-NOT: linalg
#x = affine_map<(m, n, k) -> (m, k)>
#w = affine_map<(m, n, k) -> (k, n)>
#o = affine_map<(m, n, k) -> (m, n)>
func.func @gated(%x: memref<20x16xf16>, %w: memref<16x32xf16>, %v: memref<16x32xf16>, %c: memref<20x32xf32>,
                 %d: memref<20x32xf32>) {
  linalg.generic {indexing_maps = [#x, #w, #w, #o, #o], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w, %v : memref<20x16xf16>, memref<16x32xf16>, memref<16x32xf16>)
      outs(%c, %d : memref<20x32xf32>, memref<20x32xf32>) {
  ^bb0(%a: f16, %b: f16, %g: f16, %p: f32, %q: f32):
    %ae = arith.extf %a : f16 to f32
    %be = arith.extf %b : f16 to f32
    %ge = arith.extf %g : f16 to f32
    %m = arith.mulf %ae, %be : f32
    %n = arith.mulf %ae, %ge : f32
    %s = arith.addf %p, %m : f32
    %t = arith.addf %q, %n : f32
    linalg.yield %s, %t : f32, f32
  }
  return
}

// -----

// Not taken: f16 accumulation, integers, a body that subtracts, a vector times a matrix, a sum without product.
// CHECK-LABEL: func.func @left_alone
// CHECK-NOT: vector.fma
// CHECK-COUNT-5: linalg.
// CHECK: return
func.func @left_alone(%a: memref<8x16xf16>, %b: memref<16x8xf16>, %c: memref<8x8xf16>, %i: memref<8x8xi32>,
                      %v: memref<16xf32>, %m: memref<16x8xf32>, %o: memref<8xf32>, %p: memref<8x8xf32>) {
  linalg.matmul ins(%a, %b : memref<8x16xf16>, memref<16x8xf16>) outs(%c : memref<8x8xf16>)
  linalg.matmul ins(%i, %i : memref<8x8xi32>, memref<8x8xi32>) outs(%i : memref<8x8xi32>)
  linalg.vecmat ins(%v, %m : memref<16xf32>, memref<16x8xf32>) outs(%o : memref<8xf32>)
  linalg.add ins(%p, %p : memref<8x8xf32>, memref<8x8xf32>) outs(%p : memref<8x8xf32>)
  linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                                   affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%p, %p : memref<8x8xf32>, memref<8x8xf32>) outs(%p : memref<8x8xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %mul = arith.mulf %x, %y : f32
    %sub = arith.subf %z, %mul : f32
    linalg.yield %sub : f32
  }
  return
}

// -----

// Several heads share one packing of x; the k loops of (head, channel) fold into one block of panels.
// CHECK-LABEL: func.func @fold_k
// CHECK: memref<11x256x6xf32>
// CHECK-NOT: linalg
// WIDE-LABEL: func.func @fold_k
func.func @fold_k(%o: memref<64x12x64xf32>, %w: memref<12x64x96xf32>, %y: memref<64x96xf32>) {
  linalg.generic {indexing_maps = [affine_map<(n, d, h, c) -> (n, h, c)>, affine_map<(n, d, h, c) -> (h, c, d)>,
                                   affine_map<(n, d, h, c) -> (n, d)>],
                  iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%o, %w : memref<64x12x64xf32>, memref<12x64x96xf32>) outs(%y : memref<64x96xf32>) {
  ^bb0(%a: f32, %b: f32, %z: f32):
    %mul = arith.mulf %a, %b : f32
    %add = arith.addf %mul, %z : f32
    linalg.yield %add : f32
  }
  return
}
