// RUN: colt5-opt %s --colt5-decompose --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @with_base
// CHECK-SAME: (%[[X:.*]]: tensor<2x?x8xf32>, %[[I:.*]]: tensor<2x?xi32>, %[[W:.*]]: tensor<2x?xf32>, %[[OK:.*]]: tensor<2x?xi1>, %[[F:.*]]: tensor<f32>)
// CHECK: %[[ROWS:.*]] = colt5.gather ins(%[[X]], %[[I]] : {{.*}}) valid(%[[OK]] : {{.*}}) outs({{.*}}) {sorted, unique} -> tensor<2x?x8xf32>
// CHECK: %[[H:.*]] = linalg.exp ins(%[[ROWS]]
// CHECK: colt5.scatter_combine ins(%[[H]], %[[I]] : {{.*}}) valid(%[[OK]] : {{.*}}) weight(%[[W]] : {{.*}}) outs(%[[X]] : {{.*}}) {sorted, unique}
// CHECK-NOT: colt5.conditional
func.func @with_base(%x: tensor<2x?x8xf32>, %i: tensor<2x?xi32>, %w: tensor<2x?xf32>, %ok: tensor<2x?xi1>, %f: tensor<f32>) -> tensor<2x?x8xf32> {
  %0 = colt5.conditional %x base(%x) routed(%i, %w, %ok) {unique, sorted}
      : tensor<2x?x8xf32>, tensor<2x?x8xf32>, tensor<2x?xi32>, tensor<2x?xf32>, tensor<2x?xi1> -> tensor<2x?x8xf32> {
  ^bb0(%t: tensor<2x?x8xf32>):
    %h = linalg.exp ins(%t : tensor<2x?x8xf32>) outs(%t : tensor<2x?x8xf32>) -> tensor<2x?x8xf32>
    colt5.yield %h : tensor<2x?x8xf32>
  }
  return %0 : tensor<2x?x8xf32>
}

// -----

// Without base the base is zero; several routes keep their dimension; composites inside are decomposed too.
// CHECK-LABEL: func.func @routes
// CHECK-DAG: %[[ZERO:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<1x9x8xf32>)
// CHECK-DAG: colt5.gather ins(%{{.*}}, %{{.*}} : tensor<1x9x8xf32>, tensor<1x2x3xi32>) outs(%{{.*}} : tensor<1x2x3x8xf32>)
// CHECK: %[[H:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<1x2x3x8xf32>)
// CHECK: colt5.scatter_combine ins(%{{.*}}, %{{.*}} : tensor<1x2x3x8xf32>, tensor<1x2x3xi32>) outs(%[[ZERO]] : tensor<1x9x8xf32>)
// CHECK-NOT: colt5.ffn
func.func @routes(%x: tensor<1x9x8xf32>, %i: tensor<1x2x3xi32>, %a: tensor<8x8xf32>) -> tensor<1x9x8xf32> {
  %0 = colt5.conditional %x routed(%i) : tensor<1x9x8xf32>, tensor<1x2x3xi32> -> tensor<1x9x8xf32> {
  ^bb0(%t: tensor<1x2x3x8xf32>):
    %h = colt5.ffn %t in(%a) out(%a) {activation = identity} : tensor<1x2x3x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<1x2x3x8xf32>
    colt5.yield %h : tensor<1x2x3x8xf32>
  }
  return %0 : tensor<1x9x8xf32>
}
