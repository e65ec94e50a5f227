// RUN: colt5-opt %s --split-input-file --colt5-plan --colt5-tile | FileCheck %s

// A kernel without loops to run over is still a loop, and one fused result can be yielded from it.
func.func @scalars(%x: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %e = tensor.empty() : tensor<f32>
  %z = linalg.generic {indexing_maps = [affine_map<() -> ()>, affine_map<() -> ()>], iterator_types = []}
      ins(%x : tensor<f32>) outs(%e : tensor<f32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<f32>
  %w = linalg.generic {indexing_maps = [affine_map<() -> ()>, affine_map<() -> ()>], iterator_types = []}
      ins(%z : tensor<f32>) outs(%e : tensor<f32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.mulf %a, %a : f32
    linalg.yield %s : f32
  } -> tensor<f32>
  return %w, %z : tensor<f32>, tensor<f32>
}
// CHECK-LABEL: func.func @scalars
// CHECK: %[[R:.*]]:2 = scf.forall (%{{.*}}) in (1)
// CHECK: arith.addf
// CHECK: arith.mulf
// CHECK: mapping = [#colt5.tile<0>]
// CHECK: return %[[R]]#0, %[[R]]#1

// -----

// Heads of a group share its keys; the base follows the queries.
func.func @attention(%q: tensor<1x4x1000x64xf32>, %k: tensor<1x2x1000x64xf32>) -> tensor<1x4x1000x64xf32> {
  %e = tensor.empty() : tensor<1x4x1000x64xf32>
  %o = colt5.attention ins(%q, %k, %k : tensor<1x4x1000x64xf32>, tensor<1x2x1000x64xf32>, tensor<1x2x1000x64xf32>)
      outs(%e : tensor<1x4x1000x64xf32>) {pattern = #colt5.window<127, 127>} -> tensor<1x4x1000x64xf32>
  return %o : tensor<1x4x1000x64xf32>
}
// CHECK: #[[$DIV:.*]] = affine_map<(d0) -> (d0 floordiv 2)>
// CHECK-LABEL: func.func @attention
// CHECK: scf.forall (%[[H:.*]], %[[Q:.*]]) = (0, 0) to (4, 1000) step (1, 64)
// CHECK: %[[G:.*]] = affine.apply #[[$DIV]](%[[H]])
// CHECK: tensor.extract_slice %arg1[0, %[[G]], 0, 0] [1, 1, 1000, 64]
// CHECK: colt5.attention {{.*}}q_base(%[[Q]] : index)

// -----

// A size is read once: the slice that is written and the one that is inserted must agree for bufferization.
func.func @dynamic(%s: tensor<?x1x?xf32>, %k: f32) -> tensor<?x1x?xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %b = tensor.dim %s, %c0 : tensor<?x1x?xf32>
  %n = tensor.dim %s, %c2 : tensor<?x1x?xf32>
  %e = tensor.empty(%b, %n) : tensor<?x1x?xf32>
  %w = colt5.soft_topk ins(%s, %k : tensor<?x1x?xf32>, f32) outs(%e : tensor<?x1x?xf32>) -> tensor<?x1x?xf32>
  return %w : tensor<?x1x?xf32>
}
// CHECK-LABEL: func.func @dynamic
// CHECK: scf.forall (%[[B:.*]]) in (%{{.*}}) shared_outs(%[[OUT:.*]] = %[[E:.*]]) ->
// CHECK: %[[N:.*]] = tensor.dim %[[E]]
// CHECK: tensor.extract_slice %[[OUT]][%[[B]], 0, 0] [1, 1, %[[N]]]
// CHECK: tensor.parallel_insert_slice %{{.*}} into %[[OUT]][%[[B]], 0, 0] [1, 1, %[[N]]]

// -----

// Several routes may select one row, so slots stay together and only batch and columns are tiled.
func.func @routes(%y: tensor<2x3x17x36xf32>, %idx: tensor<2x3x17xi32>, %base: tensor<2x100x36xf32>) -> tensor<2x100x36xf32> {
  %o = colt5.scatter_combine ins(%y, %idx : tensor<2x3x17x36xf32>, tensor<2x3x17xi32>) outs(%base : tensor<2x100x36xf32>)
      {unique, colt5.plan = #colt5.plan<kernel = 7, role = root, schedule = #colt5.tiles<[1, 0, 0, 20]>>} -> tensor<2x100x36xf32>
  return %o : tensor<2x100x36xf32>
}
// CHECK-LABEL: func.func @routes
// CHECK: scf.forall (%[[B:.*]], %[[D:.*]]) = (0, 0) to (2, 36) step (1, 20) shared_outs(%[[OUT:.*]] = %arg2)
// CHECK: tensor.extract_slice %[[OUT]][%[[B]], 0, %[[D]]] [1, 100, %
// CHECK: colt5.scatter_combine
// CHECK: tensor.parallel_insert_slice
// CHECK: colt5.plan<kernel = 7

// -----

// A contraction over nothing is its init; a fill of nothing is gone.
func.func @empty(%x: tensor<3x0xf32>, %w: tensor<0x65xf32>, %z: tensor<0x65xf32>) -> (tensor<3x65xf32>, tensor<0x65xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x65xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<3x65xf32>) -> tensor<3x65xf32>
  %c = linalg.matmul ins(%x, %w : tensor<3x0xf32>, tensor<0x65xf32>) outs(%f : tensor<3x65xf32>) -> tensor<3x65xf32>
  %g = linalg.fill ins(%zero : f32) outs(%z : tensor<0x65xf32>) -> tensor<0x65xf32>
  return %c, %g : tensor<3x65xf32>, tensor<0x65xf32>
}
// CHECK-LABEL: func.func @empty
// CHECK: %[[F:.*]] = scf.forall
// CHECK: linalg.fill
// CHECK-NOT: linalg
// CHECK: return %[[F]], %arg2

// -----

// No slots, no keys: nothing is sliced that has no elements.
func.func @no_slots(%x: tensor<1x9x36xf32>, %idx: tensor<1x0xi32>, %q: tensor<1x2x9x36xf32>, %k: tensor<1x2x0x36xf32>)
    -> (tensor<1x0x36xf32>, tensor<1x2x9x36xf32>) {
  %e = tensor.empty() : tensor<1x0x36xf32>
  %r = colt5.gather ins(%x, %idx : tensor<1x9x36xf32>, tensor<1x0xi32>) outs(%e : tensor<1x0x36xf32>) -> tensor<1x0x36xf32>
  %i = tensor.empty() : tensor<1x2x9x36xf32>
  %o = colt5.attention ins(%q, %k, %k : tensor<1x2x9x36xf32>, tensor<1x2x0x36xf32>, tensor<1x2x0x36xf32>)
      outs(%i : tensor<1x2x9x36xf32>) -> tensor<1x2x9x36xf32>
  return %r, %o : tensor<1x0x36xf32>, tensor<1x2x9x36xf32>
}
// CHECK-LABEL: func.func @no_slots
// CHECK-NOT: colt5.gather
// CHECK: scf.forall (%{{.*}}) in (1)
// CHECK: colt5.attention ins(%{{.*}}, %arg3, %arg3

// -----

// Kernels inside a user's loop are tiled in place.
func.func @nested(%x: tensor<17x65xf32>, %n: index) -> tensor<17x65xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %x) -> tensor<17x65xf32> {
    %e = tensor.empty() : tensor<17x65xf32>
    %o = linalg.exp ins(%acc : tensor<17x65xf32>) outs(%e : tensor<17x65xf32>) -> tensor<17x65xf32>
    scf.yield %o : tensor<17x65xf32>
  }
  return %r : tensor<17x65xf32>
}
// CHECK-LABEL: func.func @nested
// CHECK: scf.for
// CHECK: scf.forall
// CHECK: linalg.exp
