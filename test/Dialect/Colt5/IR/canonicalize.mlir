// RUN: colt5-opt %s --canonicalize --split-input-file | FileCheck %s

// CHECK-LABEL: @neutral_masks
func.func @neutral_masks(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %o: tensor<2x1x8xf32>, %k: f32,
    %i: tensor<2x1x4xi32>, %v: tensor<2x1x4xi1>, %r: tensor<2x8xf32>, %g: tensor<4xf32>, %s: tensor<2x2x4xf32>,
    %sv: tensor<2x2xi1>, %sb: tensor<2x8xi32>) -> (tensor<2x1x8xf32>, tensor<2x1x4xi32>, tensor<2x8xf32>, tensor<2x8x4xf32>, tensor<2x2x4xf32>) {
  %true = arith.constant dense<true> : tensor<2x8xi1>
  // CHECK: colt5.router_scores ins({{[^)]*}}) outs(
  %0 = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) mask(%true : tensor<2x8xi1>)
      outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  // CHECK: colt5.soft_topk ins({{[^)]*}}) outs(
  %1 = colt5.soft_topk ins(%0, %k : tensor<2x1x8xf32>, f32) mask(%true : tensor<2x8xi1>)
      outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  // CHECK: colt5.topk ins({{[^)]*}}) outs(
  %2, %3 = colt5.topk ins(%1 : tensor<2x1x8xf32>) mask(%true : tensor<2x8xi1>)
      outs(%i, %v : tensor<2x1x4xi32>, tensor<2x1x4xi1>) -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>)
  // CHECK: colt5.rms_scale ins({{[^)]*}}) outs(
  %4 = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) mask(%true : tensor<2x8xi1>) outs(%r : tensor<2x8xf32>) -> tensor<2x8xf32>
  // CHECK: colt5.rms_norm ins({{[^)]*}}) outs(
  %5 = colt5.rms_norm ins(%x, %g : tensor<2x8x4xf32>, tensor<4xf32>) mask(%true : tensor<2x8xi1>)
      outs(%x : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  // CHECK: colt5.block_summary ins({{[^)]*}}) outs(
  %6, %7, %8 = colt5.block_summary ins(%x : tensor<2x8x4xf32>) mask(%true : tensor<2x8xi1>)
      outs(%s, %sv, %sb : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>) {size = 4}
      -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>)
  return %1, %2, %4, %5, %6 : tensor<2x1x8xf32>, tensor<2x1x4xi32>, tensor<2x8xf32>, tensor<2x8x4xf32>, tensor<2x2x4xf32>
}

// -----

// CHECK-LABEL: @neutral_movement
func.func @neutral_movement(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x3x4xf32>, %n: index)
    -> (tensor<2x8x4xf32>, tensor<2x8x4xf32>) {
  %one = arith.constant 1.0 : f32
  %true = arith.constant true
  %e = tensor.empty() : tensor<2x3xf32>
  %f = tensor.empty() : tensor<2x9xi1>
  // A fill, also through a slice, counts as a constant.
  %ones = linalg.fill ins(%one : f32) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  %all = linalg.fill ins(%true : i1) outs(%f : tensor<2x9xi1>) -> tensor<2x9xi1>
  %valid = tensor.extract_slice %all[0, %n] [2, 3] [1, 1] : tensor<2x9xi1> to tensor<2x3xi1>
  // CHECK: colt5.gather ins({{[^)]*}}) outs(
  %r = colt5.gather ins(%x, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) valid(%valid : tensor<2x3xi1>)
      scale(%ones : tensor<2x3xf32>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  // CHECK: colt5.scatter_combine ins({{[^)]*}}) outs(
  %s = colt5.scatter_combine ins(%r, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) valid(%valid : tensor<2x3xi1>)
      weight(%ones : tensor<2x3xf32>) outs(%x : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  // CHECK: colt5.conditional %{{.*}} base(%{{.*}}) routed(%{{[a-z0-9]*}}) :
  %c = colt5.conditional %x base(%s) routed(%i, %ones, %valid)
      : tensor<2x8x4xf32>, tensor<2x8x4xf32>, tensor<2x3xi32>, tensor<2x3xf32>, tensor<2x3xi1> -> tensor<2x8x4xf32> {
  ^bb0(%t: tensor<2x3x4xf32>):
    colt5.yield %t : tensor<2x3x4xf32>
  }
  return %s, %c : tensor<2x8x4xf32>, tensor<2x8x4xf32>
}

// -----

// A mask with one zero, and a weight of -1 or 2, stay.
// CHECK-LABEL: @not_neutral
func.func @not_neutral(%x: tensor<1x2x4xf32>, %i: tensor<1x2xi32>, %o: tensor<1x2x4xf32>) -> tensor<1x2x4xf32> {
  %valid = arith.constant dense<[[true, false]]> : tensor<1x2xi1>
  %weight = arith.constant dense<2.0> : tensor<1x2xf32>
  // CHECK: colt5.gather ins({{.*}}) valid({{.*}}) scale({{.*}}) outs(
  %r = colt5.gather ins(%x, %i : tensor<1x2x4xf32>, tensor<1x2xi32>) valid(%valid : tensor<1x2xi1>)
      scale(%weight : tensor<1x2xf32>) outs(%o : tensor<1x2x4xf32>) -> tensor<1x2x4xf32>
  return %r : tensor<1x2x4xf32>
}

// -----

// CHECK-LABEL: @gather_nothing
// CHECK-SAME: %[[O:[a-z0-9]*]]: tensor<2x3x4xf32>
func.func @gather_nothing(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x3x4xf32>)
    -> (tensor<2x3x4xf32>, tensor<2x3x4xf32>) {
  // CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-NOT: colt5.gather
  // CHECK-COUNT-2: linalg.fill ins(%[[ZERO]] : f32) outs(%{{.*}} : tensor<2x3x4xf32>)
  // CHECK-NOT: colt5.gather
  %none = arith.constant dense<-1> : tensor<2x3xi32>
  %false = arith.constant dense<false> : tensor<2x3xi1>
  %0 = colt5.gather ins(%x, %none : tensor<2x8x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %1 = colt5.gather ins(%x, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) valid(%false : tensor<2x3xi1>)
      outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %0, %1 : tensor<2x3x4xf32>, tensor<2x3x4xf32>
}

// -----

// An index out of range sets the error word, whatever the rows hold.
// CHECK-LABEL: @gather_zeros
func.func @gather_zeros(%i: tensor<2x3xi32>, %o: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %zeros = arith.constant dense<0.0> : tensor<2x8x4xf32>
  // CHECK: colt5.gather
  %0 = colt5.gather ins(%zeros, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}

// -----

// CHECK-LABEL: @scatter_nothing
// CHECK-SAME: %[[B:[a-z0-9]*]]: tensor<2x8x4xf32>
func.func @scatter_nothing(%b: tensor<2x8x4xf32>, %y: tensor<2x3x4xf32>, %y0: tensor<2x0x4xf32>, %i0: tensor<2x0xi32>,
    %m: memref<2x8x4xf32>, %ym: memref<2x0x4xf32>, %im: memref<2x0xi32>) -> (tensor<2x8x4xf32>, tensor<2x8x4xf32>) {
  // CHECK-NOT: colt5.scatter_combine
  // CHECK: return %[[B]], %[[B]]
  %none = arith.constant dense<-1> : tensor<2x3xi32>
  %0 = colt5.scatter_combine ins(%y, %none : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%b : tensor<2x8x4xf32>)
      {combine = set} -> tensor<2x8x4xf32>
  %1 = colt5.scatter_combine ins(%y0, %i0 : tensor<2x0x4xf32>, tensor<2x0xi32>) outs(%b : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  colt5.scatter_combine ins(%ym, %im : memref<2x0x4xf32>, memref<2x0xi32>) outs(%m : memref<2x8x4xf32>)
  return %0, %1 : tensor<2x8x4xf32>, tensor<2x8x4xf32>
}

// -----

// CHECK-LABEL: @conditional_nothing
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x8x4xf32>, %[[B:[a-z0-9]*]]: tensor<?x8x4xf32>
func.func @conditional_nothing(%x: tensor<?x8x4xf32>, %b: tensor<?x8x4xf32>, %i: tensor<?x0xi32>)
    -> (tensor<?x8x4xf32>, tensor<?x8x4xf32>) {
  // CHECK-NOT: colt5.conditional
  // CHECK: %[[E:.*]] = tensor.empty(%{{.*}}) : tensor<?x8x4xf32>
  // CHECK: %[[Z:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%[[E]] : tensor<?x8x4xf32>)
  // CHECK: return %[[B]], %[[Z]]
  %0 = colt5.conditional %x base(%b) routed(%i) : tensor<?x8x4xf32>, tensor<?x8x4xf32>, tensor<?x0xi32> -> tensor<?x8x4xf32> {
  ^bb0(%t: tensor<?x0x4xf32>):
    colt5.yield %t : tensor<?x0x4xf32>
  }
  %1 = colt5.conditional %x routed(%i) : tensor<?x8x4xf32>, tensor<?x0xi32> -> tensor<?x8x4xf32> {
  ^bb0(%t: tensor<?x0x4xf32>):
    colt5.yield %t : tensor<?x0x4xf32>
  }
  return %0, %1 : tensor<?x8x4xf32>, tensor<?x8x4xf32>
}

// -----

// CHECK-LABEL: @patterns
func.func @patterns(%q: tensor<1x1x8x4xf32>, %o: tensor<1x1x8x4xf32>)
    -> (tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>) {
  // CHECK: colt5.attention ins({{.*}}) outs(%{{.*}} : tensor<1x1x8x4xf32>) ->
  %0 = colt5.attention ins(%q, %q, %q : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>)
      outs(%o : tensor<1x1x8x4xf32>) {pattern = #colt5.dense} -> tensor<1x1x8x4xf32>
  // CHECK: colt5.attention ins({{.*}}) outs(%{{.*}} : tensor<1x1x8x4xf32>) ->
  %1 = colt5.attention ins(%q, %q, %q : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>)
      outs(%o : tensor<1x1x8x4xf32>) {pattern = #colt5.all<[]>} -> tensor<1x1x8x4xf32>
  // CHECK: colt5.attention {{.*}} {pattern = #colt5.causal}
  %2 = colt5.attention ins(%q, %q, %q : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>)
      outs(%o : tensor<1x1x8x4xf32>) {pattern = #colt5.all<[#colt5.dense, #colt5.all<[#colt5.causal]>, #colt5.causal]>}
      -> tensor<1x1x8x4xf32>
  // CHECK: colt5.attention {{.*}} {pattern = #colt5.all<[#colt5.window<2, 2>, #colt5.causal]>}
  %3 = colt5.attention ins(%q, %q, %q : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>)
      outs(%o : tensor<1x1x8x4xf32>) {pattern = #colt5.all<[#colt5.window<2, 2>, #colt5.causal]>} -> tensor<1x1x8x4xf32>
  return %0, %1, %2, %3 : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>
}

// -----

// CHECK-LABEL: @attention_masks
func.func @attention_masks(%q: tensor<1x1x8x4xf32>, %o: tensor<1x1x8x4xf32>, %m: tensor<1x8xi1>) -> tensor<1x1x8x4xf32> {
  %true = arith.constant dense<true> : tensor<1x8xi1>
  // CHECK: colt5.attention ins({{[^)]*}}) kv_valid(%{{.*}} : tensor<1x8xi1>) outs(
  %0 = colt5.attention ins(%q, %q, %q : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>)
      q_valid(%true : tensor<1x8xi1>) kv_valid(%m : tensor<1x8xi1>) outs(%o : tensor<1x1x8x4xf32>) -> tensor<1x1x8x4xf32>
  return %0 : tensor<1x1x8x4xf32>
}

// -----

// What a fill or a constant put into a destination that is overwritten does not matter; a base does.
// CHECK-LABEL: @dead_destination
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<2x8x4xf32>, %[[R:[a-z0-9]*]]: tensor<2x8xf32>
func.func @dead_destination(%x: tensor<2x8x4xf32>, %r: tensor<2x8xf32>, %i: tensor<2x3xi32>, %y: tensor<2x3x4xf32>)
    -> (tensor<2x8xf32>, tensor<2x8xf32>, tensor<2x8x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %constant = arith.constant dense<0.0> : tensor<2x8xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%r : tensor<2x8xf32>) -> tensor<2x8xf32>
  // CHECK: colt5.rms_scale {{.*}} outs(%[[R]] : tensor<2x8xf32>)
  %0 = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) outs(%fill : tensor<2x8xf32>) -> tensor<2x8xf32>
  // CHECK: %[[E:.*]] = tensor.empty() : tensor<2x8xf32>
  // CHECK: colt5.rms_scale {{.*}} outs(%[[E]] : tensor<2x8xf32>) {eps = 1.0
  %1 = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) outs(%constant : tensor<2x8xf32>) {eps = 1.0} -> tensor<2x8xf32>
  // CHECK: %[[BASE:.*]] = linalg.fill
  // CHECK: colt5.scatter_combine {{.*}} outs(%[[BASE]] : tensor<2x8x4xf32>)
  %base = linalg.fill ins(%zero : f32) outs(%x : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  %2 = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%base : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return %0, %1, %2 : tensor<2x8xf32>, tensor<2x8xf32>, tensor<2x8x4xf32>
}

// -----

// Casts around an op refine its types.
// CHECK-LABEL: @casts
// CHECK-SAME: %[[S:[a-z0-9]*]]: tensor<2x1x64xf32>
func.func @casts(%s: tensor<2x1x64xf32>, %i: tensor<?x1x?xi32>, %v: tensor<?x1x?xi1>) -> (tensor<2x1x8xi32>, tensor<?x1x?xi1>) {
  // CHECK: %[[I:.*]] = tensor.cast %{{.*}} : tensor<?x1x?xi32> to tensor<2x1x8xi32>
  // CHECK: %[[T:.*]]:2 = colt5.topk ins(%[[S]] : tensor<2x1x64xf32>) outs(%[[I]], %{{.*}} : tensor<2x1x8xi32>, tensor<?x1x?xi1>)
  // CHECK: return %[[T]]#0, %[[T]]#1
  %0 = tensor.cast %s : tensor<2x1x64xf32> to tensor<?x1x?xf32>
  %1, %2 = colt5.topk ins(%0 : tensor<?x1x?xf32>) outs(%i, %v : tensor<?x1x?xi32>, tensor<?x1x?xi1>)
      -> (tensor<?x1x?xi32>, tensor<?x1x?xi1>)
  %3 = tensor.cast %1 : tensor<?x1x?xi32> to tensor<2x1x8xi32>
  return %3, %2 : tensor<2x1x8xi32>, tensor<?x1x?xi1>
}

// -----

// Constants stay inside the score region, which captures nothing.
// CHECK-LABEL: @score_region
func.func @score_region(%q: tensor<1x1x8x4xf32>, %o: tensor<1x1x8x4xf32>) -> (tensor<1x1x8x4xf32>, f32) {
  %c = arith.constant 2.0 : f32
  // CHECK: colt5.attention
  %0 = colt5.attention ins(%q, %q, %q : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>)
      outs(%o : tensor<1x1x8x4xf32>) -> tensor<1x1x8x4xf32> {
  ^bb0(%s: f32, %a: i32, %b: i32):
    // CHECK: %[[C:.*]] = arith.constant 2.000000e+00 : f32
    // CHECK: arith.mulf %{{.*}}, %[[C]] : f32
    %two = arith.constant 2.0 : f32
    %t = arith.mulf %s, %two : f32
    colt5.yield %t : f32
  }
  return %0, %c : tensor<1x1x8x4xf32>, f32
}

// An op takes what a cast made less static, also one with an empty region.
// CHECK-LABEL: @cast_operands
// CHECK: colt5.attention ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<1x2x3x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>) outs(%{{.*}} : tensor<1x2x3x4xf32>)
func.func @cast_operands(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %o: tensor<1x2x3x4xf32>) -> tensor<1x2x?x4xf32> {
  %dq = tensor.cast %q : tensor<1x2x3x4xf32> to tensor<1x2x?x4xf32>
  %dk = tensor.cast %k : tensor<1x2x5x4xf32> to tensor<1x2x?x4xf32>
  %do = tensor.cast %o : tensor<1x2x3x4xf32> to tensor<1x2x?x4xf32>
  %r = colt5.attention ins(%dq, %dk, %dk : tensor<1x2x?x4xf32>, tensor<1x2x?x4xf32>, tensor<1x2x?x4xf32>)
      outs(%do : tensor<1x2x?x4xf32>) -> tensor<1x2x?x4xf32>
  return %r : tensor<1x2x?x4xf32>
}
