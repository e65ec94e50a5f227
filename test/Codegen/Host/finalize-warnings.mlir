// The marks of hidden arguments do not reach the translation to LLVM IR, which would warn about them.
// RUN: colt5-compile %s --emit=llvm --quiet -o %t.ll 2>&1 | count 0
// RUN: FileCheck %s --check-prefix=IR --input-file=%t.ll

// IR: @scale_run
func.func @scale(%x: tensor<64x64xf32>, %init: tensor<64x64xf32>) -> tensor<64x64xf32> {
  %y = linalg.add ins(%x, %x : tensor<64x64xf32>, tensor<64x64xf32>) outs(%init : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %y : tensor<64x64xf32>
}
