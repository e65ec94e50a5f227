// A family declines in the plan, where another can be chosen: select takes one row per block and nothing fused.
// RUN: colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-plan | FileCheck %s
// RUN: colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-plan="tile-sizes=2,0" | FileCheck %s --check-prefix=SIZES
// RUN: colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-plan="family=simt" | FileCheck %s --check-prefix=GIVEN
// RUN: colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-plan --remarks-filter=colt5-plan 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-plan --colt5-set-machine=name=sm_80 --colt5-plan | FileCheck %s

// CHECK-LABEL: func.func @rows
// CHECK: colt5.soft_topk {{.*}}schedule = #colt5.select<tile = [1, 1]
// SIZES-LABEL: func.func @rows
// SIZES: colt5.soft_topk {{.*}}schedule = #colt5.simt<tile = [2, 0]
// GIVEN-LABEL: func.func @rows
// GIVEN: colt5.soft_topk {{.*}}schedule = #colt5.simt<tile = [1, 1]
func.func @rows(%s: tensor<4x3x8xf32>, %k: f32, %w: tensor<4x3x8xf32>) -> tensor<4x3x8xf32> {
  %0 = colt5.soft_topk ins(%s, %k : tensor<4x3x8xf32>, f32) outs(%w : tensor<4x3x8xf32>) -> tensor<4x3x8xf32>
  return %0 : tensor<4x3x8xf32>
}

// Whole loops are no tiles of several rows.
// CHECK-LABEL: func.func @whole
// CHECK: colt5.soft_topk {{.*}}schedule = #colt5.select<tile = [4, 0]
func.func @whole(%s: tensor<4x3x8xf32>, %k: f32, %w: tensor<4x3x8xf32>) -> tensor<4x3x8xf32> {
  %0 = colt5.soft_topk ins(%s, %k : tensor<4x3x8xf32>, f32) outs(%w : tensor<4x3x8xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[4, 0]>>} -> tensor<4x3x8xf32>
  return %0 : tensor<4x3x8xf32>
}

// CHECK-LABEL: func.func @fused
// CHECK: linalg.exp {{.*}}role = fused, reason = "mine"
// CHECK: colt5.soft_topk {{.*}}schedule = #colt5.simt<tile = [1, 1]
func.func @fused(%s: tensor<4x1x8xf32>, %k: f32, %w: tensor<4x1x8xf32>) -> tensor<4x1x8xf32> {
  %0 = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = fused, reason = "mine">} ins(%s : tensor<4x1x8xf32>) outs(%w : tensor<4x1x8xf32>) -> tensor<4x1x8xf32>
  %1 = colt5.soft_topk ins(%0, %k : tensor<4x1x8xf32>, f32) outs(%w : tensor<4x1x8xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[1, 1]>>} -> tensor<4x1x8xf32>
  return %1 : tensor<4x1x8xf32>
}

// REMARK: {{.*}}declined{{.*}}family select declines the kernel: expected no op fused into the kernel
// REMARK: {{.*}}declined{{.*}}family select declines the kernel: expected a static size in dimension 0 of operand #1, which is not tiled, found a dynamic one
// One static row of an unknown number of rows is not known to be all of them.
// CHECK-LABEL: func.func @mixed
// CHECK: colt5.topk {{.*}}schedule = #colt5.simt<tile = [0, 0]
func.func @mixed(%s: tensor<1x1x0xf32>, %n: index, %i: tensor<?x1x3xi32>, %v: tensor<1x1x3xi1>) -> tensor<1x1x3xi1> {
  %0:2 = colt5.topk ins(%s : tensor<1x1x0xf32>) outs(%i, %v : tensor<?x1x3xi32>, tensor<1x1x3xi1>) -> (tensor<?x1x3xi32>, tensor<1x1x3xi1>)
  return %0#1 : tensor<1x1x3xi1>
}
