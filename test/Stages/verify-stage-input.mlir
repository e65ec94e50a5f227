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

// -----

// What is written on a composite is written for nothing: nobody reads it.
func.func @plan_of_a_composite(%x: tensor<3x8xf32>, %a: tensor<8x8xf32>) -> tensor<3x8xf32> {
  // expected-error@+1 {{'colt5.ffn' op is a composite op, which stage decompose replaces by several ops, so that nothing reads its plan; expected the plan on one of them}}
  %0 = colt5.ffn %x in(%a) out(%a) {colt5.plan = #colt5.plan<kernel = 0, role = root>} : tensor<3x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}

// -----

func.func @plan_of_a_norm(%x: tensor<3x8xf32>, %g: tensor<8xf32>) -> tensor<3x8xf32> {
  // expected-error@+1 {{'colt5.rms_norm' op is a composite op}}
  %0 = colt5.rms_norm ins(%x, %g : tensor<3x8xf32>, tensor<8xf32>) outs(%x : tensor<3x8xf32>) {colt5.plan = #colt5.plan<kernel = 0, role = root>} -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}

// -----

func.func @plan_of_a_scalar(%x: f32) -> f32 {
  // expected-error@+1 {{'arith.addf' op carries a plan that nothing reads, expected it on a linalg op or colt5 primitive on tensors that is not inside another one; remove it}}
  %0 = arith.addf %x, %x {colt5.plan = #colt5.plan<kernel = 0, role = root>} : f32
  return %0 : f32
}

// -----

func.func @no_plan(%x: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error@+1 {{'linalg.exp' op expected 'colt5.plan' to be a #colt5.plan, found "tile = 3"}}
  %0 = linalg.exp {colt5.plan = "tile = 3"} ins(%x : tensor<3xf32>) outs(%x : tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

func.func @attribute(%x: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error@+1 {{'linalg.exp' op expected colt5.plan or colt5.part among its attributes, found colt5.paln, which nothing reads}}
  %0 = linalg.exp {colt5.paln = #colt5.plan<kernel = 0, role = root>} ins(%x : tensor<3xf32>) outs(%x : tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// What belongs to others is theirs.
func.func @others(%x: tensor<3xf32>) -> tensor<3xf32> attributes {mine.mark} {
  %0 = linalg.exp {colt5.part = "exp", mine.plan = 3} ins(%x : tensor<3xf32>) outs(%x : tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}
