// RUN: colt5-opt %s --colt5-derive-index-facts | FileCheck %s

// With `trust` every op with indices is trusted, without it some are not.
// RUN: colt5-opt %s --colt5-derive-index-facts=trust=true | grep -E "= colt5.(gather|scatter_combine|conditional |attention)" | not grep -v trusted
// RUN: colt5-opt %s --colt5-derive-index-facts | grep -E "= colt5.(gather|scatter_combine|conditional |attention)" | grep -v trusted

// CHECK-LABEL: @through_slice_and_collapse
func.func @through_slice_and_collapse(%s: tensor<2x1x64xf32>, %i: tensor<2x1x8xi32>, %v: tensor<2x1x8xi1>,
    %x: tensor<2x64x4xf32>, %o: tensor<2x8x4xf32>, %p: tensor<2x4x4xf32>) -> (tensor<2x8x4xf32>, tensor<2x64x4xf32>, tensor<2x4x4xf32>) {
  %idx, %valid = colt5.topk ins(%s : tensor<2x1x64xf32>) outs(%i, %v : tensor<2x1x8xi32>, tensor<2x1x8xi1>)
      -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>)
  %flat = tensor.collapse_shape %idx [[0, 1], [2]] : tensor<2x1x8xi32> into tensor<2x8xi32>
  // CHECK: colt5.gather {{.*}} {sorted, trusted, unique}
  %rows = colt5.gather ins(%x, %flat : tensor<2x64x4xf32>, tensor<2x8xi32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  // CHECK: colt5.scatter_combine {{.*}} {sorted, trusted, unique}
  %sum = colt5.scatter_combine ins(%rows, %flat : tensor<2x8x4xf32>, tensor<2x8xi32>) outs(%x : tensor<2x64x4xf32>)
      -> tensor<2x64x4xf32>
  %half = tensor.extract_slice %idx[0, 0, 4] [2, 1, 4] [1, 1, 1] : tensor<2x1x8xi32> to tensor<2x4xi32>
  // CHECK: colt5.gather {{.*}} {sorted, trusted, unique}
  %more = colt5.gather ins(%x, %half : tensor<2x64x4xf32>, tensor<2x4xi32>) outs(%p : tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %rows, %sum, %more : tensor<2x8x4xf32>, tensor<2x64x4xf32>, tensor<2x4x4xf32>
}

// Slots in the order of their scores are not sorted.
// CHECK-LABEL: @order_score
func.func @order_score(%s: tensor<2x1x64xf32>, %i: tensor<2x1x8xi32>, %v: tensor<2x1x8xi1>, %w: tensor<2x1x64xf32>,
    %o: tensor<2x1x8xf32>) -> tensor<2x1x8xf32> {
  %idx, %valid = colt5.topk ins(%s : tensor<2x1x64xf32>) outs(%i, %v : tensor<2x1x8xi32>, tensor<2x1x8xi1>)
      {order = score} -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>)
  // CHECK: colt5.gather {{.*}} {batch_dims = 2, trusted, unique}
  %r = colt5.gather ins(%w, %idx : tensor<2x1x64xf32>, tensor<2x1x8xi32>) outs(%o : tensor<2x1x8xf32>) {batch_dims = 2}
      -> tensor<2x1x8xf32>
  return %r : tensor<2x1x8xf32>
}

// Indices that select from more rows than the source has keep their check.
// CHECK-LABEL: @fewer_rows
func.func @fewer_rows(%s: tensor<2x1x64xf32>, %i: tensor<2x1x8xi32>, %v: tensor<2x1x8xi1>, %x: tensor<2x63x4xf32>,
    %o: tensor<2x1x8x4xf32>) -> tensor<2x1x8x4xf32> {
  %idx, %valid = colt5.topk ins(%s : tensor<2x1x64xf32>) outs(%i, %v : tensor<2x1x8xi32>, tensor<2x1x8xi1>)
      -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>)
  // CHECK: colt5.gather {{.*}} {sorted, unique}
  %r = colt5.gather ins(%x, %idx : tensor<2x63x4xf32>, tensor<2x1x8xi32>) outs(%o : tensor<2x1x8x4xf32>) -> tensor<2x1x8x4xf32>
  return %r : tensor<2x1x8x4xf32>
}

// Dynamic extents are compared through the ops that made them.
// CHECK-LABEL: @dynamic
func.func @dynamic(%x: tensor<2x?x4xf32>, %u: tensor<1x4xf32>, %k: index, %y: tensor<2x?x4xf32>,
    %m: tensor<2x?x4xf32>) -> (tensor<2x?x4xf32>, tensor<2x?x4xf32>) {
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c1 : tensor<2x?x4xf32>
  %e = tensor.empty(%n) : tensor<2x1x?xf32>
  %s = colt5.router_scores ins(%x, %u : tensor<2x?x4xf32>, tensor<1x4xf32>) outs(%e : tensor<2x1x?xf32>) -> tensor<2x1x?xf32>
  %i = tensor.empty(%k) : tensor<2x1x?xi32>
  %v = tensor.empty(%k) : tensor<2x1x?xi1>
  %idx, %valid = colt5.topk ins(%s : tensor<2x1x?xf32>) outs(%i, %v : tensor<2x1x?xi32>, tensor<2x1x?xi1>)
      -> (tensor<2x1x?xi32>, tensor<2x1x?xi1>)
  %flat = tensor.collapse_shape %idx [[0, 1], [2]] : tensor<2x1x?xi32> into tensor<2x?xi32>
  %o = tensor.empty(%k) : tensor<2x?x4xf32>
  // CHECK: colt5.gather ins(%{{.*}}, %[[FLAT:.*]] : {{.*}} {sorted, trusted, unique}
  %r = colt5.gather ins(%x, %flat : tensor<2x?x4xf32>, tensor<2x?xi32>) outs(%o : tensor<2x?x4xf32>) -> tensor<2x?x4xf32>
  // %y need not have as many rows as %x.
  // CHECK: colt5.scatter_combine {{.*}} {sorted, unique}
  %t = colt5.scatter_combine ins(%r, %flat : tensor<2x?x4xf32>, tensor<2x?xi32>) outs(%y : tensor<2x?x4xf32>) -> tensor<2x?x4xf32>
  return %r, %t : tensor<2x?x4xf32>, tensor<2x?x4xf32>
}

// Routes that are merged into one row may share tokens; taken apart they do not.
// CHECK-LABEL: @merged_routes
func.func @merged_routes(%s: tensor<2x3x64xf32>, %i: tensor<2x3x8xi32>, %v: tensor<2x3x8xi1>, %x: tensor<2x64x4xf32>,
    %o: tensor<2x24x4xf32>, %p: tensor<2x3x8x4xf32>) -> (tensor<2x24x4xf32>, tensor<2x3x8x4xf32>) {
  %idx, %valid = colt5.topk ins(%s : tensor<2x3x64xf32>) outs(%i, %v : tensor<2x3x8xi32>, tensor<2x3x8xi1>)
      -> (tensor<2x3x8xi32>, tensor<2x3x8xi1>)
  %flat = tensor.collapse_shape %idx [[0], [1, 2]] : tensor<2x3x8xi32> into tensor<2x24xi32>
  // CHECK: colt5.gather {{.*}} outs(%{{.*}} : tensor<2x24x4xf32>) ->
  %r = colt5.gather ins(%x, %flat : tensor<2x64x4xf32>, tensor<2x24xi32>) outs(%o : tensor<2x24x4xf32>) -> tensor<2x24x4xf32>
  // CHECK: colt5.gather {{.*}} {sorted, trusted, unique}
  %t = colt5.gather ins(%x, %idx : tensor<2x64x4xf32>, tensor<2x3x8xi32>) outs(%p : tensor<2x3x8x4xf32>) -> tensor<2x3x8x4xf32>
  return %r, %t : tensor<2x24x4xf32>, tensor<2x3x8x4xf32>
}

// A slice of one slot per route leaves a row of routes.
// CHECK-LABEL: @row_of_routes
func.func @row_of_routes(%s: tensor<2x3x64xf32>, %i: tensor<2x3x8xi32>, %v: tensor<2x3x8xi1>, %x: tensor<2x64x4xf32>,
    %o: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %idx, %valid = colt5.topk ins(%s : tensor<2x3x64xf32>) outs(%i, %v : tensor<2x3x8xi32>, tensor<2x3x8xi1>)
      -> (tensor<2x3x8xi32>, tensor<2x3x8xi1>)
  %first = tensor.extract_slice %idx[0, 0, 0] [2, 3, 1] [1, 1, 1] : tensor<2x3x8xi32> to tensor<2x3xi32>
  // CHECK: colt5.gather {{.*}} outs(%{{.*}} : tensor<2x3x4xf32>) ->
  %r = colt5.gather ins(%x, %first : tensor<2x64x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %r : tensor<2x3x4xf32>
}

// CHECK-LABEL: @constants
func.func @constants(%x: tensor<1x8x4xf32>, %o: tensor<1x4x4xf32>, %u: tensor<1x?x4xf32>)
    -> (tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>) {
  %a = arith.constant dense<[[0, -1, 3, 7]]> : tensor<1x4xi32>
  %b = arith.constant dense<[[3, 0, 3, 1]]> : tensor<1x4xi32>
  // CHECK: colt5.gather {{.*}} {sorted, trusted, unique}
  %0 = colt5.gather ins(%x, %a : tensor<1x8x4xf32>, tensor<1x4xi32>) outs(%o : tensor<1x4x4xf32>) -> tensor<1x4x4xf32>
  // CHECK: colt5.gather {{.*}} {trusted}
  %1 = colt5.gather ins(%x, %b : tensor<1x8x4xf32>, tensor<1x4xi32>) outs(%o : tensor<1x4x4xf32>) -> tensor<1x4x4xf32>
  // CHECK: colt5.gather {{.*}} {sorted, unique}
  %2 = colt5.gather ins(%u, %a : tensor<1x?x4xf32>, tensor<1x4xi32>) outs(%o : tensor<1x4x4xf32>) -> tensor<1x4x4xf32>
  return %0, %1, %2 : tensor<1x4x4xf32>, tensor<1x4x4xf32>, tensor<1x4x4xf32>
}

// CHECK-LABEL: @conditional_and_kv_idx
func.func @conditional_and_kv_idx(%s: tensor<1x1x64xf32>, %i: tensor<1x1x8xi32>, %v: tensor<1x1x8xi1>, %x: tensor<1x64x4xf32>,
    %q: tensor<1x1x6x4xf32>, %kv: tensor<1x1x64x4xf32>, %o: tensor<1x1x6x4xf32>) -> (tensor<1x64x4xf32>, tensor<1x1x6x4xf32>) {
  %idx, %valid = colt5.topk ins(%s : tensor<1x1x64xf32>) outs(%i, %v : tensor<1x1x8xi32>, tensor<1x1x8xi1>)
      -> (tensor<1x1x8xi32>, tensor<1x1x8xi1>)
  %flat = tensor.collapse_shape %idx [[0, 1], [2]] : tensor<1x1x8xi32> into tensor<1x8xi32>
  // CHECK: colt5.conditional {{.*}} {sorted, trusted, unique}
  %y = colt5.conditional %x base(%x) routed(%flat) : tensor<1x64x4xf32>, tensor<1x64x4xf32>, tensor<1x8xi32> -> tensor<1x64x4xf32> {
  ^bb0(%t: tensor<1x8x4xf32>):
    colt5.yield %t : tensor<1x8x4xf32>
  }
  %list = tensor.expand_shape %idx [[0], [1], [2, 3]] output_shape [1, 1, 1, 8] : tensor<1x1x8xi32> into tensor<1x1x1x8xi32>
  // CHECK: colt5.attention {{.*}} {trusted}
  %a = colt5.attention ins(%q, %kv, %kv : tensor<1x1x6x4xf32>, tensor<1x1x64x4xf32>, tensor<1x1x64x4xf32>)
      kv_idx(%list : tensor<1x1x1x8xi32>) outs(%o : tensor<1x1x6x4xf32>) -> tensor<1x1x6x4xf32>
  return %y, %a : tensor<1x64x4xf32>, tensor<1x1x6x4xf32>
}

// Nothing is known about an argument; facts that the user gives stay.
// CHECK-LABEL: @unknown
func.func @unknown(%x: tensor<1x8x4xf32>, %i: tensor<1x4xi32>, %o: tensor<1x4x4xf32>) -> tensor<1x4x4xf32> {
  // CHECK: colt5.gather {{.*}} {unique}
  %0 = colt5.gather ins(%x, %i : tensor<1x8x4xf32>, tensor<1x4xi32>) outs(%o : tensor<1x4x4xf32>) {unique} -> tensor<1x4x4xf32>
  return %0 : tensor<1x4x4xf32>
}

// Composites keep the number of tokens; an ffn keeps its rows but not its width.
// CHECK-LABEL: @through_composites
func.func @through_composites(%x: tensor<2x?x4xf32>, %u: tensor<1x4xf32>, %d: tensor<4x6xf32>, %f: tensor<6x4xf32>,
    %i: tensor<2x1x8xi32>, %v: tensor<2x1x8xi1>, %o: tensor<2x1x8x4xf32>) -> tensor<2x1x8x4xf32> {
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c1 : tensor<2x?x4xf32>
  %e = tensor.empty(%n) : tensor<2x1x?xf32>
  %s = colt5.router_scores ins(%x, %u : tensor<2x?x4xf32>, tensor<1x4xf32>) outs(%e : tensor<2x1x?xf32>) -> tensor<2x1x?xf32>
  %idx, %valid = colt5.topk ins(%s : tensor<2x1x?xf32>) outs(%i, %v : tensor<2x1x8xi32>, tensor<2x1x8xi1>)
      -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>)
  %0 = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %f) {tokens = 3}
      : tensor<2x?x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x?x4xf32>
  %1 = colt5.ffn %0 in(%d) out(%f) : tensor<2x?x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x?x4xf32>
  // CHECK: colt5.gather {{.*}} {sorted, trusted, unique}
  %r = colt5.gather ins(%1, %idx : tensor<2x?x4xf32>, tensor<2x1x8xi32>) outs(%o : tensor<2x1x8x4xf32>) -> tensor<2x1x8x4xf32>
  return %r : tensor<2x1x8x4xf32>
}

// A negative constant that a slice hides from the verifier keeps its run-time check.
// CHECK-LABEL: @negative_behind_slice
func.func @negative_behind_slice(%x: tensor<1x8x4xf32>, %o: tensor<1x2x4xf32>) -> tensor<1x2x4xf32> {
  %all = arith.constant dense<[[0, -5, 3]]> : tensor<1x3xi32>
  %i = tensor.extract_slice %all[0, 1] [1, 2] [1, 1] : tensor<1x3xi32> to tensor<1x2xi32>
  // CHECK: colt5.gather
  // CHECK-NOT: trusted
  // CHECK: return
  %0 = colt5.gather ins(%x, %i : tensor<1x8x4xf32>, tensor<1x2xi32>) outs(%o : tensor<1x2x4xf32>) -> tensor<1x2x4xf32>
  return %0 : tensor<1x2x4xf32>
}
