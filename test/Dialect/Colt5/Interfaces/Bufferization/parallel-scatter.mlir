// RUN: colt5-opt %s --colt5-plan --colt5-tile --one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" --canonicalize | FileCheck %s

// The base is updated in place: no allocation but the tile's, no copy.
// CHECK-LABEL: func.func @in_place
// CHECK-NOT: memref.copy
// CHECK: scf.forall (%[[K:.*]], %[[D:.*]]) = (0, 0) to (250, 768) step (128, 128) {
// CHECK: memref.alloc({{.*}}) {{.*}} : memref<1x?x128xf32>
// CHECK: %[[ROWS:.*]] = memref.subview %arg4[0, 0, %[[D]]] [1, 4096, 128]
// CHECK: colt5.scatter_combine ins({{.*}}weight({{.*}}outs(%[[ROWS]] : {{.*}}{unique}
// CHECK-NEXT: } {colt5.plan
// CHECK: return %arg4
func.func @in_place(%x: tensor<1x250x768xf32>, %idx: tensor<1x250xi32>, %wt: tensor<1x250xf32>, %w: tensor<768x768xf32>, %base: tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x250x768xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x250x768xf32>) -> tensor<1x250x768xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(b, n, e, d) -> (b, n, d)>, affine_map<(b, n, e, d) -> (d, e)>, affine_map<(b, n, e, d) -> (b, n, e)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<1x250x768xf32>, tensor<768x768xf32>) outs(%f : tensor<1x250x768xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<1x250x768xf32>
  %out = colt5.scatter_combine ins(%y, %idx : tensor<1x250x768xf32>, tensor<1x250xi32>) weight(%wt : tensor<1x250xf32>) outs(%base : tensor<1x4096x768xf32>) {unique} -> tensor<1x4096x768xf32>
  return %out : tensor<1x4096x768xf32>
}
