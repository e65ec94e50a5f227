// RUN: colt5-opt %s --split-input-file --colt5-plan --colt5-tile | FileCheck %s

func.func @matmul_epilogue(%x: tensor<4096x768xf32>, %w: tensor<768x1024xf32>) -> tensor<4096x1024xbf16> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4096x1024xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4096x1024xf32>) -> tensor<4096x1024xf32>
  %c = linalg.matmul ins(%x, %w : tensor<4096x768xf32>, tensor<768x1024xf32>) outs(%f : tensor<4096x1024xf32>) -> tensor<4096x1024xf32>
  %eb = tensor.empty() : tensor<4096x1024xbf16>
  %t = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%c : tensor<4096x1024xf32>) outs(%eb : tensor<4096x1024xbf16>) {
  ^bb0(%in: f32, %out: bf16):
    %r = arith.truncf %in : f32 to bf16
    linalg.yield %r : bf16
  } -> tensor<4096x1024xbf16>
  return %t : tensor<4096x1024xbf16>
}

// The truncation is the root; fill and contraction are computed in its tile.
// CHECK-LABEL: func.func @matmul_epilogue
// CHECK: %[[INIT:.*]] = tensor.empty() : tensor<4096x1024xbf16>
// CHECK: scf.forall (%[[M:.*]], %[[N:.*]]) = (0, 0) to (4096, 1024) step (256, 512) shared_outs(%[[OUT:.*]] = %[[INIT]])
// CHECK-DAG: %[[X:.*]] = tensor.extract_slice %arg0[%[[M]], 0] [256, 768]
// CHECK-DAG: %[[W:.*]] = tensor.extract_slice %arg1[0, %[[N]]] [768, 512]
// CHECK-DAG: %[[E:.*]] = tensor.empty() : tensor<256x512xf32>
// CHECK: %[[F:.*]] = linalg.fill {{.*}} outs(%[[E]]
// CHECK: %[[C:.*]] = linalg.matmul ins(%[[X]], %[[W]] {{.*}} outs(%[[F]]
// CHECK: %[[T:.*]] = linalg.generic {{.*}} ins(%[[C]]
// CHECK: scf.forall.in_parallel
// CHECK-NEXT: tensor.parallel_insert_slice %[[T]] into %[[OUT]][%[[M]], %[[N]]] [256, 512]
// CHECK: colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.loops<tile = [256, 512]
// CHECK-SAME: mapping = [#colt5.tile<0>, #colt5.tile<1>]
// CHECK-NOT: linalg

// -----

#id = affine_map<(b, n, e, d) -> (b, n, d)>
#w = affine_map<(b, n, e, d) -> (d, e)>
#o = affine_map<(b, n, e, d) -> (b, n, e)>
#p = affine_map<(b, n, e) -> (b, n, e)>
func.func @gated_dynamic(%x: tensor<?x?x64xf32>, %a: tensor<64x1000xf32>, %g: tensor<64x1000xf32>) -> tensor<?x?x1000xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %b = tensor.dim %x, %c0 : tensor<?x?x64xf32>
  %n = tensor.dim %x, %c1 : tensor<?x?x64xf32>
  %e = tensor.empty(%b, %n) : tensor<?x?x1000xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?x?x1000xf32>) -> tensor<?x?x1000xf32>
  %u:2 = linalg.generic {indexing_maps = [#id, #w, #w, #o, #o], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %a, %g : tensor<?x?x64xf32>, tensor<64x1000xf32>, tensor<64x1000xf32>) outs(%f, %f : tensor<?x?x1000xf32>, tensor<?x?x1000xf32>) {
  ^bb0(%in: f32, %wa: f32, %wg: f32, %o0: f32, %o1: f32):
    %m0 = arith.mulf %in, %wa : f32
    %s0 = arith.addf %o0, %m0 : f32
    %m1 = arith.mulf %in, %wg : f32
    %s1 = arith.addf %o1, %m1 : f32
    linalg.yield %s0, %s1 : f32, f32
  } -> (tensor<?x?x1000xf32>, tensor<?x?x1000xf32>)
  %y = linalg.generic {indexing_maps = [#p, #p, #p], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%u#0, %u#1 : tensor<?x?x1000xf32>, tensor<?x?x1000xf32>) outs(%e : tensor<?x?x1000xf32>) {
  ^bb0(%l: f32, %r: f32, %o: f32):
    %t = math.tanh %l : f32
    %m = arith.mulf %t, %r : f32
    linalg.yield %m : f32
  } -> tensor<?x?x1000xf32>
  return %y : tensor<?x?x1000xf32>
}

// Both accumulators come from one contraction, computed once per tile.
// CHECK-LABEL: func.func @gated_dynamic
// CHECK: scf.forall (%[[B:.*]], %[[N:.*]], %[[E:.*]]) = (0, 0, 0) to (%{{.*}}, %{{.*}}, 1000) step (1, 256, 256)
// CHECK: linalg.fill
// CHECK: %[[U:.*]]:2 = linalg.generic {{.*}}"reduction"
// CHECK-NOT: "reduction"
// CHECK: linalg.generic {{.*}} ins(%[[U]]#0, %[[U]]#1
// CHECK: math.tanh
// CHECK: tensor.parallel_insert_slice %{{.*}}[%[[B]], %[[N]], %[[E]]] [1, %

// -----

#rows = affine_map<(b, n, d) -> (b, n)>
#row = affine_map<(b, n, d) -> (d)>
#all = affine_map<(b, n, d) -> (b, n, d)>
func.func @norm(%x: tensor<2x4096x768xf32>, %y: tensor<2x4096x768xf32>, %g: tensor<768xf32>) -> (tensor<2x4096x768xf32>, tensor<2x4096x768xf32>) {
  %e = tensor.empty() : tensor<2x4096x768xf32>
  %er = tensor.empty() : tensor<2x4096xf32>
  %s = linalg.add ins(%x, %y : tensor<2x4096x768xf32>, tensor<2x4096x768xf32>) outs(%e : tensor<2x4096x768xf32>) -> tensor<2x4096x768xf32>
  %r = colt5.rms_scale ins(%s : tensor<2x4096x768xf32>) outs(%er : tensor<2x4096xf32>) -> tensor<2x4096xf32>
  %h = linalg.generic {indexing_maps = [#all, #rows, #row, #all], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%s, %r, %g : tensor<2x4096x768xf32>, tensor<2x4096xf32>, tensor<768xf32>) outs(%e : tensor<2x4096x768xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %t = arith.mulf %m, %c : f32
    linalg.yield %t : f32
  } -> tensor<2x4096x768xf32>
  return %h, %s : tensor<2x4096x768xf32>, tensor<2x4096x768xf32>
}

// The sum is needed outside as well: the kernel yields it. Columns stay whole for the row statistic.
// CHECK-LABEL: func.func @norm
// CHECK: %[[R:.*]]:2 = scf.forall (%[[B:.*]], %[[N:.*]]) = (0, 0) to (2, 4096) step (1, 8) shared_outs(%[[H:.*]] = %{{.*}}, %[[S:.*]] = %{{.*}})
// CHECK-DAG: %[[OUT:.*]] = tensor.extract_slice %[[S]][%[[B]], %[[N]], 0] [1, 8, 768]
// CHECK: %[[SUM:.*]] = linalg.add {{.*}} outs(%[[OUT]]
// CHECK-NOT: linalg.add
// CHECK: %[[SCALE:.*]] = colt5.rms_scale ins(%[[SUM]]
// CHECK: linalg.generic {{.*}} ins(%[[SUM]], %[[SCALE]]
// CHECK: scf.forall.in_parallel
// CHECK-NEXT: tensor.parallel_insert_slice %{{.*}} into %[[H]]
// CHECK-NEXT: tensor.parallel_insert_slice %[[SUM]] into %[[S]][%[[B]], %[[N]], 0] [1, 8, 768]
// CHECK: return %[[R]]#0, %[[R]]#1

// -----

func.func @heavy(%h: tensor<1x4096x768xf32>, %idx: tensor<1x256xi32>, %wt: tensor<1x256xf32>, %w: tensor<768x768xf32>, %base: tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x256x768xf32>
  %x = colt5.gather ins(%h, %idx : tensor<1x4096x768xf32>, tensor<1x256xi32>) outs(%e : tensor<1x256x768xf32>) {unique} -> tensor<1x256x768xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x256x768xf32>) -> tensor<1x256x768xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(b, n, e, d) -> (b, n, d)>, affine_map<(b, n, e, d) -> (d, e)>, affine_map<(b, n, e, d) -> (b, n, e)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<1x256x768xf32>, tensor<768x768xf32>) outs(%f : tensor<1x256x768xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<1x256x768xf32>
  %out = colt5.scatter_combine ins(%y, %idx : tensor<1x256x768xf32>, tensor<1x256xi32>) weight(%wt : tensor<1x256xf32>) outs(%base : tensor<1x4096x768xf32>) {unique} -> tensor<1x4096x768xf32>
  return %out : tensor<1x4096x768xf32>
}

// Gather, contraction and scatter in one tile; the slots are spread because they are unique.
// CHECK-LABEL: func.func @heavy
// CHECK: scf.forall (%[[K:.*]], %[[D:.*]]) = (0, 0) to (256, 768) step (128, 128) shared_outs(%[[OUT:.*]] = %arg4)
// CHECK-DAG: %[[IDX:.*]] = tensor.extract_slice %arg1[0, %[[K]]] [1, 128]
// CHECK-DAG: %[[WT:.*]] = tensor.extract_slice %arg2[0, %[[K]]] [1, 128]
// CHECK: %[[X:.*]] = colt5.gather ins(%{{.*}}, %{{.*}} : tensor<1x4096x768xf32>, tensor<1x128xi32>)
// CHECK: %[[Y:.*]] = linalg.generic {{.*}} ins(%[[X]]
// CHECK: scf.forall.in_parallel
// CHECK-NEXT: colt5.parallel_scatter %[[Y]] at %[[IDX]] weight(%[[WT]] : tensor<1x128xf32>) into %[[OUT]][%c0{{.*}}, %[[D]]] {unique}
// CHECK-NOT: colt5.scatter_combine
