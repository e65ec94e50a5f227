// colt5.kernel prints as it is read, on tensors and on buffers. What it does not need goes away.
// RUN: colt5-opt %s | colt5-opt | FileCheck %s
// RUN: colt5-opt %s --mlir-print-op-generic | colt5-opt | FileCheck %s
// RUN: colt5-opt %s --canonicalize --cse | FileCheck %s --check-prefix=FOLD
// RUN: colt5-opt %s --emit-bytecode -o %t.mlirbc && colt5-opt %t.mlirbc | FileCheck %s

#plan = #colt5.plan<kernel = 3, role = root, schedule = #colt5.select<tile = [1, 1]>>

// CHECK-LABEL: func.func @sorted
// CHECK: %{{.*}}:3 = colt5.kernel #colt5.plan<kernel = 3, role = root, schedule = #colt5.select<tile = [1, 1]>> ins(%{{.*}} : tensor<1x2x?xf32>) outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<1x2x9xi32>, tensor<1x2x9xi1>, tensor<1x2x9xi32>) attributes {colt5.family = "select"} {
// CHECK-NEXT: ^bb0(%[[S:.*]]: tensor<1x2x?xf32>, %[[I:.*]]: tensor<1x2x9xi32>, %[[V:.*]]: tensor<1x2x9xi1>, %{{.*}}: tensor<1x2x9xi32>):
// CHECK-NEXT: %[[R:.*]]:2 = colt5.topk ins(%[[S]] : {{.*}}) outs(%[[I]], %[[V]] :
// CHECK-NEXT: colt5.yield %[[R]]#0, %[[R]]#1 : tensor<1x2x9xi32>, tensor<1x2x9xi1>
// CHECK-NEXT: } -> (tensor<1x2x9xi32>, tensor<1x2x9xi1>, tensor<1x2x9xi32>)
func.func @sorted(%s: tensor<1x2x?xf32>, %i: tensor<1x2x9xi32>, %v: tensor<1x2x9xi1>, %t: tensor<1x2x9xi32>)
    -> tensor<1x2x9xi32> {
  %r:3 = colt5.kernel #plan ins(%s : tensor<1x2x?xf32>)
      outs(%i, %v, %t : tensor<1x2x9xi32>, tensor<1x2x9xi1>, tensor<1x2x9xi32>) attributes {colt5.family = "select"} {
  ^bb0(%scores: tensor<1x2x?xf32>, %io: tensor<1x2x9xi32>, %vo: tensor<1x2x9xi1>, %unused: tensor<1x2x9xi32>):
    %0:2 = colt5.topk ins(%scores : tensor<1x2x?xf32>) outs(%io, %vo : tensor<1x2x9xi32>, tensor<1x2x9xi1>) {order = score}
        -> (tensor<1x2x9xi32>, tensor<1x2x9xi1>)
    colt5.yield %0#0, %0#1 : tensor<1x2x9xi32>, tensor<1x2x9xi1>
  } -> (tensor<1x2x9xi32>, tensor<1x2x9xi1>, tensor<1x2x9xi32>)
  return %r#0 : tensor<1x2x9xi32>
}

// Buffers have any layout, and sizes that the region does not know or the reverse. Casts of buffers go away.
// CHECK-LABEL: func.func @buffers
// CHECK: colt5.kernel #colt5.plan<{{.*}}> ins(%{{.*}}, %{{.*}} : memref<1x2x64xf32, strided<[256, 128, 1], offset: ?>>, f32) outs(%{{.*}} : memref<1x2x?xf32>) {
// FOLD-LABEL: func.func @buffers
// FOLD: outs(%{{.*}} : memref<1x2x64xf32>)
func.func @buffers(%s: memref<1x2x64xf32, strided<[256, 128, 1], offset: ?>>, %k: f32, %w: memref<1x2x64xf32>) {
  %any = memref.cast %w : memref<1x2x64xf32> to memref<1x2x?xf32>
  colt5.kernel #plan ins(%s, %k : memref<1x2x64xf32, strided<[256, 128, 1], offset: ?>>, f32) outs(%any : memref<1x2x?xf32>) {
  ^bb0(%scores: tensor<1x2x?xf32>, %budget: f32, %weights: tensor<1x2x64xf32>):
    %0 = tensor.cast %scores : tensor<1x2x?xf32> to tensor<1x2x64xf32>
    %1 = colt5.soft_topk ins(%0, %budget : tensor<1x2x64xf32>, f32) outs(%weights : tensor<1x2x64xf32>) -> tensor<1x2x64xf32>
    colt5.yield %1 : tensor<1x2x64xf32>
  }
  return
}

// Casts of tensors go away too; a result has the sizes of its out; a kernel without a use is not needed.
// FOLD-LABEL: func.func @tensors
// FOLD-SAME: %[[S:.*]]: tensor<1x2x64xf32>, %[[K:.*]]: f32, %[[W:.*]]: tensor<1x2x?xf32>)
// FOLD: colt5.kernel
// FOLD-SAME: ins(%[[S]], %[[K]] : tensor<1x2x64xf32>, f32) outs(%[[W]] :
// FOLD-NOT: colt5.kernel
// FOLD: %[[N:.*]] = tensor.dim %[[W]]
// FOLD: return %{{.*}}, %[[N]]
func.func @tensors(%s: tensor<1x2x64xf32>, %k: f32, %w: tensor<1x2x?xf32>) -> (tensor<1x2x?xf32>, index) {
  %c2 = arith.constant 2 : index
  %any = tensor.cast %s : tensor<1x2x64xf32> to tensor<1x2x?xf32>
  %r = colt5.kernel #plan ins(%any, %k : tensor<1x2x?xf32>, f32) outs(%w : tensor<1x2x?xf32>) {
  ^bb0(%scores: tensor<1x2x?xf32>, %budget: f32, %weights: tensor<1x2x?xf32>):
    %1 = colt5.soft_topk ins(%scores, %budget : tensor<1x2x?xf32>, f32) outs(%weights : tensor<1x2x?xf32>) -> tensor<1x2x?xf32>
    colt5.yield %1 : tensor<1x2x?xf32>
  } -> (tensor<1x2x?xf32>)
  %n = tensor.dim %r, %c2 : tensor<1x2x?xf32>
  %dead = colt5.kernel #plan ins(%any, %k : tensor<1x2x?xf32>, f32) outs(%r : tensor<1x2x?xf32>) {
  ^bb0(%scores: tensor<1x2x?xf32>, %budget: f32, %weights: tensor<1x2x?xf32>):
    %1 = colt5.soft_topk ins(%scores, %budget : tensor<1x2x?xf32>, f32) outs(%weights : tensor<1x2x?xf32>) -> tensor<1x2x?xf32>
    colt5.yield %1 : tensor<1x2x?xf32>
  } -> (tensor<1x2x?xf32>)
  return %r, %n : tensor<1x2x?xf32>, index
}
