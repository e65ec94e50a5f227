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

// -----

func.func @growing(%n: index, %x: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // expected-error @below {{expected every iteration to keep the sizes of the tensors that it carries on, which have one place in memory; cannot prove it for dimension 0 of value 0 of the terminator; use a static size, or tensor.dim of the carried value}}
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%p = %x) -> (tensor<?xf32>) {
    %q = tensor.concat dim(0) %p, %p : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    scf.yield %q : tensor<?xf32>
  }
  return %r : tensor<?xf32>
}

// -----

func.func @mismatched(%x: tensor<4xf32>, %n: index) -> index {
  %c1 = arith.constant 1 : index
  // expected-error @below {{expected scf.condition to pass on as many values of the same types as the loop carries, so that every tensor has one place, found 1 passed on and 2 carried; carry the missing ones, or pass on unused ones}}
  %r = scf.while (%p = %x, %i = %n) : (tensor<4xf32>, index) -> index {
    %more = arith.cmpi ult, %i, %n : index
    scf.condition(%more) %i : index
  } do {
  ^bb0(%i: index):
    %next = arith.addi %i, %c1 : index
    scf.yield %x, %next : tensor<4xf32>, index
  }
  return %r : index
}
