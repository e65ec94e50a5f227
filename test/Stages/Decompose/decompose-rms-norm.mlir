// RUN: colt5-opt %s --colt5-decompose --split-input-file | FileCheck %s

// Masked rows are selected to 0: the factor alone would let NaN through.
// CHECK-LABEL: func.func @masked_bf16
// CHECK-SAME: (%[[X:.*]]: tensor<2x?x8xbf16>, %[[G:.*]]: tensor<8xf32>, %[[M:.*]]: tensor<2x?xi1>
// CHECK: %[[R:.*]] = colt5.rms_scale ins(%[[X]] : tensor<2x?x8xbf16>) mask(%[[M]] : tensor<2x?xi1>)
// CHECK-SAME: {eps = 1.000000e-05} -> tensor<2x?xf32>
// CHECK: linalg.generic
// CHECK-SAME: ins(%[[X]], %[[R]], %[[G]], %[[M]]
// CHECK: ^bb0(%[[XE:.*]]: bf16, %[[RE:.*]]: f32, %[[GE:.*]]: f32, %[[ME:.*]]: i1, %{{.*}}: bf16):
// CHECK: %[[WIDE:.*]] = arith.extf %[[XE]] : bf16 to f32
// CHECK: %[[XR:.*]] = arith.mulf %[[WIDE]], %[[RE]] : f32
// CHECK: %[[XRG:.*]] = arith.mulf %[[XR]], %[[GE]] : f32
// CHECK: %[[T:.*]] = arith.truncf %[[XRG]] : f32 to bf16
// CHECK: arith.select %[[ME]], %[[T]],
// CHECK-NOT: colt5.rms_norm
func.func @masked_bf16(%x: tensor<2x?x8xbf16>, %g: tensor<8xf32>, %m: tensor<2x?xi1>, %o: tensor<2x?x8xbf16>) -> tensor<2x?x8xbf16> {
  %0 = colt5.rms_norm ins(%x, %g : tensor<2x?x8xbf16>, tensor<8xf32>) mask(%m : tensor<2x?xi1>)
      outs(%o : tensor<2x?x8xbf16>) {eps = 1.0e-5} -> tensor<2x?x8xbf16>
  return %0 : tensor<2x?x8xbf16>
}

// -----

// CHECK-LABEL: func.func @plain_f64
// CHECK: colt5.rms_scale ins(%{{.*}} : tensor<3x8xf64>) outs(%{{.*}} : tensor<3xf64>) -> tensor<3xf64>
// CHECK: linalg.generic
// CHECK-NOT: arith.ext
// CHECK-NOT: arith.select
// CHECK: return
func.func @plain_f64(%x: tensor<3x8xf64>, %g: tensor<8xf64>, %o: tensor<3x8xf64>) -> tensor<3x8xf64> {
  %0 = colt5.rms_norm ins(%x, %g : tensor<3x8xf64>, tensor<8xf64>) outs(%o : tensor<3x8xf64>) -> tensor<3x8xf64>
  return %0 : tensor<3x8xf64>
}
