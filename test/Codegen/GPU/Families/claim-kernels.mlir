// colt5-claim-kernels: what family select takes, and what it refuses.
// RUN: colt5-opt %s --split-input-file --colt5-claim-kernels --verify-diagnostics | FileCheck %s

#select = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [1, 1]>>

// Whole problems with all routes; what reports say of the kernel is on the op. The mask is read once per route.
// CHECK-LABEL: func.func @topk(
// CHECK: colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [1, 1]>> ins(%{{.*}}, %{{.*}} : tensor<2x3x64xf32>, tensor<2x64xi1>) outs(%{{.*}}, %{{.*}} : tensor<2x3x4xi32>, tensor<2x3x4xi1>) attributes {colt5.bytes = 2040 : i64, colt5.family = "select", colt5.min_bytes = 1784 : i64} {
// CHECK: colt5.topk
// CHECK-NOT: colt5.plan
// CHECK-SAME: mask
// CHECK: colt5.yield
func.func @topk(%s: tensor<2x3x64xf32>, %m: tensor<2x64xi1>, %i: tensor<2x3x4xi32>, %v: tensor<2x3x4xi1>) -> (tensor<2x3x4xi32>, tensor<2x3x4xi1>) {
  %r:2 = colt5.topk ins(%s : tensor<2x3x64xf32>) mask(%m : tensor<2x64xi1>) outs(%i, %v : tensor<2x3x4xi32>, tensor<2x3x4xi1>)
      {colt5.plan = #select} -> (tensor<2x3x4xi32>, tensor<2x3x4xi1>)
  return %r#0, %r#1 : tensor<2x3x4xi32>, tensor<2x3x4xi1>
}

// -----

#select = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [1, 1]>>

// The sort of many slots, or of an unknown number, needs global memory.
// CHECK-LABEL: func.func @sorted(
// CHECK: %[[SCRATCH:.*]] = tensor.empty(%{{.*}}) : tensor<1x1x?xi32>
// CHECK: %{{.*}}:3 = colt5.kernel {{.*}} outs(%{{.*}}, %{{.*}}, %[[SCRATCH]] : tensor<1x1x?xi32>, tensor<1x1x?xi1>, tensor<1x1x?xi32>)
// CHECK: colt5.yield %{{.*}}#0, %{{.*}}#1 : tensor<1x1x?xi32>, tensor<1x1x?xi1>
func.func @sorted(%s: tensor<1x1x?xf32>, %i: tensor<1x1x?xi32>, %v: tensor<1x1x?xi1>) -> (tensor<1x1x?xi32>, tensor<1x1x?xi1>) {
  %r:2 = colt5.topk ins(%s : tensor<1x1x?xf32>) outs(%i, %v : tensor<1x1x?xi32>, tensor<1x1x?xi1>)
      {order = score, colt5.plan = #select} -> (tensor<1x1x?xi32>, tensor<1x1x?xi1>)
  return %r#0, %r#1 : tensor<1x1x?xi32>, tensor<1x1x?xi1>
}

// -----

#select = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [1, 1]>>

// A budget that is a constant is an input of the kernel.
// CHECK-LABEL: func.func @soft(
// CHECK: %[[K:.*]] = arith.constant 4.0
// CHECK: colt5.kernel {{.*}} ins(%{{.*}}, %[[K]] : tensor<1x1x64xf32>, f32)
func.func @soft(%s: tensor<1x1x64xf32>, %w: tensor<1x1x64xf32>) -> tensor<1x1x64xf32> {
  %k = arith.constant 4.0 : f32
  %r = colt5.soft_topk ins(%s, %k : tensor<1x1x64xf32>, f32) outs(%w : tensor<1x1x64xf32>) {colt5.plan = #select} -> tensor<1x1x64xf32>
  return %r : tensor<1x1x64xf32>
}

// -----

// Kernels of other families are left to colt5-tile.
// CHECK-LABEL: func.func @simt(
// CHECK-NOT: colt5.kernel
// CHECK: colt5.soft_topk {{.*}}schedule = #colt5.simt<
func.func @simt(%s: tensor<1x1x64xf32>, %k: f32, %w: tensor<1x1x64xf32>) -> tensor<1x1x64xf32> {
  %r = colt5.soft_topk ins(%s, %k : tensor<1x1x64xf32>, f32) outs(%w : tensor<1x1x64xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.simt<tile = [1, 1]>>} -> tensor<1x1x64xf32>
  return %r : tensor<1x1x64xf32>
}

// -----

func.func @two_ops(%s: tensor<2x1x8xf32>, %k: f32, %w: tensor<2x1x8xf32>) -> tensor<2x1x8xf32> {
  %0 = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = fused>} ins(%s : tensor<2x1x8xf32>) outs(%w : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  // expected-error @below {{'colt5.soft_topk' op is planned for family select, which does not take its kernel: expected no op fused into the kernel; leave the schedule out and colt5-plan chooses one}}
  %1 = colt5.soft_topk ins(%0, %k : tensor<2x1x8xf32>, f32) outs(%w : tensor<2x1x8xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [1, 1]>>} -> tensor<2x1x8xf32>
  return %1 : tensor<2x1x8xf32>
}

// -----

func.func @other_op(%x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @below {{'linalg.exp' op is planned for family select, which does not take its kernel: expected colt5.topk or colt5.soft_topk}}
  %0 = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [0]>>} ins(%x : tensor<8xf32>) outs(%x : tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

func.func @no_plan(%x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @below {{expected a 'colt5.plan' attribute of type #colt5.plan on every compute op; run colt5-plan before}}
  %0 = linalg.exp ins(%x : tensor<8xf32>) outs(%x : tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
