// RUN: colt5-opt %s --colt5-widen-accumulators --split-input-file | FileCheck %s
// The contract holds after the pass, for what it holds before too.
// RUN: colt5-opt %s --colt5-widen-accumulators --colt5-verify-stage=stage=decompose --split-input-file -o /dev/null

// CHECK-LABEL: func.func @matmul
// CHECK-SAME: %[[A:.+]]: tensor<?x8xbf16>, %[[B:.+]]: tensor<8x4xbf16>, %[[C:.+]]: tensor<?x4xbf16>
// CHECK: %[[WIDE:.+]] = linalg.generic {{.*}} ins(%[[C]] : tensor<?x4xbf16>) outs({{.*}} : tensor<?x4xf32>)
// CHECK: arith.extf
// CHECK: %[[SUM:.+]] = linalg.generic {{.*}}"reduction"]} ins(%[[A]], %[[B]] : tensor<?x8xbf16>, tensor<8x4xbf16>) outs(%[[WIDE]] : tensor<?x4xf32>)
// CHECK-NEXT: ^bb0(%[[X:.+]]: bf16, %[[Y:.+]]: bf16, %[[ACC:.+]]: f32):
// CHECK: %[[XW:.+]] = arith.extf %[[X]] : bf16 to f32
// CHECK: %[[YW:.+]] = arith.extf %[[Y]] : bf16 to f32
// CHECK: %[[P:.+]] = arith.mulf %[[XW]], %[[YW]] : f32
// CHECK: %[[S:.+]] = arith.addf %[[ACC]], %[[P]] : f32
// CHECK: linalg.yield %[[S]] : f32
// CHECK: %[[R:.+]] = linalg.generic {{.*}} ins(%[[SUM]] : tensor<?x4xf32>) outs({{.*}} : tensor<?x4xbf16>)
// CHECK: arith.truncf
// CHECK: return %[[R]]
func.func @matmul(%a: tensor<?x8xbf16>, %b: tensor<8x4xbf16>, %c: tensor<?x4xbf16>) -> tensor<?x4xbf16> {
  %0 = linalg.matmul {colt5.part = "product"} ins(%a, %b : tensor<?x8xbf16>, tensor<8x4xbf16>) outs(%c : tensor<?x4xbf16>) -> tensor<?x4xbf16>
  return %0 : tensor<?x4xbf16>
}

// -----

// A filled accumulator is filled in f32; the truncation in the body goes; what is no sum of 16 bits stays.
// CHECK-LABEL: func.func @rounded
// CHECK: %[[ZERO:.+]] = arith.constant 0.000000e+00 : f32
// CHECK: %[[FILLED:.+]] = linalg.fill ins(%[[ZERO]] : f32)
// CHECK: linalg.generic {{.*}} outs(%[[FILLED]] : tensor<4xf32>)
// CHECK-NEXT: ^bb0(%[[X:.+]]: f16, %[[ACC:.+]]: f32):
// CHECK-NEXT: %[[XW:.+]] = arith.extf %[[X]] : f16 to f32
// CHECK-NEXT: %[[S:.+]] = arith.addf %[[XW]], %[[ACC]] : f32
// CHECK-NEXT: linalg.yield %[[S]] : f32
// CHECK: linalg.reduce { arith.maximumf } ins({{.*}}) outs({{.*}} : tensor<4xf16>)
// CHECK: linalg.reduce { arith.addf } ins({{.*}}) outs({{.*}} : tensor<4xf32>)
func.func @rounded(%a: tensor<4x8xf16>, %b: tensor<4x8xf32>, %m: tensor<4xf16>, %s: tensor<4xf32>) -> (tensor<4xf16>, tensor<4xf16>, tensor<4xf32>) {
  %zero = arith.constant 0.0 : f16
  %e = tensor.empty() : tensor<4xf16>
  %z = linalg.fill ins(%zero : f16) outs(%e : tensor<4xf16>) -> tensor<4xf16>
  %0 = linalg.reduce ins(%a : tensor<4x8xf16>) outs(%z : tensor<4xf16>) dimensions = [1]
    (%x: f16, %sum: f16) {
      %1 = arith.extf %x : f16 to f32
      %2 = arith.extf %sum : f16 to f32
      %3 = arith.addf %1, %2 : f32
      %4 = arith.truncf %3 : f32 to f16
      linalg.yield %4 : f16
    }
  %5 = linalg.reduce { arith.maximumf } ins(%a : tensor<4x8xf16>) outs(%m : tensor<4xf16>) dimensions = [1]
  %6 = linalg.reduce { arith.addf } ins(%b : tensor<4x8xf32>) outs(%s : tensor<4xf32>) dimensions = [1]
  return %0, %5, %6 : tensor<4xf16>, tensor<4xf16>, tensor<4xf32>
}

// -----

// CHECK-LABEL: func.func @scatter
// CHECK-SAME: %[[Y:.+]]: tensor<1x4x8xbf16>, %[[I:.+]]: tensor<1x4xi32>, %[[BASE:.+]]: tensor<1x9x8xbf16>
// CHECK: %[[WIDE:.+]] = linalg.generic {{.*}} ins(%[[BASE]] : tensor<1x9x8xbf16>) outs({{.*}} : tensor<1x9x8xf32>)
// CHECK: %[[SUM:.+]] = colt5.scatter_combine ins(%[[Y]], %[[I]] : {{.*}}) outs(%[[WIDE]] : tensor<1x9x8xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[SUM]] : tensor<1x9x8xf32>) outs({{.*}} : tensor<1x9x8xbf16>)
// CHECK: colt5.scatter_combine {{.*}} outs(%[[BASE]] : tensor<1x9x8xbf16>) {unique}
// CHECK: colt5.scatter_combine {{.*}} outs(%[[BASE]] : tensor<1x9x8xbf16>) {combine = set}
func.func @scatter(%y: tensor<1x4x8xbf16>, %i: tensor<1x4xi32>, %base: tensor<1x9x8xbf16>) -> (tensor<1x9x8xbf16>, tensor<1x9x8xbf16>, tensor<1x9x8xbf16>) {
  %0 = colt5.scatter_combine ins(%y, %i : tensor<1x4x8xbf16>, tensor<1x4xi32>) outs(%base : tensor<1x9x8xbf16>) -> tensor<1x9x8xbf16>
  %1 = colt5.scatter_combine ins(%y, %i : tensor<1x4x8xbf16>, tensor<1x4xi32>) outs(%base : tensor<1x9x8xbf16>) {unique} -> tensor<1x9x8xbf16>
  %2 = colt5.scatter_combine ins(%y, %i : tensor<1x4x8xbf16>, tensor<1x4xi32>) outs(%base : tensor<1x9x8xbf16>) {combine = set} -> tensor<1x9x8xbf16>
  return %0, %1, %2 : tensor<1x9x8xbf16>, tensor<1x9x8xbf16>, tensor<1x9x8xbf16>
}

// -----

// Every route is rounded before the next.
// CHECK-LABEL: func.func @routes
// CHECK-SAME: %[[Y:[a-z0-9]+]]: tensor<1x?x4x8xf16>, %[[I:[a-z0-9]+]]: tensor<1x?x4xi32>
// CHECK: %[[ROUTES:.+]] = tensor.dim %[[Y]]
// CHECK: scf.for %[[R:.+]] = %{{.+}} to %[[ROUTES]] step {{.*}} iter_args(%[[CARRIED:.+]] = %{{.+}}) -> (tensor<1x9x8xf32>)
// CHECK: tensor.extract_slice %[[Y]][0, %[[R]], 0, 0] [1, 1, 4, 8]
// CHECK: tensor.extract_slice %[[I]][0, %[[R]], 0] [1, 1, 4]
// CHECK: %[[ADDED:.+]] = colt5.scatter_combine {{.*}} outs(%[[CARRIED]] : tensor<1x9x8xf32>)
// CHECK: %[[ROUNDED:.+]] = linalg.generic {{.*}} outs(%[[ADDED]] : tensor<1x9x8xf32>)
// CHECK: arith.truncf {{.*}} : f32 to f16
// CHECK: arith.extf {{.*}} : f16 to f32
// CHECK: scf.yield %[[ROUNDED]]
func.func @routes(%y: tensor<1x?x4x8xf16>, %i: tensor<1x?x4xi32>, %base: tensor<1x9x8xf16>) -> tensor<1x9x8xf16> {
  %0 = colt5.scatter_combine ins(%y, %i : tensor<1x?x4x8xf16>, tensor<1x?x4xi32>) outs(%base : tensor<1x9x8xf16>) -> tensor<1x9x8xf16>
  return %0 : tensor<1x9x8xf16>
}
