// RUN: colt5-opt %s --colt5-decompose --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @masked
// CHECK-SAME: (%[[X:.*]]: tensor<1x32x8xf32>, %[[M:.*]]: tensor<1x32xi1>, %[[U:.*]]: tensor<1x8xf32>
// The light branch ends with the mask: an activation need not keep 0.
// CHECK: math.tanh
// CHECK: %[[LIGHT:.*]] = linalg.generic {{.*}} ins(%{{.*}}, %[[M]] : tensor<1x32x8xf32>, tensor<1x32xi1>) {{.*}} attrs = {colt5.part = "ffn.light"}
// CHECK: arith.select
// CHECK: %[[S:.*]] = colt5.router_scores ins(%[[X]], %[[U]] : {{.*}}) mask(%[[M]] : {{.*}}) outs({{.*}}) -> tensor<1x1x32xf32>
// CHECK: %[[SEL:.*]]:2 = colt5.topk ins(%[[S]] : {{.*}}) mask(%[[M]] : {{.*}}) outs({{.*}}) {colt5.part = "ffn.select"} -> (tensor<1x1x4xi32>, tensor<1x1x4xi1>)
// CHECK: %[[I:.*]] = tensor.collapse_shape %[[SEL]]#0
// CHECK: %[[OK:.*]] = tensor.collapse_shape %[[SEL]]#1
// CHECK: %[[KN:.*]] = arith.constant 4.500000e+00 : f32
// CHECK: %[[ALL:.*]] = colt5.soft_topk ins(%[[S]], %[[KN]] : {{.*}}) mask(%[[M]] : {{.*}}) outs({{.*}}) {eps = 5.000000e-01, iterations = 7} -> tensor<1x1x32xf32>
// CHECK: %[[PICK:.*]] = colt5.gather ins(%[[ALL]], %[[SEL]]#0 : {{.*}}) valid(%[[SEL]]#1 : {{.*}}) outs({{.*}}) {batch_dims = 2, colt5.part = "ffn.weights"
// CHECK: %[[W:.*]] = tensor.collapse_shape %[[PICK]]
// CHECK: %[[ROWS:.*]] = colt5.gather ins(%[[X]], %[[I]] : {{.*}}) valid(%[[OK]] : {{.*}}) outs({{.*}}) {sorted, trusted, unique} -> tensor<1x4x8xf32>
// CHECK: linalg.generic
// CHECK-SAME: ins(%[[ROWS]],
// CHECK: %[[HEAVY:.*]] = linalg.generic {{.*}}"reduction"]} ins({{.*}} attrs = {colt5.part = "ffn.heavy"}
// CHECK: colt5.scatter_combine ins(%[[HEAVY]], %[[I]] : {{.*}}) valid(%[[OK]] : {{.*}}) weight(%[[W]] : {{.*}}) outs(%[[LIGHT]] : {{.*}}) {sorted, trusted, unique}
func.func @masked(%x: tensor<1x32x8xf32>, %m: tensor<1x32xi1>, %u: tensor<1x8xf32>, %a: tensor<8x16xf32>, %c: tensor<16x8xf32>,
                  %d: tensor<8x32xf32>, %f: tensor<32x8xf32>) -> tensor<1x32x8xf32> {
  %0 = colt5.conditional_ffn %x mask(%m) router(%u) light(in = %a, gate = %a, out = %c) heavy(in = %d, out = %f)
      {tokens = 4, routing = #colt5.routing<soft_topk, eps = 0.5, iterations = 7, k_ratio = 1.125>}
      : tensor<1x32x8xf32>, tensor<1x32xi1>, tensor<1x8xf32>, tensor<8x16xf32>, tensor<8x16xf32>, tensor<16x8xf32>,
        tensor<8x32xf32>, tensor<32x8xf32> -> tensor<1x32x8xf32>
  return %0 : tensor<1x32x8xf32>
}

// -----

// Everything dynamic, no light branch: the base is zero and the budget is computed.
// CHECK-LABEL: func.func @dynamic
// CHECK-SAME: %[[K:[a-z0-9]+]]: index)
// CHECK: linalg.fill {{.*}} -> tensor<?x?x8xbf16>
// CHECK: colt5.topk {{.*}} -> (tensor<?x1x?xi32>, tensor<?x1x?xi1>)
// CHECK: %[[INT:.*]] = arith.index_cast %[[K]] : index to i64
// CHECK: %[[KN:.*]] = arith.sitofp %[[INT]] : i64 to f32
// CHECK: colt5.soft_topk ins(%{{.*}}, %[[KN]]
// CHECK: colt5.scatter_combine {{.*}} -> tensor<?x?x8xbf16>
func.func @dynamic(%x: tensor<?x?x8xbf16>, %u: tensor<1x8xbf16>, %d: tensor<8x32xbf16>, %f: tensor<32x8xbf16>, %k: index) -> tensor<?x?x8xbf16> {
  %0 = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %f) tokens(%k)
      : tensor<?x?x8xbf16>, tensor<1x8xbf16>, tensor<8x32xbf16>, tensor<32x8xbf16>, index -> tensor<?x?x8xbf16>
  return %0 : tensor<?x?x8xbf16>
}
