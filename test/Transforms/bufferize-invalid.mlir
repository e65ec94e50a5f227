// RUN: colt5-opt %s --colt5-bufferize --split-input-file --verify-diagnostics

// expected-error @below {{expected one block in the body of a public function, found 3; use scf instead of branches}}
func.func @branches(%c: i1, %x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  cf.cond_br %c, ^a, ^b
^a:
  return %x : tensor<4xf32>
^b:
  return %y : tensor<4xf32>
}

// -----

// expected-error @below {{expected result #0 to be a ranked tensor or a scalar, found 'tensor<*xf32>'}}
func.func @unranked(%x: tensor<*xf32>) -> tensor<*xf32> {
  return %x : tensor<*xf32>
}

// -----

func.func @recursive(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{calls 'recursive', which was not inlined; expected a program without recursion}}
  %r = call @recursive(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
