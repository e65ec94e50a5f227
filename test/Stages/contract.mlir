// A pipeline stops at the first stage whose contract does not hold.
// RUN: not colt5-opt %s --colt5-to-tile 2>&1 | FileCheck %s

// CHECK: error: @bad, argument #0: expected elements of type {{.*}}, found 'tensor<4x4xf8E5M2>'
// CHECK-NOT: colt5-plan
func.func @bad(%a: tensor<4x4xf8E5M2>) -> tensor<4x4xf8E5M2> {
  %0 = linalg.matmul ins(%a, %a : tensor<4x4xf8E5M2>, tensor<4x4xf8E5M2>) outs(%a : tensor<4x4xf8E5M2>) -> tensor<4x4xf8E5M2>
  return %0 : tensor<4x4xf8E5M2>
}
