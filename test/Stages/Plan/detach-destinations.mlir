// RUN: colt5-opt %s --colt5-detach-destinations --split-input-file | FileCheck %s

// A shared value is not overwritten; a value with one use is.
// CHECK-LABEL: func.func @shared(
// CHECK:         %[[A:.*]] = linalg.exp
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<4xf32>
// CHECK:         %[[B:.*]] = linalg.abs ins(%[[A]] : tensor<4xf32>) outs(%[[E]] :
// CHECK:         %[[C:.*]] = linalg.negf ins(%{{.*}} : tensor<4xf32>) outs(%[[B]] :
// CHECK:         return %[[A]], %[[C]]
func.func @shared(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %b = linalg.abs ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
  %c = linalg.negf ins(%x : tensor<4xf32>) outs(%b : tensor<4xf32>) -> tensor<4xf32>
  return %a, %c : tensor<4xf32>, tensor<4xf32>
}

// -----

// Arguments, constants and views are never taken; sizes are those of the old destination.
// CHECK-LABEL: func.func @not_ours(
// CHECK-SAME:    %[[X:.*]]: tensor<?x4xf32>, %{{.*}}: tensor<4xf32>)
// CHECK:         %[[N:.*]] = tensor.dim %[[X]]
// CHECK:         %[[E:.*]] = tensor.empty(%[[N]]) : tensor<?x4xf32>
// CHECK:         linalg.exp ins(%[[X]] : tensor<?x4xf32>) outs(%[[E]] :
// CHECK:         %[[F:.*]] = tensor.empty() : tensor<4xf32>
// CHECK:         linalg.exp {{.*}} outs(%[[F]] :
// CHECK:         %[[G:.*]] = tensor.empty() : tensor<4xf32>
// CHECK:         linalg.exp {{.*}} outs(%[[G]] :
func.func @not_ours(%x: tensor<?x4xf32>, %y: tensor<4xf32>) -> (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %c = arith.constant dense<1.0> : tensor<4xf32>
  %s = tensor.extract_slice %x[0, 0] [1, 4] [1, 1] : tensor<?x4xf32> to tensor<4xf32>
  %a = linalg.exp ins(%x : tensor<?x4xf32>) outs(%x : tensor<?x4xf32>) -> tensor<?x4xf32>
  %b = linalg.exp ins(%y : tensor<4xf32>) outs(%c : tensor<4xf32>) -> tensor<4xf32>
  %d = linalg.exp ins(%y : tensor<4xf32>) outs(%s : tensor<4xf32>) -> tensor<4xf32>
  return %a, %b, %d : tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// Destinations that are read stay, and so do arguments that the caller gives away.
// CHECK-LABEL: func.func @kept(
// CHECK-SAME:    %[[X:.*]]: tensor<4x4xf32>, %[[Y:.*]]: tensor<4x4xf32> {bufferization.writable = true})
// CHECK-NOT:     tensor.empty
// CHECK:         linalg.matmul {{.*}} outs(%[[X]] :
// CHECK:         linalg.exp {{.*}} outs(%[[Y]] :
func.func @kept(%x: tensor<4x4xf32>, %y: tensor<4x4xf32> {bufferization.writable = true}) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %m = linalg.matmul ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>) outs(%x : tensor<4x4xf32>) -> tensor<4x4xf32>
  %e = linalg.exp ins(%y : tensor<4x4xf32>) outs(%y : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %m, %e : tensor<4x4xf32>, tensor<4x4xf32>
}
