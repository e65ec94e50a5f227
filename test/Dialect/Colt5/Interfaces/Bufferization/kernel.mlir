// colt5.kernel gets buffers as operands; what it computes is said on tensors still.
// RUN: colt5-opt %s --split-input-file --colt5-bufferize | FileCheck %s

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>

// In place: the result is computed in the output argument, from an input of any layout.
// CHECK-LABEL: func.func @in_place(
// CHECK-SAME: %[[S:[^ :,]*]]: memref<2x2x64xf32>, %[[K:[^ :,]*]]: f32, %[[OUT:[^ :,]*]]: memref<1x2x64xf32> {colt5.output})
// CHECK-NOT: memref.alloc
// CHECK: %[[ROW:.*]] = memref.subview %[[S]]
// CHECK: colt5.kernel #colt5.plan<{{.*}}> ins(%[[ROW]], %[[K]] : memref<1x2x64xf32, strided<[128, 64, 1], offset: 128>>, f32) outs(%[[OUT]] : memref<1x2x64xf32>) {
// CHECK-NEXT: ^bb0(%[[A:.*]]: tensor<1x2x64xf32>, %[[B:.*]]: f32, %[[C:.*]]: tensor<1x2x64xf32>):
// CHECK-NEXT: %[[R:.*]] = colt5.soft_topk ins(%[[A]], %[[B]] : tensor<1x2x64xf32>, f32) outs(%[[C]] : tensor<1x2x64xf32>) -> tensor<1x2x64xf32>
// CHECK-NEXT: colt5.yield %[[R]] : tensor<1x2x64xf32>
// CHECK-NEXT: }
// CHECK-NEXT: return
func.func @in_place(%s: tensor<2x2x64xf32>, %k: f32) -> tensor<1x2x64xf32> {
  %row = tensor.extract_slice %s[1, 0, 0] [1, 2, 64] [1, 1, 1] : tensor<2x2x64xf32> to tensor<1x2x64xf32>
  %e = tensor.empty() : tensor<1x2x64xf32>
  %r = colt5.kernel #plan ins(%row, %k : tensor<1x2x64xf32>, f32) outs(%e : tensor<1x2x64xf32>) {
  ^bb0(%scores: tensor<1x2x64xf32>, %budget: f32, %weights: tensor<1x2x64xf32>):
    %0 = colt5.soft_topk ins(%scores, %budget : tensor<1x2x64xf32>, f32) outs(%weights : tensor<1x2x64xf32>) -> tensor<1x2x64xf32>
    colt5.yield %0 : tensor<1x2x64xf32>
  } -> (tensor<1x2x64xf32>)
  return %r : tensor<1x2x64xf32>
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>

// An out that is needed later is not overwritten. What the kernel reads of it is copied, and nothing else.
// CHECK-LABEL: func.func @needed_later(
// CHECK-SAME: %[[X:[^ :,]*]]: memref<8xf32>, %[[Y:[^ :,]*]]: memref<8xf32>, %[[R0:[^ :,]*]]: memref<8xf32> {colt5.output}, %[[R1:[^ :,]*]]: memref<8xf32> {colt5.output})
// CHECK: memref.copy %[[Y]], %[[R1]]
// CHECK-NOT: memref.copy
// CHECK: colt5.kernel {{.*}} ins(%[[X]] : memref<8xf32>) outs(%[[R0]], %[[R1]] : memref<8xf32>, memref<8xf32>)
func.func @needed_later(%x: tensor<8xf32>, %y: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %r:2 = colt5.kernel #plan ins(%x : tensor<8xf32>) outs(%x, %y : tensor<8xf32>, tensor<8xf32>) {
  ^bb0(%a: tensor<8xf32>, %unread: tensor<8xf32>, %read: tensor<8xf32>):
    %0 = linalg.exp ins(%a : tensor<8xf32>) outs(%unread : tensor<8xf32>) -> tensor<8xf32>
    %1 = linalg.add ins(%read, %0 : tensor<8xf32>, tensor<8xf32>) outs(%read : tensor<8xf32>) -> tensor<8xf32>
    colt5.yield %0, %1 : tensor<8xf32>, tensor<8xf32>
  } -> (tensor<8xf32>, tensor<8xf32>)
  return %r#0, %r#1 : tensor<8xf32>, tensor<8xf32>
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>

// Equal constants outside and in the region are two, as the region is isolated.
// CHECK-LABEL: func.func @constants(
// CHECK: arith.constant 2.0
// CHECK: colt5.kernel
// CHECK: %[[TWO:.*]] = arith.constant 2.0
// CHECK: arith.mulf %{{.*}}, %[[TWO]]
func.func @constants(%x: tensor<8xf32>, %y: tensor<8xf32>) -> (tensor<8xf32>, f32) {
  %c = arith.constant 2.0 : f32
  %r = colt5.kernel #plan ins(%x : tensor<8xf32>) outs(%y : tensor<8xf32>) {
  ^bb0(%a: tensor<8xf32>, %o: tensor<8xf32>):
    %two = arith.constant 2.0 : f32
    %0 = linalg.map ins(%a : tensor<8xf32>) outs(%o : tensor<8xf32>) (%e: f32, %i: f32) {
      %1 = arith.mulf %e, %two : f32
      linalg.yield %1 : f32
    }
    colt5.yield %0 : tensor<8xf32>
  } -> (tensor<8xf32>)
  return %r, %c : tensor<8xf32>, f32
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>

// An input is never the buffer of an out, also where nothing needs it afterwards.
// CHECK-LABEL: func.func @apart(
// CHECK: %[[E:.*]] = memref.alloc
// CHECK: colt5.kernel {{.*}} ins(%[[X:.*]] : memref<8xf32>) outs(%[[E]] :
// CHECK: colt5.kernel {{.*}} ins(%[[E]] : memref<8xf32>) outs(%[[OUT:.*]] :
func.func @apart(%x: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %p = colt5.kernel #plan ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%a: tensor<8xf32>, %o: tensor<8xf32>):
    %0 = linalg.exp ins(%a : tensor<8xf32>) outs(%o : tensor<8xf32>) -> tensor<8xf32>
    colt5.yield %0 : tensor<8xf32>
  } -> (tensor<8xf32>)
  %q = colt5.kernel #plan ins(%p : tensor<8xf32>) outs(%p : tensor<8xf32>) {
  ^bb0(%a: tensor<8xf32>, %o: tensor<8xf32>):
    %0 = linalg.exp ins(%a : tensor<8xf32>) outs(%o : tensor<8xf32>) -> tensor<8xf32>
    colt5.yield %0 : tensor<8xf32>
  } -> (tensor<8xf32>)
  return %q : tensor<8xf32>
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>

// Scratch memory is a buffer of its own.
// CHECK-LABEL: func.func @scratch(
// CHECK-SAME: %[[S:[^ :,]*]]: memref<1x1x?xf32>, %[[OUT:[^ :,]*]]: memref<1x1x9xi32> {colt5.output})
// CHECK: %[[SCRATCH:.*]] = memref.alloc({{.*}}) {{.*}} : memref<1x1x9xi32>
// CHECK: colt5.kernel {{.*}} outs(%[[OUT]], %{{.*}}, %[[SCRATCH]] : memref<1x1x9xi32>, memref<1x1x9xi1>, memref<1x1x9xi32>)
// CHECK-NOT: copy
func.func @scratch(%s: tensor<1x1x?xf32>) -> tensor<1x1x9xi32> {
  %v = tensor.empty() : tensor<1x1x9xi1>
  %t = tensor.empty() : tensor<1x1x9xi32>
  %i = tensor.empty() : tensor<1x1x9xi32>
  %r:3 = colt5.kernel #plan ins(%s : tensor<1x1x?xf32>)
      outs(%i, %v, %t : tensor<1x1x9xi32>, tensor<1x1x9xi1>, tensor<1x1x9xi32>) {
  ^bb0(%scores: tensor<1x1x?xf32>, %io: tensor<1x1x9xi32>, %vo: tensor<1x1x9xi1>, %unused: tensor<1x1x9xi32>):
    %0:2 = colt5.topk ins(%scores : tensor<1x1x?xf32>) outs(%io, %vo : tensor<1x1x9xi32>, tensor<1x1x9xi1>) {order = score}
        -> (tensor<1x1x9xi32>, tensor<1x1x9xi1>)
    colt5.yield %0#0, %0#1 : tensor<1x1x9xi32>, tensor<1x1x9xi1>
  } -> (tensor<1x1x9xi32>, tensor<1x1x9xi1>, tensor<1x1x9xi32>)
  return %r#0 : tensor<1x1x9xi32>
}
