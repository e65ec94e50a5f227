// RUN: not colt5-opt %s --colt5-decompose-attention --split-input-file 2>/dev/null | FileCheck %s
// RUN: not colt5-opt %s --colt5-decompose-attention --split-input-file -o /dev/null 2>&1 | FileCheck %s --check-prefix=MEMREF

// MEMREF: error: 'colt5.attention' op can only be decomposed on tensors; decompose before bufferization

// Local keys, then side keys, then the division. The block ids are shifted so that -1 keeps its place in the bias
// and a query without a token stays without one.
// CHECK-LABEL: func.func @side
// CHECK-SAME: (%[[Q:.*]]: tensor<1x4x8x4xbf16>, %[[K:.*]]: tensor<1x2x8x4xbf16>, %[[SK:.*]]: tensor<1x2x3x4xbf16>, %[[SOK:.*]]: tensor<1x3xi1>, %[[POS:.*]]: tensor<1x8xi32>, %[[BLOCK:.*]]: tensor<1x8xi32>, %[[T:.*]]: tensor<4x32xf32>
// CHECK-DAG: %[[ACC:.*]] = linalg.fill {{.*}} -> tensor<1x4x8x4xf32>
// CHECK-DAG: arith.constant 0xFF800000 : f32
// CHECK: %[[L:.*]]:3 = colt5.online_attention ins(%[[Q]], %[[K]], %[[K]] : {{.*}}) q_pos(%[[POS]] : {{.*}}) bias_table(%[[T]] : {{.*}}) outs(%[[ACC]],
// CHECK-SAME: {bias = #colt5.t5_buckets<32, 128, bidirectional>, pattern = #colt5.window<3, 3>, scale = 5.000000e-01}
// CHECK: %[[SQ:.*]] = linalg.generic {{.*}} ins(%[[POS]], %[[BLOCK]]
// CHECK: ^bb0(%[[P:[a-z0-9_]+]]: i32, %[[B:[a-z0-9_]+]]: i32,
// CHECK: %[[SHIFT:.*]] = arith.constant 1073741824 : i32
// CHECK: %[[SUM:.*]] = arith.addi %[[B]], %[[SHIFT]]
// CHECK: %[[NONE:.*]] = arith.constant -1 : i32
// CHECK: %[[IS:.*]] = arith.cmpi eq, %[[P]], %[[NONE]]
// CHECK: arith.select %[[IS]], %[[NONE]], %[[SUM]]
// CHECK: %[[BASE:.*]] = arith.constant 1073741824 : index
// CHECK: %[[S:.*]]:3 = colt5.online_attention ins(%[[Q]], %[[SK]], %[[SK]] : {{.*}}) kv_valid(%[[SOK]] : {{.*}}) q_pos(%[[SQ]] : {{.*}}) kv_base(%[[BASE]] : index) bias_table(%[[T]] : {{.*}}) outs(%[[L]]#0, %[[L]]#1, %[[L]]#2
// CHECK-NOT: pattern
// CHECK: %[[O:.*]] = linalg.generic {{.*}} ins(%[[S]]#0, %[[S]]#2 : {{.*}}) outs(%{{.*}} : tensor<1x4x8x4xbf16>)
// CHECK: arith.divf
// CHECK: arith.truncf
// CHECK: %[[LSE:.*]] = linalg.generic {{.*}} ins(%[[S]]#1, %[[S]]#2 :
// CHECK: math.log
// CHECK: return %[[O]], %[[LSE]]
func.func @side(%q: tensor<1x4x8x4xbf16>, %k: tensor<1x2x8x4xbf16>, %sk: tensor<1x2x3x4xbf16>, %sok: tensor<1x3xi1>, %pos: tensor<1x8xi32>,
                %block: tensor<1x8xi32>, %t: tensor<4x32xf32>, %o: tensor<1x4x8x4xbf16>, %l: tensor<1x4x8xf32>) -> (tensor<1x4x8x4xbf16>, tensor<1x4x8xf32>) {
  %0:2 = colt5.attention ins(%q, %k, %k : tensor<1x4x8x4xbf16>, tensor<1x2x8x4xbf16>, tensor<1x2x8x4xbf16>) q_pos(%pos : tensor<1x8xi32>)
      bias_table(%t : tensor<4x32xf32>) side(%sk, %sk, %sok : tensor<1x2x3x4xbf16>, tensor<1x2x3x4xbf16>, tensor<1x3xi1>)
      q_block(%block : tensor<1x8xi32>) side_bias_table(%t : tensor<4x32xf32>) outs(%o, %l : tensor<1x4x8x4xbf16>, tensor<1x4x8xf32>)
      {scale = 0.5, pattern = #colt5.window<3, 3>, bias = #colt5.t5_buckets<32, 128, bidirectional>}
      -> (tensor<1x4x8x4xbf16>, tensor<1x4x8xf32>)
  return %0#0, %0#1 : tensor<1x4x8x4xbf16>, tensor<1x4x8xf32>
}

// -----

// The score region goes to the local keys; without side keys there is one update.
// CHECK-LABEL: func.func @region
// CHECK: colt5.online_attention {{.*}} extra(
// CHECK: ^bb0(%[[SC:.*]]: f32, %{{.*}}: i32, %{{.*}}: i32, %[[E:.*]]: f32):
// CHECK: arith.addf %[[SC]], %[[E]]
// CHECK: colt5.yield
// CHECK-NOT: colt5.online_attention
// CHECK: return
func.func @region(%q: tensor<1x4x8x4xf32>, %e: tensor<1x4x8x8xf32>) -> tensor<1x4x8x4xf32> {
  %0 = colt5.attention ins(%q, %q, %q : tensor<1x4x8x4xf32>, tensor<1x4x8x4xf32>, tensor<1x4x8x4xf32>) extra(%e : tensor<1x4x8x8xf32>)
      outs(%q : tensor<1x4x8x4xf32>) -> tensor<1x4x8x4xf32> {
  ^bb0(%s: f32, %qp: i32, %kp: i32, %x: f32):
    %1 = arith.addf %s, %x : f32
    colt5.yield %1 : f32
  }
  return %0 : tensor<1x4x8x4xf32>
}

// -----

func.func @memref(%q: memref<1x4x8x4xf32>, %o: memref<1x4x8x4xf32>) {
  colt5.attention ins(%q, %q, %q : memref<1x4x8x4xf32>, memref<1x4x8x4xf32>, memref<1x4x8x4xf32>) outs(%o : memref<1x4x8x4xf32>)
  return
}
