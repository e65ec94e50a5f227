// Reductions to rank 0, softmax along any dimension, and loops whose body reads the tensor that starts the carried value.
// RUN: colt5-run %s --entry=sum --input=iota --print | FileCheck %s --check-prefix=SUM
// SUM: 0: f64 = [595]
// RUN: colt5-run %s --entry=softmax --input=iota:shape=2x3 --print | FileCheck %s --check-prefix=SOFTMAX
// SOFTMAX: 0: 2x3xf64 = [0.0900306, 0.244728, 0.665241, 0.0900306, 0.244728, 0.665241]
// SOFTMAX: 1: 2x3xf64 = [0.0474259, 0.0474259, 0.0474259, 0.952574, 0.952574, 0.952574]
// RUN: colt5-run %s --entry=softmax --input=random:seed=3,shape=9x3 --backend=cpu --compare=reference | FileCheck %s --check-prefix=SAME
// RUN: colt5-run %s --entry=softmax --input=random:seed=3,shape=9x3 --backend=emulator --compare=reference | FileCheck %s --check-prefix=SAME
// RUN: colt5-run %s --entry=sum --input=random:seed=1 --backend=cpu --compare=reference | FileCheck %s --check-prefix=SAME
// SAME: result 0 {{.*}} ok
// RUN: colt5-run %s --entry=residual --input=iota --print | FileCheck %s --check-prefix=RESIDUAL
// RESIDUAL: 0: 4xf64 = [0, 4, 8, 12]
// RUN: colt5-run %s --entry=both --input=ones --input=ones --print | FileCheck %s --check-prefix=BOTH
// BOTH: 0: 2x2xf64 = [3, 3, 3, 3]

func.func @sum(%a: tensor<5x7xf32>) -> tensor<f32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<f32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<f32>) -> tensor<f32>
  %r = linalg.reduce { arith.addf } ins(%a : tensor<5x7xf32>) outs(%f : tensor<f32>) dimensions = [0, 1]
  return %r : tensor<f32>
}

func.func @softmax(%a: tensor<?x3xf32>) -> (tensor<?x3xf32>, tensor<?x3xf32>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x3xf32>
  %e = tensor.empty(%n) : tensor<?x3xf32>
  %r = linalg.softmax dimension(1) ins(%a : tensor<?x3xf32>) outs(%e : tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = linalg.softmax dimension(0) ins(%a : tensor<?x3xf32>) outs(%e : tensor<?x3xf32>) -> tensor<?x3xf32>
  return %r, %s : tensor<?x3xf32>, tensor<?x3xf32>
}

func.func @residual(%a: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %r = scf.for %i = %c0 to %c3 step %c1 iter_args(%t = %a) -> tensor<4xf32> {
    %e = tensor.empty() : tensor<4xf32>
    %s = linalg.add ins(%t, %a : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %s : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// What the loop carries is written in place.
func.func @both(%w: tensor<2x2xf32>, %z: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %lo = arith.constant 0 : index
  %hi = arith.constant 1 : index
  %v = scf.for %i = %lo to %hi step %hi iter_args(%acc = %z) -> (tensor<2x2xf32>) {
    %t = linalg.matmul ins(%z, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%acc : tensor<2x2xf32>) -> tensor<2x2xf32>
    scf.yield %t : tensor<2x2xf32>
  }
  return %v : tensor<2x2xf32>
}
