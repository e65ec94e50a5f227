// RUN: colt5-opt %s --colt5-bufferize --split-input-file | FileCheck %s

// Every primitive becomes the same op on memrefs and writes to the output argument directly.

// CHECK-LABEL: func.func @router_scores(
// CHECK-SAME:    %[[X:[^ :,]*]]: memref<2x8x4xf32>, %[[U:[^ :,]*]]: memref<1x4xf32>, %[[M:[^ :,]*]]: memref<2x8xi1>,
// CHECK-SAME:    %[[OUT:[^ :,]*]]: memref<2x1x8xf32> {colt5.output})
// CHECK-NEXT:    colt5.router_scores ins(%[[X]], %[[U]] : {{.*}}) mask(%[[M]] : {{.*}}) outs(%[[OUT]] : memref<2x1x8xf32>)
// CHECK-NEXT:    return
func.func @router_scores(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %m: tensor<2x8xi1>) -> tensor<2x1x8xf32> {
  %e = tensor.empty() : tensor<2x1x8xf32>
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) mask(%m : tensor<2x8xi1>)
       outs(%e : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return %s : tensor<2x1x8xf32>
}

// -----

// CHECK-LABEL: func.func @soft_topk(
// CHECK-SAME:    %[[S:[^ :,]*]]: memref<2x1x8xf32>, %[[K:[^ :,]*]]: f32, %[[OUT:[^ :,]*]]: memref<2x1x8xf32>
// CHECK-NEXT:    colt5.soft_topk ins(%[[S]], %[[K]] : memref<2x1x8xf32>, f32) outs(%[[OUT]] : memref<2x1x8xf32>) {iterations = 3
// CHECK-NEXT:    return
func.func @soft_topk(%s: tensor<2x1x8xf32>, %k: f32) -> tensor<2x1x8xf32> {
  %e = tensor.empty() : tensor<2x1x8xf32>
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%e : tensor<2x1x8xf32>) {iterations = 3}
       -> tensor<2x1x8xf32>
  return %w : tensor<2x1x8xf32>
}

// -----

// Two results share no buffer although CSE may have merged their tensor.empty ops.
// CHECK-LABEL: func.func @topk(
// CHECK-SAME:    %[[S:[^ :,]*]]: memref<2x1x8xf32>, %[[I:[^ :,]*]]: memref<2x1x4xi32> {colt5.output}, %[[V:[^ :,]*]]: memref<2x1x4xi1> {colt5.output}, %[[W:[^ :,]*]]: memref<2x1x4xf32> {colt5.output}
// CHECK-NEXT:    colt5.topk ins(%[[S]] : {{.*}}) outs(%[[I]], %[[V]], %[[W]] : memref<2x1x4xi32>, memref<2x1x4xi1>, memref<2x1x4xf32>)
// CHECK-NEXT:    return
func.func @topk(%s: tensor<2x1x8xf32>) -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>, tensor<2x1x4xf32>) {
  %i = tensor.empty() : tensor<2x1x4xi32>
  %v = tensor.empty() : tensor<2x1x4xi1>
  %w = tensor.empty() : tensor<2x1x4xf32>
  %r:3 = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%i, %v, %w : tensor<2x1x4xi32>, tensor<2x1x4xi1>, tensor<2x1x4xf32>)
       -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>, tensor<2x1x4xf32>)
  return %r#0, %r#1, %r#2 : tensor<2x1x4xi32>, tensor<2x1x4xi1>, tensor<2x1x4xf32>
}

// -----

// CHECK-LABEL: func.func @gather(
// CHECK-NOT:     memref.alloc
// CHECK:         colt5.gather ins({{.*}}) scale({{.*}}) outs(%{{.*}} : memref<2x3x4xf32>) {unique}
// CHECK-NEXT:    return
func.func @gather(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %w: tensor<2x3xf32>) -> tensor<2x3x4xf32> {
  %e = tensor.empty() : tensor<2x3x4xf32>
  %r = colt5.gather ins(%x, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) scale(%w : tensor<2x3xf32>)
       outs(%e : tensor<2x3x4xf32>) {unique} -> tensor<2x3x4xf32>
  return %r : tensor<2x3x4xf32>
}

// -----

// The base is an input, which must not change: it is copied to the output, then updated in place.
// CHECK-LABEL: func.func @scatter(
// CHECK-SAME:    %[[Y:[^ :,]*]]: memref<2x3x4xf32>, %[[I:[^ :,]*]]: memref<2x3xi32>, %[[BASE:[^ :,]*]]: memref<2x8x4xf32>, %[[OUT:[^ :,]*]]: memref<2x8x4xf32>
// CHECK-NEXT:    memref.copy %[[BASE]], %[[OUT]] :
// CHECK-NEXT:    colt5.scatter_combine ins(%[[Y]], %[[I]] : {{.*}}) outs(%[[OUT]] : memref<2x8x4xf32>)
// CHECK-NEXT:    return
func.func @scatter(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>, %base: tensor<2x8x4xf32>) -> tensor<2x8x4xf32> {
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%base : tensor<2x8x4xf32>)
       -> tensor<2x8x4xf32>
  return %r : tensor<2x8x4xf32>
}

// -----

// A chain of scatters on a fresh base stays in the output buffer: they read what they update.
// CHECK-LABEL: func.func @scatter_chain(
// CHECK-SAME:    %[[OUT:[^ :,]*]]: memref<2x8x4xf32> {colt5.output})
// CHECK-NOT:     memref.alloc
// CHECK-NOT:     memref.copy
// CHECK:         linalg.fill ins({{.*}}) outs(%[[OUT]] :
// CHECK:         colt5.scatter_combine {{.*}} outs(%[[OUT]] :
// CHECK:         colt5.scatter_combine {{.*}} outs(%[[OUT]] :
// CHECK-NEXT:    return
func.func @scatter_chain(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>) -> tensor<2x8x4xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x8x4xf32>
  %base = linalg.fill ins(%zero : f32) outs(%e : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%base : tensor<2x8x4xf32>)
       -> tensor<2x8x4xf32>
  %r2 = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%r : tensor<2x8x4xf32>)
       -> tensor<2x8x4xf32>
  return %r2 : tensor<2x8x4xf32>
}

// -----

// CHECK-LABEL: func.func @block_summary(
// CHECK-NOT:     memref.alloc
// CHECK:         colt5.block_summary ins({{.*}}) outs(%{{.*}}, %{{.*}}, %{{.*}} : memref<2x2x4xf32>, memref<2x2xi1>, memref<2x8xi32>) {size = 4
func.func @block_summary(%x: tensor<2x8x4xf32>) -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>) {
  %a = tensor.empty() : tensor<2x2x4xf32>
  %b = tensor.empty() : tensor<2x2xi1>
  %c = tensor.empty() : tensor<2x8xi32>
  %r:3 = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%a, %b, %c : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>)
       {size = 4} -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>)
  return %r#0, %r#1, %r#2 : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>
}

// -----

// CHECK-LABEL: func.func @rows(
// CHECK-SAME:    %[[X:[^ :,]*]]: memref<1x2x8x4xf32>, %[[P:[^ :,]*]]: memref<1x8xi32>, %[[OUT:[^ :,]*]]: memref<1x2x8xf32>
// CHECK:         %[[TMP:[^ :,]*]] = memref.alloc()
// CHECK-NEXT:    colt5.rope ins(%[[X]], %[[P]] : {{.*}}) outs(%[[TMP]] : memref<1x2x8x4xf32>)
// CHECK-NEXT:    colt5.rms_scale ins(%[[TMP]] : {{.*}}) outs(%[[OUT]] : memref<1x2x8xf32>)
func.func @rows(%x: tensor<1x2x8x4xf32>, %p: tensor<1x8xi32>) -> tensor<1x2x8xf32> {
  %e = tensor.empty() : tensor<1x2x8x4xf32>
  %r = colt5.rope ins(%x, %p : tensor<1x2x8x4xf32>, tensor<1x8xi32>) outs(%e : tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32>
  %e2 = tensor.empty() : tensor<1x2x8xf32>
  %s = colt5.rms_scale ins(%r : tensor<1x2x8x4xf32>) outs(%e2 : tensor<1x2x8xf32>) -> tensor<1x2x8xf32>
  return %s : tensor<1x2x8xf32>
}
