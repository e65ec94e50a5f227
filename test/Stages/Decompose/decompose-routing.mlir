// RUN: colt5-opt %s --colt5-decompose --split-input-file | FileCheck %s

// Softmax over the selected scores. A slot counts when its score is above -inf (not masked, not empty, not NaN).
// CHECK-LABEL: func.func @softmax_topk
// CHECK: %[[T:.*]]:3 = colt5.topk {{.*}} -> (tensor<1x1x4xi32>, tensor<1x1x4xi1>, tensor<1x1x4xf32>)
// CHECK-NOT: colt5.soft_topk
// CHECK: %[[MAX:.*]] = linalg.generic {{.*}}"reduction"]} ins(%[[T]]#2 : tensor<1x1x4xf32>) outs(%{{.*}} : tensor<1x1xf32>)
// CHECK: arith.cmpf ogt
// CHECK: arith.minimumf
// CHECK: arith.maximumf
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}}"reduction"]} ins(%[[T]]#2, %[[MAX]] :
// CHECK: math.exp
// CHECK: linalg.generic {{.*}} ins(%[[T]]#2, %[[MAX]], %[[SUM]] : {{.*}} attrs = {colt5.part = "ffn.weights"}
// CHECK: arith.divf
// CHECK: arith.select
func.func @softmax_topk(%x: tensor<1x32x8xf32>, %u: tensor<1x8xf32>, %d: tensor<8x8xf32>) -> tensor<1x32x8xf32> {
  %0 = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %d) {tokens = 4, routing = #colt5.routing<softmax_topk>}
      : tensor<1x32x8xf32>, tensor<1x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<1x32x8xf32>
  return %0 : tensor<1x32x8xf32>
}

// -----

// The sum runs over all tokens, the quotient over the selected ones.
// CHECK-LABEL: func.func @softmax_all
// CHECK: %[[S:.*]] = colt5.router_scores
// CHECK: %[[T:.*]]:3 = colt5.topk
// CHECK: %[[MAX:.*]] = linalg.generic {{.*}} ins(%[[S]] : tensor<1x1x32xf32>)
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[S]], %[[MAX]] :
// CHECK: linalg.generic {{.*}} ins(%[[T]]#2, %[[MAX]], %[[SUM]] : {{.*}} attrs = {colt5.part = "ffn.weights"}
func.func @softmax_all(%x: tensor<1x32x8xf32>, %u: tensor<1x8xf32>, %d: tensor<8x8xf32>) -> tensor<1x32x8xf32> {
  %0 = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %d) {tokens = 4, routing = #colt5.routing<softmax_all>}
      : tensor<1x32x8xf32>, tensor<1x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<1x32x8xf32>
  return %0 : tensor<1x32x8xf32>
}

// -----

// CHECK-LABEL: func.func @sigmoid
// CHECK: %[[T:.*]]:3 = colt5.topk
// CHECK: linalg.generic {{.*}} ins(%[[T]]#2 : {{.*}} attrs = {colt5.part = "ffn.weights"}
// CHECK: arith.cmpf ogt
// CHECK: math.exp
// CHECK: arith.select
func.func @sigmoid(%x: tensor<1x32x8xf32>, %u: tensor<1x8xf32>, %d: tensor<8x8xf32>) -> tensor<1x32x8xf32> {
  %0 = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %d) {tokens = 4, routing = #colt5.routing<sigmoid>}
      : tensor<1x32x8xf32>, tensor<1x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<1x32x8xf32>
  return %0 : tensor<1x32x8xf32>
}

// -----

// CHECK-LABEL: func.func @raw
// CHECK: %[[T:.*]]:3 = colt5.topk
// CHECK: linalg.generic {{.*}} ins(%[[T]]#2 : {{.*}} attrs = {colt5.part = "ffn.weights"}
// CHECK: ^bb0(%[[V:[a-z0-9_]+]]: f32, %{{[a-z0-9_]+}}: f32):
// CHECK: %[[C:.*]] = arith.cmpf ogt, %[[V]]
// CHECK: arith.select %[[C]], %[[V]],
func.func @raw(%x: tensor<1x32x8xf32>, %u: tensor<1x8xf32>, %d: tensor<8x8xf32>) -> tensor<1x32x8xf32> {
  %0 = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %d) {tokens = 4, routing = #colt5.routing<raw>}
      : tensor<1x32x8xf32>, tensor<1x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<1x32x8xf32>
  return %0 : tensor<1x32x8xf32>
}

// -----

// All router options: similarity and scale on the scores, block on selection and soft top-k, f64 throughout.
// CHECK-LABEL: func.func @options
// CHECK: colt5.router_scores {{.*}} {scale = 8.000000e+00, similarity = cosine} -> tensor<1x1x32xf64>
// CHECK: colt5.topk {{.*}} {block = 16, colt5.part = "ffn.select"}
// CHECK: arith.constant 4.000000e+00 : f64
// CHECK: colt5.soft_topk {{.*}} {block = 16, eps = 3.000000e-02, eps_decay = {{.*}}, eps_init = 4.000000e+00, init = neg, iterations = 20, overflow = iterate}
func.func @options(%x: tensor<1x32x8xf64>, %u: tensor<1x8xf64>, %d: tensor<8x8xf64>) -> tensor<1x32x8xf64> {
  %0 = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %d)
      {tokens = 4, routing = #colt5.routing<soft_topk, eps = 0.03, iterations = 20, init = neg, eps_init = 4.0, eps_decay = 0.7,
                                            overflow = iterate, similarity = cosine, scale = 8.0, block = 16>}
      : tensor<1x32x8xf64>, tensor<1x8xf64>, tensor<8x8xf64>, tensor<8x8xf64> -> tensor<1x32x8xf64>
  return %0 : tensor<1x32x8xf64>
}

// -----

// bypass = ones: weight 1 when every token is selected, known here,
// CHECK-LABEL: func.func @bypass_static
// CHECK-NOT: colt5.soft_topk
// CHECK: linalg.generic {{.*}} attrs = {colt5.part = "ffn.weights"}
// CHECK: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK: arith.select %{{.*}}, %[[ONE]],
func.func @bypass_static(%x: tensor<1x4x8xf32>, %u: tensor<1x8xf32>, %d: tensor<8x8xf32>) -> tensor<1x4x8xf32> {
  %0 = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %d) {tokens = 4, routing = #colt5.routing<soft_topk, bypass = ones>}
      : tensor<1x4x8xf32>, tensor<1x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<1x4x8xf32>
  return %0 : tensor<1x4x8xf32>
}

// -----

// and at run time here.
// CHECK-LABEL: func.func @bypass_dynamic
// CHECK: %[[SOFT:.*]] = colt5.gather {{.*}} {batch_dims = 2
// CHECK: %[[ALL:.*]] = arith.cmpi sge, %{{.*}}, %{{.*}} : index
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[SOFT]], %[[ALL]] : tensor<1x1x4xf32>, tensor<1x1x4xf32>, i1) {{.*}} attrs = {colt5.part = "ffn.weights"}
func.func @bypass_dynamic(%x: tensor<1x?x8xf32>, %u: tensor<1x8xf32>, %d: tensor<8x8xf32>) -> tensor<1x?x8xf32> {
  %0 = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %d) {tokens = 4, routing = #colt5.routing<soft_topk, bypass = ones>}
      : tensor<1x?x8xf32>, tensor<1x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<1x?x8xf32>
  return %0 : tensor<1x?x8xf32>
}
