// RUN: colt5-opt %s --colt5-verify-stage="stage=decompose" --split-input-file --verify-diagnostics

func.func @composite(%x: tensor<3x8xf32>, %a: tensor<8x8xf32>) -> tensor<3x8xf32> {
  // expected-error@+1 {{'colt5.ffn' op is a composite op, expected primitives and linalg only; run colt5-decompose}}
  %0 = colt5.ffn %x in(%a) out(%a) : tensor<3x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}

// -----

func.func @accumulator(%a: tensor<4x8xbf16>, %b: tensor<8x4xbf16>, %c: tensor<4x4xbf16>) -> tensor<4x4xbf16> {
  // expected-error@+1 {{'linalg.matmul' op accumulates in 'bf16', expected f32; run colt5-widen-accumulators}}
  %0 = linalg.matmul ins(%a, %b : tensor<4x8xbf16>, tensor<8x4xbf16>) outs(%c : tensor<4x4xbf16>) -> tensor<4x4xbf16>
  return %0 : tensor<4x4xbf16>
}

// -----

// So does a sum that is rounded in the body.
func.func @rounded(%a: tensor<4x8xbf16>, %c: tensor<4xbf16>) -> tensor<4xbf16> {
  // expected-error@+1 {{'linalg.reduce' op accumulates in 'bf16', expected f32; run colt5-widen-accumulators}}
  %0 = linalg.reduce ins(%a : tensor<4x8xbf16>) outs(%c : tensor<4xbf16>) dimensions = [1]
    (%x: bf16, %sum: bf16) {
      %1 = arith.extf %x : bf16 to f32
      %2 = arith.extf %sum : bf16 to f32
      %3 = arith.addf %1, %2 : f32
      %4 = arith.truncf %3 : f32 to bf16
      linalg.yield %4 : bf16
    }
  return %0 : tensor<4xbf16>
}

// -----

func.func @repeated(%y: tensor<1x4x8xbf16>, %i: tensor<1x4xi32>, %base: tensor<1x9x8xbf16>) -> tensor<1x9x8xbf16> {
  // expected-error@+1 {{'colt5.scatter_combine' op may add several slots to one row of 'bf16', expected `unique` or a base that holds their sum; run colt5-widen-accumulators on tensors}}
  %0 = colt5.scatter_combine ins(%y, %i : tensor<1x4x8xbf16>, tensor<1x4xi32>) outs(%base : tensor<1x9x8xbf16>) -> tensor<1x9x8xbf16>
  return %0 : tensor<1x9x8xbf16>
}

// -----

// A maximum rounds nothing, and f32 is wide enough.
func.func @good(%a: tensor<4x8xbf16>, %b: tensor<8x4xbf16>, %c: tensor<4x4xf32>, %m: tensor<4xbf16>) -> (tensor<4x4xf32>, tensor<4xbf16>) {
  %0 = linalg.matmul ins(%a, %b : tensor<4x8xbf16>, tensor<8x4xbf16>) outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = linalg.reduce { arith.maximumf } ins(%a : tensor<4x8xbf16>) outs(%m : tensor<4xbf16>) dimensions = [1]
  return %0, %1 : tensor<4x4xf32>, tensor<4xbf16>
}
