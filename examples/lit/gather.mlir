// A gather becomes one kernel, and compiled code agrees with the reference.
// RUN: colt5-opt %s --colt5-to-plan | FileCheck %s
// CHECK: colt5.gather
// CHECK-SAME: role = root

// RUN: colt5-run %s --input=random:seed=1 --input=iota --backend=cpu --compare=reference | FileCheck %s --check-prefix=VALUES
// RUN: colt5-run %s --input=random:seed=1 --input=iota --backend=emulator --compare=reference | FileCheck %s --check-prefix=VALUES
// VALUES: result 0 {{.*}} ok

func.func @rows(%x: tensor<1x16x8xf32>, %idx: tensor<1x4xi32>) -> tensor<1x4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x4x8xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x4x8xf32>) -> tensor<1x4x8xf32>
  %rows = colt5.gather ins(%x, %idx : tensor<1x16x8xf32>, tensor<1x4xi32>) outs(%init : tensor<1x4x8xf32>)
      -> tensor<1x4x8xf32>
  return %rows : tensor<1x4x8xf32>
}
