// --verify-semantics executes the program with the reference after every pass up to the tiled one.
// RUN: colt5-run %s --entry=mlp --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --verify-semantics | FileCheck %s
// CHECK: semantics: unchanged after each of {{[1-9][0-9]+}} passes

// A program that the reference cannot execute is not verified silently.
// RUN: not colt5-run %s --entry=unknown --backend=cpu --verify-semantics 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: 'memref.alloc' op is not supported by the reference
// UNKNOWN: colt5-run: error: verifying the semantics of @unknown failed

func.func @mlp(%x: tensor<2x5x4xf32>, %a: tensor<4x6xf32>, %b: tensor<6x4xf32>) -> tensor<2x5x4xf32> {
  %y = colt5.ffn %x in(%a) out(%b) : tensor<2x5x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x5x4xf32>
  return %y : tensor<2x5x4xf32>
}

func.func @unknown() {
  %0 = memref.alloc() : memref<4xf32>
  return
}
