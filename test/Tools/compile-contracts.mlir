// What comes from outside in place of a stage's result has to keep the stage's contract.
// RUN: not colt5-compile %s --start-stage=plan --stop-stage=tile 2>&1 | FileCheck %s --check-prefix=START
// START: error: 'colt5.gather' op has no plan
// START: colt5-compile: error: --start-stage=plan: the module violates the contract of stage plan: every compute op
// RUN: not colt5-compile %s --stop-stage=tile --override-stage=plan=%s 2>&1 | FileCheck %s --check-prefix=OVERRIDE
// OVERRIDE: colt5-compile: error: --override-stage=plan: the module violates the contract of stage plan

// A module without entries makes no object.
// RUN: echo 'module {}' | not colt5-compile - --emit=asm 2>&1 | FileCheck %s --check-prefix=NOTHING
// NOTHING: error: '-': nothing to compile; expected a public function with a body

// A value that no machine holds is refused before its size in bytes can overflow.
// RUN: sed -e 's/6x4xf32/2000000000x4000000000xf32/g' -e 's/2x4xf32/2x4000000000xf32/g' %s > %t.mlir
// RUN: not colt5-compile %t.mlir --stop-stage=input 2>&1 | FileCheck %s --check-prefix=HUGE
// HUGE: error: 'func.func' op has a value of type 'tensor<1x2000000000x4000000000xf32>', expected at most 2^48 elements

func.func @f(%x: tensor<1x6x4xf32>, %i: tensor<1x2xi32>, %e: tensor<1x2x4xf32>) -> tensor<1x2x4xf32> {
  %r = colt5.gather ins(%x, %i : tensor<1x6x4xf32>, tensor<1x2xi32>) outs(%e : tensor<1x2x4xf32>)
      -> tensor<1x2x4xf32>
  return %r : tensor<1x2x4xf32>
}
