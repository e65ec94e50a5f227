// RUN: colt5-opt %s --colt5-decompose --split-input-file | FileCheck %s

// CHECK-DAG: #[[$PX:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d4)>
// CHECK-DAG: #[[$PW:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d4, d1, d3)>
// CHECK-DAG: #[[$PO:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>
// CHECK-DAG: #[[$UX:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d1, d4)>
// CHECK-DAG: #[[$UW:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d3, d4, d2)>
// CHECK-DAG: #[[$UO:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2)>
// CHECK-LABEL: func.func @layer
// CHECK-SAME: (%[[X:.*]]: tensor<1x32x8xf32>, %[[M:.*]]: tensor<1x32xi1>, %[[UQ:.*]]: tensor<1x8xf32>, %[[UKV:.*]]: tensor<1x8xf32>, %[[L:.*]]: tensor<8x2x4xf32>, %[[LO:.*]]: tensor<2x4x8xf32>, %[[LT:.*]]: tensor<2x32xf32>, %[[HQ:.*]]: tensor<8x4x4xf32>, %[[HKV:.*]]: tensor<8x2x4xf32>, %[[HO:.*]]: tensor<4x4x8xf32>, %[[HT:.*]]: tensor<4x32xf32>)
// Projections write the layout of attention.
// CHECK: %[[Q:.*]] = linalg.generic {indexing_maps = [#[[$PX]], #[[$PW]], #[[$PO]]], {{.*}} ins(%[[X]], %[[L]] : {{.*}}) outs(%{{.*}} : tensor<1x2x32x4xf32>)
// CHECK: %[[K:.*]] = linalg.generic
// CHECK: %[[V:.*]] = linalg.generic
// CHECK: %[[O:.*]] = colt5.attention ins(%[[Q]], %[[K]], %[[V]] : {{.*}}) q_valid(%[[M]] : {{.*}}) kv_valid(%[[M]] : {{.*}}) bias_table(%[[LT]]
// CHECK-SAME: {bias = #colt5.t5_buckets<32, 128, bidirectional>, pattern = #colt5.window<3, 3>, scale = 5.000000e-01}
// CHECK: %[[LIGHT:.*]] = linalg.generic {indexing_maps = [#[[$UX]], #[[$UW]], #[[$UO]]], {{.*}} ins(%[[O]], %[[LO]] : {{.*}} attrs = {colt5.part = "attn.light"}
// Both routers share one pass over the tokens.
// CHECK: %[[U0:.*]] = tensor.insert_slice %[[UQ]] into %{{.*}}[0, 0] [1, 8] [1, 1]
// CHECK: %[[U1:.*]] = tensor.insert_slice %[[UKV]] into %[[U0]][1, 0] [1, 8] [1, 1]
// CHECK: %[[S:.*]] = colt5.router_scores ins(%[[X]], %[[U1]] : {{.*}}) mask(%[[M]] : {{.*}}) outs({{.*}}) -> tensor<1x2x32xf32>
// CHECK: %[[SQ:.*]] = tensor.extract_slice %[[S]][0, 0, 0] [1, 1, 32]
// CHECK: %[[TQ:.*]]:2 = colt5.topk ins(%[[SQ]] {{.*}} {colt5.part = "attn.select_q"} -> (tensor<1x1x4xi32>
// CHECK: %[[IQ:.*]] = tensor.collapse_shape %[[TQ]]#0
// CHECK: %[[OKQ:.*]] = tensor.collapse_shape %[[TQ]]#1
// CHECK: colt5.part = "attn.weights_q"
// CHECK: %[[SKV:.*]] = tensor.extract_slice %[[S]][0, 1, 0] [1, 1, 32]
// CHECK: %[[TKV:.*]]:2 = colt5.topk ins(%[[SKV]] {{.*}} {colt5.part = "attn.select_kv"} -> (tensor<1x1x6xi32>
// CHECK: %[[IKV:.*]] = tensor.collapse_shape %[[TKV]]#0
// CHECK: %[[OKKV:.*]] = tensor.collapse_shape %[[TKV]]#1
// CHECK: colt5.part = "attn.weights_kv"
// CHECK: %[[WKV:.*]] = tensor.collapse_shape
// CHECK: colt5.gather ins(%[[X]], %[[IQ]] : {{.*}}) valid(%[[OKQ]] : {{.*}}) outs({{.*}} -> tensor<1x4x8xf32>
// The key score scales the input of both projections.
// CHECK: colt5.gather ins(%[[X]], %[[IKV]] : {{.*}}) valid(%[[OKKV]] : {{.*}}) scale(%[[WKV]] : {{.*}} -> tensor<1x6x8xf32>
// Original positions, grouped heads.
// CHECK: colt5.attention ins({{.*}} : tensor<1x4x4x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>) q_valid(%[[OKQ]] : {{.*}}) kv_valid(%[[OKKV]] : {{.*}}) q_pos(%[[IQ]] : {{.*}}) kv_pos(%[[IKV]] : {{.*}}) bias_table(%[[HT]]
// CHECK-SAME: {bias = #colt5.t5_buckets<32, 128, bidirectional>, scale = 5.000000e-01}
// CHECK: %[[HEAVY:.*]] = linalg.generic {{.*}} attrs = {colt5.part = "attn.heavy"}
// CHECK: colt5.scatter_combine ins(%[[HEAVY]], %[[IQ]] : {{.*}}) valid(%[[OKQ]] : {{.*}}) weight(%{{.*}} : {{.*}}) outs(%[[LIGHT]] :
// CHECK-NOT: colt5.conditional_attention
func.func @layer(%x: tensor<1x32x8xf32>, %m: tensor<1x32xi1>, %uq: tensor<1x8xf32>, %ukv: tensor<1x8xf32>, %l: tensor<8x2x4xf32>,
                 %lo: tensor<2x4x8xf32>, %lt: tensor<2x32xf32>, %hq: tensor<8x4x4xf32>, %hkv: tensor<8x2x4xf32>,
                 %ho: tensor<4x4x8xf32>, %ht: tensor<4x32xf32>) -> tensor<1x32x8xf32> {
  %0 = colt5.conditional_attention %x mask(%m) routers(%uq, %ukv) light(%l, %l, %l, %lo bias %lt) heavy(%hq, %hkv, %hkv, %ho bias %ht)
      {queries = 4, keys = 6, light_pattern = #colt5.window<3, 3>, scale = 0.5}
      : tensor<1x32x8xf32>, tensor<1x32xi1>, tensor<1x8xf32>, tensor<1x8xf32>, tensor<8x2x4xf32>, tensor<8x2x4xf32>, tensor<8x2x4xf32>,
        tensor<2x4x8xf32>, tensor<2x32xf32>, tensor<8x4x4xf32>, tensor<8x2x4xf32>, tensor<8x2x4xf32>, tensor<4x4x8xf32>, tensor<4x32xf32> -> tensor<1x32x8xf32>
  return %0 : tensor<1x32x8xf32>
}

// -----

// Scores that multiply after the projections: the query by the query score, key and value by the key score.
// CHECK-LABEL: func.func @scales
// CHECK: %[[WQ:.*]] = tensor.collapse_shape %{{.*}} : tensor<1x1x4xf32> into tensor<1x4xf32>
// CHECK: %[[WKV:.*]] = tensor.collapse_shape %{{.*}} : tensor<1x1x6xf32> into tensor<1x6xf32>
// CHECK: colt5.gather {{.*}} -> tensor<1x4x8xf32>
// CHECK-NOT: scale(
// CHECK: %[[Q:.*]] = linalg.generic {{.*}} ins(%{{.*}}, %[[WQ]] : tensor<1x4x4x4xf32>, tensor<1x4xf32>)
// CHECK: %[[K:.*]] = linalg.generic {{.*}} ins(%{{.*}}, %[[WKV]] : tensor<1x4x6x4xf32>, tensor<1x6xf32>)
// CHECK: %[[V:.*]] = linalg.generic {{.*}} ins(%{{.*}}, %[[WKV]] : tensor<1x4x6x4xf32>, tensor<1x6xf32>)
// CHECK: colt5.attention ins(%[[Q]], %[[K]], %[[V]]
// CHECK: colt5.scatter_combine {{.*}} weight(%[[WQ]]
func.func @scales(%x: tensor<1x32x8xf32>, %u: tensor<1x8xf32>, %h: tensor<8x4x4xf32>, %ho: tensor<4x4x8xf32>) -> tensor<1x32x8xf32> {
  %0 = colt5.conditional_attention %x routers(%u, %u) heavy(%h, %h, %h, %ho)
      {queries = 4, keys = 6, kv_scale = key_value, q_scale = output_and_query}
      : tensor<1x32x8xf32>, tensor<1x8xf32>, tensor<1x8xf32>, tensor<8x4x4xf32>, tensor<8x4x4xf32>, tensor<8x4x4xf32>, tensor<4x4x8xf32> -> tensor<1x32x8xf32>
  return %0 : tensor<1x32x8xf32>
}

// -----

// No scale, no weights: nothing computes them. bf16: every projection is rounded once, behind its f32 sum.
// CHECK-LABEL: func.func @unscaled_bf16
// CHECK-SAME: (%[[X:.*]]: tensor<?x?x8xbf16>, {{.*}}, %[[BASE:.*]]: tensor<?x?x8xbf16>, %{{.*}}: index)
// CHECK-NOT: colt5.soft_topk
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<?x4x?x4xf32>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<?x4x?x4xbf16>)
// CHECK: arith.truncf
// CHECK: colt5.attention {{.*}} -> tensor<?x4x?x4xbf16>
// CHECK: colt5.scatter_combine {{.*}} valid(%{{.*}} : tensor<?x?xi1>) outs(%[[BASE]] : tensor<?x?x8xbf16>)
func.func @unscaled_bf16(%x: tensor<?x?x8xbf16>, %u: tensor<1x8xbf16>, %h: tensor<8x4x4xbf16>, %ho: tensor<4x4x8xbf16>,
                         %base: tensor<?x?x8xbf16>, %k: index) -> tensor<?x?x8xbf16> {
  %0 = colt5.conditional_attention %x routers(%u, %u) base(%base) heavy(%h, %h, %h, %ho) queries(%k) keys(%k)
      {kv_scale = none, q_scale = none}
      : tensor<?x?x8xbf16>, tensor<1x8xbf16>, tensor<1x8xbf16>, tensor<?x?x8xbf16>, tensor<8x4x4xbf16>, tensor<8x4x4xbf16>, tensor<8x4x4xbf16>,
        tensor<4x4x8xbf16>, index, index -> tensor<?x?x8xbf16>
  return %0 : tensor<?x?x8xbf16>
}
