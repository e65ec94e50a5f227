// Companions return 2^63 - 1 where 64 bits are too few; other functions are left alone.
// RUN: colt5-opt %s --pass-pipeline='builtin.module(func.func(colt5-saturate-sizes))' | FileCheck %s

// CHECK-LABEL: func.func private @sizes(
// CHECK-SAME: %[[A:.*]]: index, %[[B:.*]]: index
// CHECK: %[[P:.*]] = arith.muli %[[A]], %[[B]] : index
// CHECK: %[[LOW:.*]], %[[HIGH:.*]] = arith.mulsi_extended
// CHECK: %[[LARGE:.*]] = arith.select %{{.*}}, %{{.*}}, %[[P]] : index
// CHECK: %[[S:.*]] = arith.addi %[[LARGE]], %{{.*}} : index
// CHECK: %[[SUM:.*]] = arith.select %{{.*}}, %{{.*}}, %[[S]] : index
// CHECK: return %[[SUM]]
func.func private @sizes(%a: index, %b: index) -> index attributes {colt5.companion = "workspace_size"} {
  %c64 = arith.constant 64 : index
  %p = arith.muli %a, %b overflow<nsw> : index
  %s = arith.addi %p, %c64 : index
  return %s : index
}

// CHECK-LABEL: func.func @other(
// CHECK-NEXT: arith.muli
// CHECK-NEXT: return
func.func @other(%a: index, %b: index) -> index {
  %p = arith.muli %a, %b : index
  return %p : index
}
