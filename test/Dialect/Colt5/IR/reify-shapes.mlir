// RUN: colt5-opt %s --resolve-ranked-shaped-type-result-dims --canonicalize | FileCheck %s

// CHECK-LABEL: @structured
// CHECK-SAME: %[[S:[a-z0-9]*]]: tensor<2x1x?xf32>, %[[K:[a-z0-9]*]]: index
func.func @structured(%s: tensor<2x1x?xf32>, %k: index) -> (index, index) {
  // CHECK: return %[[K]], %[[K]]
  %c2 = arith.constant 2 : index
  %i = tensor.empty(%k) : tensor<2x1x?xi32>
  %v = tensor.empty(%k) : tensor<2x1x?xi1>
  %0, %1 = colt5.topk ins(%s : tensor<2x1x?xf32>) outs(%i, %v : tensor<2x1x?xi32>, tensor<2x1x?xi1>)
      -> (tensor<2x1x?xi32>, tensor<2x1x?xi1>)
  %d0 = tensor.dim %0, %c2 : tensor<2x1x?xi32>
  %d1 = tensor.dim %1, %c2 : tensor<2x1x?xi1>
  return %d0, %d1 : index, index
}

// CHECK-LABEL: @ffn
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x?x4xf32>, %[[A:[a-z0-9]*]]: tensor<4x6xf32>, %[[C:[a-z0-9]*]]: tensor<6x?xf32>
func.func @ffn(%x: tensor<?x?x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x?xf32>) -> (index, index, index) {
  // CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
  // CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
  // CHECK-DAG: %[[B:.*]] = tensor.dim %[[X]], %[[C0]]
  // CHECK-DAG: %[[N:.*]] = tensor.dim %[[X]], %[[C1]]
  // CHECK-DAG: %[[D:.*]] = tensor.dim %[[C]], %[[C1]]
  // CHECK: return %[[B]], %[[N]], %[[D]]
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %0 = colt5.ffn %x in(%a) out(%c) : tensor<?x?x4xf32>, tensor<4x6xf32>, tensor<6x?xf32> -> tensor<?x?x?xf32>
  %d0 = tensor.dim %0, %c0 : tensor<?x?x?xf32>
  %d1 = tensor.dim %0, %c1 : tensor<?x?x?xf32>
  %d2 = tensor.dim %0, %c2 : tensor<?x?x?xf32>
  return %d0, %d1, %d2 : index, index, index
}

// CHECK-LABEL: @conditional
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x?x4xf32>, %[[B:[a-z0-9]*]]: tensor<?x?x?xf32>
func.func @conditional(%x: tensor<?x?x4xf32>, %b: tensor<?x?x?xf32>, %i: tensor<?x3xi32>, %w: tensor<4x?xf32>) -> (index, index) {
  // CHECK-DAG: %[[N:.*]] = tensor.dim %[[B]], %{{.*}}
  // CHECK-DAG: %[[D:.*]] = tensor.dim %[[B]], %{{.*}}
  // CHECK: return %[[N]], %[[D]]
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %0 = colt5.conditional %x base(%b) routed(%i) : tensor<?x?x4xf32>, tensor<?x?x?xf32>, tensor<?x3xi32> -> tensor<?x?x?xf32> {
  ^bb0(%t: tensor<?x3x4xf32>):
    %y = tensor.cast %t : tensor<?x3x4xf32> to tensor<?x3x?xf32>
    colt5.yield %y : tensor<?x3x?xf32>
  }
  %d1 = tensor.dim %0, %c1 : tensor<?x?x?xf32>
  %d2 = tensor.dim %0, %c2 : tensor<?x?x?xf32>
  return %d1, %d2 : index, index
}

// CHECK-LABEL: @conditional_ffn
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x?x4xf32>
func.func @conditional_ffn(%x: tensor<?x?x4xf32>, %u: tensor<1x4xf32>, %d: tensor<4x6xf32>, %f: tensor<6x4xf32>) -> index {
  // CHECK: %[[N:.*]] = tensor.dim %[[X]], %{{.*}}
  // CHECK: return %[[N]]
  %c1 = arith.constant 1 : index
  %0 = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %f) {tokens = 3}
      : tensor<?x?x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<?x?x4xf32>
  %n = tensor.dim %0, %c1 : tensor<?x?x4xf32>
  return %n : index
}
