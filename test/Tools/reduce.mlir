// colt5-reduce keeps what the script asks for and drops the rest.
// RUN: colt5-reduce %s --no-implicit-module -reduction-tree='traversal-mode=0 test=%S/Inputs/has-topk.sh' | FileCheck %s

// CHECK-NOT: func.func @unrelated
// CHECK: colt5.topk
// CHECK-NOT: func.func @unrelated
module {
  func.func @unrelated(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
    %0 = arith.addf %a, %b : tensor<4xf32>
    %1 = arith.mulf %0, %b : tensor<4xf32>
    return %1 : tensor<4xf32>
  }
  func.func @select(%s: tensor<2x1x8xf32>, %i: tensor<2x1x4xi32>, %v: tensor<2x1x4xi1>) -> tensor<2x1x4xi32> {
    %0:2 = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%i, %v : tensor<2x1x4xi32>, tensor<2x1x4xi1>)
        -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>)
    return %0#0 : tensor<2x1x4xi32>
  }
  func.func @unrelated_too(%a: tensor<4xf32>) -> tensor<4xf32> {
    return %a : tensor<4xf32>
  }
}
