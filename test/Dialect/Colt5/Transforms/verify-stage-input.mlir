// RUN: colt5-opt %s --colt5-verify-stage="stage=input" --split-input-file --verify-diagnostics

func.func @large() -> tensor<1048576x1048576x1024xi1> {
  // expected-error@+1 {{expected at most 2^48 elements}}
  %0 = tensor.empty() : tensor<1048576x1048576x1024xi1>
  return %0 : tensor<1048576x1048576x1024xi1>
}

// -----

// Sums of 16 bits are for a pass of stage decompose.
func.func @accumulator(%a: tensor<4x8xf16>, %c: tensor<4xf16>) -> tensor<4xf16> {
  %0 = linalg.reduce { arith.addf } ins(%a : tensor<4x8xf16>) outs(%c : tensor<4xf16>) dimensions = [1]
  return %0 : tensor<4xf16>
}

// -----

// Composites are what users write.
func.func @composite(%x: tensor<3x8xf32>, %a: tensor<8x8xf32>) -> tensor<3x8xf32> {
  %0 = colt5.ffn %x in(%a) out(%a) : tensor<3x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}
