// RUN: colt5-opt %s --colt5-verify-stage="stage=decompose" --split-input-file --verify-diagnostics

func.func @composite(%x: tensor<3x8xf32>, %a: tensor<8x8xf32>) -> tensor<3x8xf32> {
  // expected-error@+1 {{'colt5.ffn' op is a composite op, expected primitives and linalg only; run colt5-decompose}}
  %0 = colt5.ffn %x in(%a) out(%a) : tensor<3x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}

// -----

func.func @accumulator(%a: tensor<4x8xbf16>, %b: tensor<8x4xbf16>, %c: tensor<4x4xbf16>) -> tensor<4x4xbf16> {
  // expected-error@+1 {{'linalg.matmul' op accumulates in 'bf16', expected f32 `outs` and an explicit truncation behind the op}}
  %0 = linalg.matmul ins(%a, %b : tensor<4x8xbf16>, tensor<8x4xbf16>) outs(%c : tensor<4x4xbf16>) -> tensor<4x4xbf16>
  return %0 : tensor<4x4xbf16>
}

// -----

// A maximum rounds nothing, and f32 is wide enough.
func.func @good(%a: tensor<4x8xbf16>, %b: tensor<8x4xbf16>, %c: tensor<4x4xf32>, %m: tensor<4xbf16>) -> (tensor<4x4xf32>, tensor<4xbf16>) {
  %0 = linalg.matmul ins(%a, %b : tensor<4x8xbf16>, tensor<8x4xbf16>) outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = linalg.reduce { arith.maximumf } ins(%a : tensor<4x8xbf16>) outs(%m : tensor<4xbf16>) dimensions = [1]
  return %0, %1 : tensor<4x4xf32>, tensor<4xbf16>
}
