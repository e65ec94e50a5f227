// RUN: colt5-opt %s --colt5-decompose="ops=colt5.conditional,linalg.softmax" | FileCheck %s
// RUN: not colt5-opt %s --colt5-decompose="ops=colt5.topk" 2>&1 | FileCheck %s --check-prefix=CANNOT
// RUN: not colt5-opt %s --colt5-decompose="ops=colt5.nothing" 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not colt5-opt %s --colt5-decompose="ops=colt5.ffn,colt5.rms_norm" --split-input-file -o /dev/null 2>&1 | FileCheck %s --check-prefix=MEMREF

// CANNOT: error: option 'ops' expects ops that can be decomposed, found 'colt5.topk', which cannot
// CANNOT: note: ops that can be: {{.*}}colt5.ffn
// UNKNOWN: error: option 'ops' expects ops that can be decomposed, found 'colt5.nothing', which is not a known op
// MEMREF: error: 'colt5.rms_norm' op can only be decomposed on tensors; decompose before bufferization
// MEMREF: error: 'colt5.rms_norm' op could not be decomposed

// The filter leaves other composites alone; ops of other dialects that implement the interface take part.
// CHECK-LABEL: func.func @filter
// CHECK: colt5.gather
// CHECK: colt5.ffn
// CHECK: colt5.scatter_combine
// CHECK-NOT: linalg.softmax
// CHECK: math.exp
func.func @filter(%x: tensor<1x9x8xf32>, %i: tensor<1x3xi32>, %a: tensor<8x8xf32>) -> tensor<1x9x8xf32> {
  %0 = colt5.conditional %x routed(%i) : tensor<1x9x8xf32>, tensor<1x3xi32> -> tensor<1x9x8xf32> {
  ^bb0(%t: tensor<1x3x8xf32>):
    %h = colt5.ffn %t in(%a) out(%a) : tensor<1x3x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<1x3x8xf32>
    colt5.yield %h : tensor<1x3x8xf32>
  }
  %1 = linalg.softmax dimension(2) ins(%0 : tensor<1x9x8xf32>) outs(%x : tensor<1x9x8xf32>) -> tensor<1x9x8xf32>
  return %1 : tensor<1x9x8xf32>
}

// -----

func.func @memref(%x: memref<3x8xf32>, %g: memref<8xf32>) {
  colt5.rms_norm ins(%x, %g : memref<3x8xf32>, memref<8xf32>) outs(%x : memref<3x8xf32>)
  return
}
