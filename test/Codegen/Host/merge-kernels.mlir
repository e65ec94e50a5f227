// RUN: colt5-opt %s --colt5-merge-kernels | FileCheck %s

// Equal bodies: one is left, whatever the names of values and the locations.
// CHECK-LABEL: func.func private @first(
// CHECK-NOT: @second
func.func private @first(%x: f32) -> f32 {
  %y = arith.addf %x, %x : f32
  return %y : f32
}
func.func private @second(%a: f32) -> f32 {
  %b = arith.addf %a, %a : f32
  return %b : f32
}

// A different constant, a different operand order and a public function are not the same.
// CHECK: func.func private @one()
// CHECK: func.func private @two()
// CHECK: func.func private @swapped(
// CHECK: func.func private @straight(
// CHECK: func.func @visible(
func.func private @one() -> i32 {
  %c = arith.constant 1 : i32
  return %c : i32
}
func.func private @two() -> i32 {
  %c = arith.constant 2 : i32
  return %c : i32
}
func.func private @swapped(%x: f32, %y: f32) -> f32 {
  %z = arith.subf %y, %x : f32
  return %z : f32
}
func.func private @straight(%x: f32, %y: f32) -> f32 {
  %z = arith.subf %x, %y : f32
  return %z : f32
}
func.func @visible(%x: f32) -> f32 {
  %y = arith.addf %x, %x : f32
  return %y : f32
}

// Calls and references by address follow.
// CHECK-LABEL: func.func @caller
// CHECK: call @first
// CHECK: call @first
// CHECK: constant @first
func.func @caller(%x: f32) -> (f32, (f32) -> f32) {
  %0 = call @first(%x) : (f32) -> f32
  %1 = call @second(%0) : (f32) -> f32
  %f = constant @second : (f32) -> f32
  return %1, %f : f32, (f32) -> f32
}
