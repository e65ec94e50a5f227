// RUN: colt5-opt %s --colt5-fold-residual --split-input-file | FileCheck %s

!x = tensor<1x8x4xf32>
!y = tensor<1x2x4xf32>
!i = tensor<1x2xi32>

// CHECK-LABEL: func.func @named
// CHECK-SAME: (%[[X:.*]]: tensor<1x8x4xf32>, %[[BASE:.*]]: tensor<1x8x4xf32>, %[[Y:.*]]: tensor<1x2x4xf32>, %[[I:.*]]: tensor<1x2xi32>)
// CHECK: %[[SUM:.*]] = linalg.add ins(%[[X]], %[[BASE]]
// CHECK: %[[R:.*]] = colt5.scatter_combine ins(%[[Y]], %[[I]] : {{.*}}) outs(%[[SUM]] : {{.*}}) {unique}
// CHECK: return %[[R]]
func.func @named(%x: !x, %base: !x, %y: !y, %i: !i) -> !x {
  %0 = colt5.scatter_combine ins(%y, %i : !y, !i) outs(%base : !x) {unique} -> !x
  %1 = linalg.add ins(%x, %0 : !x, !x) outs(%x : !x) -> !x
  return %1 : !x
}

// CHECK-LABEL: func.func @generic_and_arith
// CHECK-SAME: (%[[X:.*]]: tensor<1x8x4xf32>, %[[BASE:.*]]: tensor<1x8x4xf32>, %[[Y:.*]]: tensor<1x2x4xf32>, %[[I:.*]]: tensor<1x2xi32>)
// CHECK: %[[A:.*]] = linalg.generic {{.*}} ins(%[[BASE]], %[[X]]
// CHECK: %[[B:.*]] = arith.addf %[[A]], %[[X]]
// CHECK: %[[S:.*]] = colt5.scatter_combine {{.*}} outs(%[[B]]
// CHECK: return %[[S]]
func.func @generic_and_arith(%x: !x, %base: !x, %y: !y, %i: !i) -> !x {
  %0 = colt5.scatter_combine ins(%y, %i : !y, !i) outs(%base : !x) -> !x
  %1 = linalg.generic {indexing_maps = [affine_map<(a, b, c) -> (a, b, c)>, affine_map<(a, b, c) -> (a, b, c)>, affine_map<(a, b, c) -> (a, b, c)>],
      iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %x : !x, !x) outs(%x : !x) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %s = arith.addf %b, %a : f32
    linalg.yield %s : f32
  } -> !x
  %2 = arith.addf %1, %x : !x
  return %2 : !x
}

// Not folded: more than one use, a scatter that sets, a user that is no addition, the destination of an addition.
// CHECK-LABEL: func.func @kept
// CHECK-COUNT-4: colt5.scatter_combine {{.*}} outs(%arg1 :
// CHECK-NOT: colt5.scatter_combine
func.func @kept(%x: !x, %base: !x, %y: !y, %i: !i) -> (!x, !x, !x, !x, !x) {
  %0 = colt5.scatter_combine ins(%y, %i : !y, !i) outs(%base : !x) -> !x
  %1 = linalg.add ins(%x, %0 : !x, !x) outs(%x : !x) -> !x
  %2 = colt5.scatter_combine ins(%y, %i : !y, !i) outs(%base : !x) {combine = set} -> !x
  %3 = linalg.add ins(%x, %2 : !x, !x) outs(%x : !x) -> !x
  %4 = colt5.scatter_combine ins(%y, %i : !y, !i) outs(%base : !x) {trusted} -> !x
  %5 = linalg.mul ins(%x, %4 : !x, !x) outs(%x : !x) -> !x
  %6 = colt5.scatter_combine ins(%y, %i : !y, !i) outs(%base : !x) {unique} -> !x
  %7 = linalg.add ins(%x, %base : !x, !x) outs(%6 : !x) -> !x
  return %0, %1, %3, %5, %7 : !x, !x, !x, !x, !x
}
