// RUN: colt5-opt %s --colt5-expand-math | FileCheck %s

// CHECK-LABEL: func.func @vectors
// CHECK-NOT: math.{{exp|tanh|erf}}
// CHECK: math.fma {{.*}} : vector<16xf32>
// CHECK-NOT: math.{{exp|tanh|erf}}
// CHECK: return
func.func @vectors(%x: vector<16xf32>) -> (vector<16xf32>, vector<16xf32>, vector<16xf32>) {
  %a = math.exp %x : vector<16xf32>
  %b = math.tanh %x : vector<16xf32>
  %c = math.erf %x : vector<16xf32>
  return %a, %b, %c : vector<16xf32>, vector<16xf32>, vector<16xf32>
}

// The logarithm of an f32 goes through f64, that of a bf16 through f32 first.
// CHECK-LABEL: func.func @precision
// CHECK: arith.extf %arg0 : f32 to f64
// CHECK: arith.truncf {{.*}} : f64 to f32
// CHECK: arith.extf %arg1 : bf16 to f32
// CHECK-NOT: math.{{log|sin}}
// CHECK: arith.truncf {{.*}} : f32 to bf16
// CHECK-NOT: math.{{log|sin}}
// CHECK: return
func.func @precision(%x: f32, %y: bf16) -> (f32, bf16, bf16) {
  %a = math.log %x : f32
  %b = math.log %y : bf16
  %c = math.sin %y : bf16
  return %a, %b, %c : f32, bf16, bf16
}

// Tensors and functions without an expansion are left alone.
// CHECK-LABEL: func.func @left_alone
// CHECK: math.exp {{.*}} : tensor<4xf32>
// CHECK: math.atan
func.func @left_alone(%t: tensor<4xf32>, %x: f32) -> (tensor<4xf32>, f32) {
  %a = math.exp %t : tensor<4xf32>
  %b = math.atan %x : f32
  return %a, %b : tensor<4xf32>, f32
}
