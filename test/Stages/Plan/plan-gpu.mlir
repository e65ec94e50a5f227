// What the plan of a GPU target does differently.
// RUN: colt5-opt %s --colt5-decompose --colt5-set-machine=name=sm_90a --colt5-plan | FileCheck %s
// RUN: colt5-opt %s --colt5-decompose --colt5-set-machine=name=sm_90a --colt5-plan --colt5-tile | FileCheck %s --check-prefix=TILE
// RUN: colt5-opt %s --colt5-decompose --colt5-plan | FileCheck %s --check-prefix=CPU

// The scores of all routers join the norm that they read, even when other users stand before them: x is read once.
// CHECK-LABEL: func.func @norm_and_scores
// CHECK: colt5.rms_scale {{.*}}#colt5.plan<kernel = 0, role = fused>
// CHECK: linalg.generic {{.*}}#colt5.plan<kernel = 0, role = fused>
// CHECK: colt5.router_scores {{.*}}#colt5.plan<kernel = 0, role = root, schedule = #colt5.simt<tile = [1, 0, 8], threads = 256>,
// CHECK: linalg.contract {{.*}}#colt5.plan<kernel = 1, role = root,

// TILE-LABEL: func.func @norm_and_scores
// TILE: %[[BOTH:.*]]:2 = scf.forall
// TILE-COUNT-2: tensor.parallel_insert_slice
// TILE: scf.forall

// A CPU has no hurry: the op stays where it is.
// CPU-LABEL: func.func @norm_and_scores
// CPU: linalg.generic {{.*}}#colt5.plan<kernel = 0, role = root
// CPU: colt5.router_scores {{.*}}#colt5.plan<kernel = 2, role = root
func.func @norm_and_scores(%x: tensor<2x4096x768xf32>, %g: tensor<768xf32>, %u0: tensor<1x768xf32>, %u1: tensor<1x768xf32>,
                           %w: tensor<768x16xf32>) -> (tensor<2x4096x16xf32>, tensor<2x2x4096xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x4096x768xf32>
  %n = colt5.rms_norm ins(%x, %g : tensor<2x4096x768xf32>, tensor<768xf32>) outs(%e : tensor<2x4096x768xf32>)
      -> tensor<2x4096x768xf32>
  %h0 = tensor.empty() : tensor<2x4096x16xf32>
  %h1 = linalg.fill ins(%zero : f32) outs(%h0 : tensor<2x4096x16xf32>) -> tensor<2x4096x16xf32>
  %h = linalg.contract
      indexing_maps = [affine_map<(b, t, f, d) -> (b, t, d)>, affine_map<(b, t, f, d) -> (d, f)>,
                       affine_map<(b, t, f, d) -> (b, t, f)>]
      ins(%n, %w : tensor<2x4096x768xf32>, tensor<768x16xf32>) outs(%h1 : tensor<2x4096x16xf32>) -> tensor<2x4096x16xf32>
  %u2 = tensor.empty() : tensor<2x768xf32>
  %u3 = tensor.insert_slice %u0 into %u2[0, 0] [1, 768] [1, 1] : tensor<1x768xf32> into tensor<2x768xf32>
  %u = tensor.insert_slice %u1 into %u3[1, 0] [1, 768] [1, 1] : tensor<1x768xf32> into tensor<2x768xf32>
  %s0 = tensor.empty() : tensor<2x2x4096xf32>
  %s = colt5.router_scores ins(%n, %u : tensor<2x4096x768xf32>, tensor<2x768xf32>) outs(%s0 : tensor<2x2x4096xf32>)
      -> tensor<2x2x4096xf32>
  return %h, %s : tensor<2x4096x16xf32>, tensor<2x2x4096xf32>
}
