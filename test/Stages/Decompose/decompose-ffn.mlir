// RUN: colt5-opt %s --colt5-decompose --split-input-file | FileCheck %s

// One contraction with two results over the same x; the product of activation and gate; the second contraction.
// CHECK-LABEL: func.func @gated
// CHECK-SAME: (%[[X:.*]]: tensor<2x?x8xf32>, %[[A:.*]]: tensor<8x16xf32>, %[[B:.*]]: tensor<8x16xf32>, %[[C:.*]]: tensor<16x4xf32>)
// CHECK-DAG: %[[ACC0:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<2x?x16xf32>)
// CHECK: %[[H:.*]]:2 = linalg.generic
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "reduction"]
// CHECK-SAME: ins(%[[X]], %[[A]], %[[B]]
// CHECK: linalg.yield %{{.*}}, %{{.*}} : f32, f32
// CHECK: %[[ACT:.*]] = linalg.generic
// CHECK-SAME: ins(%[[H]]#0, %[[H]]#1
// CHECK: math.tanh
// CHECK: linalg.generic
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "reduction"]
// CHECK-SAME: ins(%[[ACT]], %[[C]]
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @gated(%x: tensor<2x?x8xf32>, %a: tensor<8x16xf32>, %b: tensor<8x16xf32>, %c: tensor<16x4xf32>) -> tensor<2x?x4xf32> {
  %0 = colt5.ffn %x in(%a) gate(%b) out(%c) {activation = gelu_tanh}
      : tensor<2x?x8xf32>, tensor<8x16xf32>, tensor<8x16xf32>, tensor<16x4xf32> -> tensor<2x?x4xf32>
  return %0 : tensor<2x?x4xf32>
}

// -----

// 16-bit data: f32 accumulators, the hidden values and the result are rounded once each.
// CHECK-LABEL: func.func @biases_bf16
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3x16xf32>)
// CHECK: arith.extf %{{.*}} : bf16 to f32
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3x16xbf16>)
// CHECK: %[[IN:.*]] = arith.addf
// CHECK: arith.maximumf %[[IN]],
// CHECK: arith.truncf %{{.*}} : f32 to bf16
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3x8xf32>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<3x8xbf16>)
// CHECK: arith.addf
// CHECK: arith.truncf %{{.*}} : f32 to bf16
func.func @biases_bf16(%x: tensor<3x8xbf16>, %a: tensor<8x16xbf16>, %c: tensor<16x8xbf16>, %ab: tensor<16xf32>, %cb: tensor<8xbf16>) -> tensor<3x8xbf16> {
  %0 = colt5.ffn %x in(%a) out(%c) in_bias(%ab) out_bias(%cb) {activation = relu}
      : tensor<3x8xbf16>, tensor<8x16xbf16>, tensor<16x8xbf16>, tensor<16xf32>, tensor<8xbf16> -> tensor<3x8xbf16>
  return %0 : tensor<3x8xbf16>
}

// -----

// CHECK-LABEL: func.func @gelu
// CHECK: math.erf
func.func @gelu(%x: tensor<3x8xf32>, %a: tensor<8x8xf32>) -> tensor<3x8xf32> {
  %0 = colt5.ffn %x in(%a) out(%a) {activation = gelu} : tensor<3x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}

// -----

// CHECK-LABEL: func.func @silu
// CHECK: ^bb0(%[[X:[a-z0-9_]+]]: f32, %{{[a-z0-9_]+}}: f32):
// CHECK: %[[N:.*]] = arith.negf %[[X]]
// CHECK: %[[E:.*]] = math.exp %[[N]]
// CHECK: %[[S:.*]] = arith.divf
// CHECK: arith.mulf %[[X]], %[[S]]
func.func @silu(%x: tensor<3x8xf32>, %a: tensor<8x8xf32>) -> tensor<3x8xf32> {
  %0 = colt5.ffn %x in(%a) out(%a) {activation = silu} : tensor<3x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}
