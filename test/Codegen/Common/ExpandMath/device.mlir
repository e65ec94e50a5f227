// RUN: colt5-opt %s --colt5-expand-math=device | FileCheck %s

// CHECK-LABEL: func.func @single
// CHECK: llvm.call_intrinsic "llvm.nvvm.ex2.approx.f32"
// CHECK-NOT: arith.divf
// CHECK: llvm.call_intrinsic "llvm.nvvm.rcp.approx.ftz.f"
// CHECK: return
func.func @single(%x: f32) -> (f32, f32) {
  %a = math.exp %x : f32
  %b = math.tanh %x : f32
  return %a, %b : f32, f32
}

// Every element of a vector; bf16 is computed in f32.
// CHECK-LABEL: func.func @vectors
// CHECK-COUNT-4: llvm.call_intrinsic "llvm.nvvm.ex2.approx.f32"
// CHECK: return
func.func @vectors(%x: vector<4xbf16>) -> vector<4xbf16> {
  %a = math.exp2 %x : vector<4xbf16>
  return %a : vector<4xbf16>
}

// f64 has no approximation; 1 / sqrt(0) must stay infinite.
// CHECK-LABEL: func.func @exact
// CHECK-NOT: llvm.call_intrinsic
// CHECK: return
func.func @exact(%x: f64, %y: f32) -> (f64, f32) {
  %a = math.exp %x : f64
  %b = math.rsqrt %y : f32
  return %a, %b : f64, f32
}
