// RUN: colt5-opt %s --colt5-finalize-cpu --split-input-file --verify-diagnostics | FileCheck %s

// Masks are bytes, bf16 is i16, what is not exported is internal; unused declarations go away.
// CHECK-LABEL: llvm.func internal @body(
// CHECK:         %[[B:.*]] = llvm.load %{{.*}} {alignment = 1 : i64} : !llvm.ptr -> vector<8xi8>
// CHECK:         %[[M:.*]] = llvm.trunc %[[B]] : vector<8xi8> to vector<8xi1>
// CHECK:         %[[W:.*]] = llvm.zext %[[M]] : vector<8xi1> to vector<8xi8>
// CHECK:         llvm.store %[[W]], %{{.*}} {alignment = 1 : i64} : vector<8xi8>
// CHECK:         llvm.mlir.constant(16256 : i16) : i16
// CHECK-NOT:     llvm.bitcast
// CHECK-LABEL: llvm.func @exported(
// CHECK-NOT:   @unused
llvm.func @body(%p: !llvm.ptr, %x: bf16) {
  %m = llvm.load %p : !llvm.ptr -> vector<8xi1>
  llvm.store %m, %p : vector<8xi1>, !llvm.ptr
  %one = llvm.mlir.constant(1.0 : bf16) : bf16
  %bits = llvm.bitcast %one : bf16 to i16
  llvm.store %bits, %p : i16, !llvm.ptr
  llvm.store %x, %p : bf16, !llvm.ptr
  llvm.return
}
llvm.func @exported() attributes {colt5.export} {
  llvm.return
}
llvm.func @unused()
llvm.func @memcpy(!llvm.ptr, !llvm.ptr, i64) -> !llvm.ptr

// -----

// expected-error @below {{the code calls 'expf', which compiled code may not depend on; only memcpy, memmove and memset}}
llvm.func @expf(f32) -> f32
llvm.func @calls(%x: f32) -> f32 {
  %r = llvm.call @expf(%x) : (f32) -> f32
  llvm.return %r : f32
}

// -----

// expected-error @below {{an allocation was made after colt5-plan-workspace}}
llvm.func @malloc(i64) -> !llvm.ptr
llvm.func @calls(%x: i64) -> !llvm.ptr {
  %r = llvm.call @malloc(%x) : (i64) -> !llvm.ptr
  llvm.return %r : !llvm.ptr
}

// -----

llvm.func @other_dialect() {
  // expected-error @below {{expected the LLVM dialect only after stage llvm; no conversion took this operation}}
  %c = arith.constant 1 : i32
  llvm.return
}

// -----

llvm.func @masked(%p: !llvm.ptr, %m: vector<8xi1>) -> vector<8xi1> {
  // expected-error @below {{expected masks to be loaded and stored as plain vectors or scalars of i1}}
  %r = llvm.intr.masked.load %p, %m, %m {alignment = 1 : i32} : (!llvm.ptr, vector<8xi1>, vector<8xi1>) -> vector<8xi1>
  llvm.return %r : vector<8xi1>
}
