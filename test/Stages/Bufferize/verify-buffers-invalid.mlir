// RUN: colt5-opt %s --split-input-file --verify-diagnostics --colt5-verify-buffers

// Pairs of functions as `colt5-bufferize{keep-values=true}` leaves them, each with one fault.

// A copy is gone.
func.func private @removed.values(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %a = linalg.abs {colt5.value_id = 1} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %a, %a : tensor<4xf32>, tensor<4xf32>
}
// expected-note @below {{nothing has written to the buffer}}
func.func @removed(%x: memref<4xf32>, %p: memref<4xf32>, %q: memref<4xf32>) {
  linalg.abs {colt5.value_id = 1} ins(%x : memref<4xf32>) outs(%p : memref<4xf32>)
  // expected-error @below {{this is a fault of colt5, please report it: result #1 does not hold its value}}
  return
}

// -----

// Two copies have changed places.
func.func private @swapped.values(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %a = linalg.abs {colt5.value_id = 1} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %b = linalg.exp {colt5.value_id = 2} ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}
func.func @swapped(%x: memref<4xf32>, %p: memref<4xf32>, %q: memref<4xf32>) {
  linalg.abs {colt5.value_id = 1} ins(%x : memref<4xf32>) outs(%q : memref<4xf32>)
  linalg.exp {colt5.value_id = 2} ins(%q : memref<4xf32>) outs(%q : memref<4xf32>)
  // expected-note @below {{the buffer was written last by this 'memref.copy'}}
  memref.copy %q, %p : memref<4xf32> to memref<4xf32>
  // expected-error @below {{result #0 does not hold its value}}
  return
}

// -----

// A value that is still needed is overwritten.
func.func private @needed.values(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %a = linalg.abs {colt5.value_id = 1} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %b = linalg.exp {colt5.value_id = 2} ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %c = linalg.add {colt5.value_id = 3} ins(%a, %b : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>)
      -> tensor<4xf32>
  return %c : tensor<4xf32>
}
func.func @needed(%x: memref<4xf32>, %p: memref<4xf32>) {
  %t = memref.alloc() : memref<4xf32>
  linalg.abs {colt5.value_id = 1} ins(%x : memref<4xf32>) outs(%t : memref<4xf32>)
  // expected-note @below {{the buffer was written last by this 'linalg.exp'}}
  linalg.exp {colt5.value_id = 2} ins(%t : memref<4xf32>) outs(%t : memref<4xf32>)
  // expected-error @below {{operand #0 does not hold its value}}
  linalg.add {colt5.value_id = 3} ins(%t, %t : memref<4xf32>, memref<4xf32>) outs(%p : memref<4xf32>)
  return
}

// -----

// The order of the operands.
// expected-note @below {{the value is defined here}}
func.func private @operands.values(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.sub {colt5.value_id = 1} ins(%x, %y : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>)
      -> tensor<4xf32>
  return %a : tensor<4xf32>
}
// expected-note @below {{the buffer is this input or constant}}
func.func @operands(%x: memref<4xf32>, %y: memref<4xf32>, %p: memref<4xf32>) {
  // expected-error @below {{operand #0 does not hold its value}}
  // expected-error @below {{operand #1 does not hold its value}}
  linalg.sub {colt5.value_id = 1} ins(%y, %x : memref<4xf32>, memref<4xf32>) outs(%p : memref<4xf32>)
  return
}

// -----

// In place, though every element is needed after another one is written.
func.func private @transposed.values(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %e = tensor.empty() : tensor<4x4xf32>
  %a = linalg.abs {colt5.value_id = 1} ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %t = linalg.transpose ins(%a : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) permutation = [1, 0] {colt5.value_id = 2}
  return %t : tensor<4x4xf32>
}
func.func @transposed(%x: memref<4x4xf32>, %p: memref<4x4xf32>) {
  linalg.abs {colt5.value_id = 1} ins(%x : memref<4x4xf32>) outs(%p : memref<4x4xf32>)
  // expected-error @below {{operand #1, which it writes, overlaps operand #0}}
  linalg.transpose ins(%p : memref<4x4xf32>) outs(%p : memref<4x4xf32>) permutation = [1, 0] {colt5.value_id = 2}
  return
}

// -----

// An input is overwritten.
func.func private @input.values(%x: tensor<4xf32>) -> tensor<4xf32> {
  %a = linalg.abs {colt5.value_id = 1} ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %a : tensor<4xf32>
}
func.func @input(%x: memref<4xf32>, %p: memref<4xf32>) {
  // expected-error @below {{it writes to an input or a constant, which must not change}}
  linalg.abs {colt5.value_id = 1} ins(%x : memref<4xf32>) outs(%x : memref<4xf32>)
  memref.copy %x, %p : memref<4xf32> to memref<4xf32>
  return
}

// -----

// The next iteration reads what this one has overwritten.
func.func private @next.values(%x: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %e = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %s = linalg.exp {colt5.value_id = 1} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %i = linalg.abs {colt5.value_id = 2} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %r = scf.for %k = %c0 to %n step %c1 iter_args(%acc = %i) -> tensor<4xf32> {
    %b = linalg.add {colt5.value_id = 4} ins(%acc, %s : tensor<4xf32>, tensor<4xf32>) outs(%acc : tensor<4xf32>)
        -> tensor<4xf32>
    %d = linalg.negf {colt5.value_id = 5} ins(%b : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %d : tensor<4xf32>
  } {colt5.value_id = 3}
  return %r : tensor<4xf32>
}
func.func @next(%x: memref<4xf32>, %n: index, %p: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %s = memref.alloc() : memref<4xf32>
  linalg.exp {colt5.value_id = 1} ins(%x : memref<4xf32>) outs(%s : memref<4xf32>)
  linalg.abs {colt5.value_id = 2} ins(%x : memref<4xf32>) outs(%p : memref<4xf32>)
  // expected-note @below {{the buffer was written last by this 'scf.for'}}
  scf.for %k = %c0 to %n step %c1 iter_args(%acc = %p) -> memref<4xf32> {
    // expected-error @below {{operand #1 does not hold its value}}
    linalg.add {colt5.value_id = 4} ins(%acc, %s : memref<4xf32>, memref<4xf32>) outs(%s : memref<4xf32>)
    linalg.negf {colt5.value_id = 5} ins(%s : memref<4xf32>) outs(%acc : memref<4xf32>)
    scf.yield %acc : memref<4xf32>
  } {colt5.value_id = 3}
  return
}

// -----

// What is carried on is not what the iteration yields; the loop runs once too often.
func.func private @carried.values(%x: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %e = tensor.empty() : tensor<4xf32>
  %i = linalg.abs {colt5.value_id = 2} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %r = scf.for %k = %c0 to %n step %c1 iter_args(%acc = %i) -> tensor<4xf32> {
    // expected-note @below {{the value is defined here}}
    %b = linalg.negf {colt5.value_id = 4} ins(%acc : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %b : tensor<4xf32>
  } {colt5.value_id = 3}
  return %r : tensor<4xf32>
}
func.func @carried(%x: memref<4xf32>, %n: index, %p: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = memref.alloc() : memref<4xf32>
  // expected-note @below {{the buffer was written last by this 'linalg.abs'}}
  linalg.abs {colt5.value_id = 2} ins(%x : memref<4xf32>) outs(%p : memref<4xf32>)
  // expected-error @below {{the bounds of this loop are not their values}}
  scf.for %k = %c1 to %n step %c1 iter_args(%acc = %p) -> memref<4xf32> {
    linalg.negf {colt5.value_id = 4} ins(%acc : memref<4xf32>) outs(%t : memref<4xf32>)
    // expected-error @below {{yielded value #0 does not hold its value}}
    scf.yield %acc : memref<4xf32>
  } {colt5.value_id = 3}
  return
}

// -----

// The sides of a branch have changed places.
func.func private @branch.values(%x: tensor<4xf32>, %c: i1) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %r = scf.if %c -> tensor<4xf32> {
    %b = linalg.exp {colt5.value_id = 1} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %b : tensor<4xf32>
  } else {
    %b = linalg.negf {colt5.value_id = 2} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %b : tensor<4xf32>
  } {colt5.value_id = 3}
  return %r : tensor<4xf32>
}
func.func @branch(%x: memref<4xf32>, %c: i1, %p: memref<4xf32>) {
  scf.if %c {
    linalg.negf {colt5.value_id = 2} ins(%x : memref<4xf32>) outs(%p : memref<4xf32>)
  } else {
    // expected-note @below {{the buffer was written last by this 'linalg.exp'}}
    linalg.exp {colt5.value_id = 1} ins(%x : memref<4xf32>) outs(%p : memref<4xf32>)
  } {colt5.value_id = 3}
  // expected-error @below {{result #0 does not hold its value}}
  return
}

// -----

// The first of two inserts overwrites the source of the second.
func.func private @inserts.values(%x: tensor<8xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  // expected-note @below {{the value is defined here}}
  %r = scf.forall (%i) = (0) to (8) step (4) shared_outs(%o = %e) -> tensor<8x2xf32> {
    %t = tensor.empty() : tensor<4xf32>
    %xs = tensor.extract_slice %x[%i] [4] [1] : tensor<8xf32> to tensor<4xf32>
    %a = linalg.abs {colt5.value_id = 1} ins(%xs : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    %b = linalg.exp {colt5.value_id = 2} ins(%a : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %a into %o[%i, 0] [4, 1] [1, 1] : tensor<4xf32> into tensor<8x2xf32>
      tensor.parallel_insert_slice %b into %o[%i, 1] [4, 1] [1, 1] : tensor<4xf32> into tensor<8x2xf32>
    }
  } {colt5.value_id = 3}
  return %r : tensor<8x2xf32>
}
func.func @inserts(%x: memref<8xf32>, %p: memref<8x2xf32>) {
  scf.forall (%i) = (0) to (8) step (4) {
    %xs = memref.subview %x[%i] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1], offset: ?>>
    %p0 = memref.subview %p[%i, 0] [4, 1] [1, 1] : memref<8x2xf32> to memref<4xf32, strided<[2], offset: ?>>
    %p1 = memref.subview %p[%i, 1] [4, 1] [1, 1] : memref<8x2xf32> to memref<4xf32, strided<[2], offset: ?>>
    linalg.abs {colt5.value_id = 1} ins(%xs : memref<4xf32, strided<[1], offset: ?>>)
        outs(%p0 : memref<4xf32, strided<[2], offset: ?>>)
    linalg.exp {colt5.value_id = 2} ins(%p0 : memref<4xf32, strided<[2], offset: ?>>)
        outs(%p0 : memref<4xf32, strided<[2], offset: ?>>)
    // expected-note @below {{the buffer was written last by this 'linalg.copy'}}
    linalg.copy ins(%p0 : memref<4xf32, strided<[2], offset: ?>>) outs(%p1 : memref<4xf32, strided<[2], offset: ?>>)
  } {colt5.value_id = 3}
  // expected-error @below {{result #0 does not hold its value}}
  return
}

// -----

// Iterations share a buffer that each should have for itself.
func.func private @shared.values(%x: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %r = scf.forall (%i) = (0) to (8) step (4) shared_outs(%o = %e) -> tensor<8xf32> {
    %t = tensor.empty() : tensor<4xf32>
    %xs = tensor.extract_slice %x[%i] [4] [1] : tensor<8xf32> to tensor<4xf32>
    %a = linalg.abs {colt5.value_id = 1} ins(%xs : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    %b = linalg.exp {colt5.value_id = 2} ins(%a : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %b into %o[%i] [4] [1] : tensor<4xf32> into tensor<8xf32>
    }
  } {colt5.value_id = 3}
  return %r : tensor<8xf32>
}
func.func @shared(%x: memref<8xf32>, %p: memref<8xf32>) {
  %t = memref.alloc() : memref<4xf32>
  scf.forall (%i) = (0) to (8) step (4) {
    %xs = memref.subview %x[%i] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1], offset: ?>>
    %ps = memref.subview %p[%i] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1], offset: ?>>
    // expected-note @below {{in this 'linalg.abs'}}
    linalg.abs {colt5.value_id = 1} ins(%xs : memref<4xf32, strided<[1], offset: ?>>) outs(%t : memref<4xf32>)
    // expected-error @below {{it reads what another iteration of the parallel loop may overwrite}}
    linalg.exp {colt5.value_id = 2} ins(%t : memref<4xf32>) outs(%ps : memref<4xf32, strided<[1], offset: ?>>)
  } {colt5.value_id = 3}
  return
}

// -----

// An iteration reads what another one has inserted already.
func.func private @early.values(%x: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %s = linalg.abs {colt5.value_id = 1} ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %r = scf.forall (%i) = (0) to (8) step (4) shared_outs(%o = %s) -> tensor<8xf32> {
    %t = tensor.empty() : tensor<4xf32>
    %j = affine.apply affine_map<(i) -> (4 - i)>(%i)
    %other = tensor.extract_slice %s[%j] [4] [1] : tensor<8xf32> to tensor<4xf32>
    %b = linalg.exp {colt5.value_id = 2} ins(%other : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %b into %o[%i] [4] [1] : tensor<4xf32> into tensor<8xf32>
    }
  } {colt5.value_id = 3}
  return %r : tensor<8xf32>
}
func.func @early(%x: memref<8xf32>, %p: memref<8xf32>) {
  linalg.abs {colt5.value_id = 1} ins(%x : memref<8xf32>) outs(%p : memref<8xf32>)
  scf.forall (%i) = (0) to (8) step (4) {
    %t = memref.alloc() : memref<4xf32>
    %j = affine.apply affine_map<(i) -> (4 - i)>(%i)
    %other = memref.subview %p[%j] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1], offset: ?>>
    %ps = memref.subview %p[%i] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1], offset: ?>>
    // expected-error @below {{it reads what another iteration of the parallel loop may overwrite}}
    linalg.exp {colt5.value_id = 2} ins(%other : memref<4xf32, strided<[1], offset: ?>>) outs(%t : memref<4xf32>)
    // expected-note @below {{in this 'linalg.copy'}}
    linalg.copy ins(%t : memref<4xf32>) outs(%ps : memref<4xf32, strided<[1], offset: ?>>)
  } {colt5.value_id = 3}
  return
}

// -----

// A slice begins at another place; the result is written to another place, one too far in every iteration.
func.func private @offset.values(%x: tensor<9xf32>) -> tensor<9xf32> {
  %e = tensor.empty() : tensor<9xf32>
  // expected-note @below {{the value is defined here}}
  %r = scf.forall (%i) = (0) to (8) step (4) shared_outs(%o = %e) -> tensor<9xf32> {
    // expected-note @below {{the value is defined here}}
    %xs = tensor.extract_slice %x[%i] [4] [1] : tensor<9xf32> to tensor<4xf32>
    %t = tensor.empty() : tensor<4xf32>
    %a = linalg.abs {colt5.value_id = 1} ins(%xs : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %a into %o[%i] [4] [1] : tensor<4xf32> into tensor<9xf32>
    }
  } {colt5.value_id = 3}
  return %r : tensor<9xf32>
}
// expected-note @below {{the buffer is this input or constant}}
func.func @offset(%x: memref<9xf32>, %p: memref<9xf32>) {
  scf.forall (%i) = (0) to (8) step (4) {
    %j = affine.apply affine_map<(i) -> (i + 1)>(%i)
    %xs = memref.subview %x[%j] [4] [1] : memref<9xf32> to memref<4xf32, strided<[1], offset: ?>>
    %ps = memref.subview %p[%j] [4] [1] : memref<9xf32> to memref<4xf32, strided<[1], offset: ?>>
    // expected-error @below {{operand #0 does not hold its value}}
    // expected-note @below {{the buffer was written last by this 'linalg.abs'}}
    linalg.abs {colt5.value_id = 1} ins(%xs : memref<4xf32, strided<[1], offset: ?>>)
        outs(%ps : memref<4xf32, strided<[1], offset: ?>>)
  } {colt5.value_id = 3}
  // expected-error @below {{result #0 does not hold its value}}
  return
}

// -----

// Another element is read; a scalar is another one.
func.func private @element.values(%x: tensor<4xf32>, %f: f32) -> tensor<4xf32> {
  %c1 = arith.constant 1 : index
  %e = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %v = tensor.extract %x[%c1] {colt5.value_id = 1} : tensor<4xf32>
  %b = linalg.fill {colt5.value_id = 2} ins(%v : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %b : tensor<4xf32>
}
func.func @element(%x: memref<4xf32>, %f: f32, %p: memref<4xf32>) {
  %c2 = arith.constant 2 : index
  // expected-error @below {{it reads another element than its 'tensor.extract'}}
  %v = memref.load %x[%c2] {colt5.value_id = 1} : memref<4xf32>
  // expected-error @below {{operand #0 is not its value}}
  linalg.fill {colt5.value_id = 2} ins(%f : f32) outs(%p : memref<4xf32>)
  return
}

// -----

// The op computes something else: nobody finds its value.
func.func private @work.values(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %a = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"],
      colt5.value_id = 1} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%v: f32, %old: f32):
    %w = arith.addf %v, %v : f32
    linalg.yield %w : f32
  } -> tensor<4xf32>
  return %a : tensor<4xf32>
}
func.func @work(%x: memref<4xf32>, %p: memref<4xf32>) {
  // expected-note @below {{the buffer was written last by this 'linalg.generic'}}
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"],
      colt5.value_id = 1} ins(%x : memref<4xf32>) outs(%p : memref<4xf32>) {
  ^bb0(%v: f32, %old: f32):
    %w = arith.mulf %v, %v : f32
    linalg.yield %w : f32
  }
  // expected-error @below {{result #0 does not hold its value}}
  return
}

// -----

// The rows of a scatter are added to another tensor than its destination.
func.func private @scatter.values(%y: tensor<1x2x4xf32>, %i: tensor<1x2xi32>, %base: tensor<1x8x4xf32>)
    -> tensor<1x8x4xf32> {
  %c0 = arith.constant 0 : index
  %e = tensor.empty() : tensor<1x8x4xf32>
  %s = linalg.abs {colt5.value_id = 1} ins(%base : tensor<1x8x4xf32>) outs(%e : tensor<1x8x4xf32>)
      -> tensor<1x8x4xf32>
  // expected-note @below {{the value is defined here}}
  %r = scf.forall (%k) in (2) shared_outs(%o = %s) -> tensor<1x8x4xf32> {
    %ys = tensor.extract_slice %y[0, %k, 0] [1, 1, 4] [1, 1, 1] : tensor<1x2x4xf32> to tensor<1x1x4xf32>
    %is = tensor.extract_slice %i[0, %k] [1, 1] [1, 1] : tensor<1x2xi32> to tensor<1x1xi32>
    scf.forall.in_parallel {
      colt5.parallel_scatter %ys at %is into %o[%c0, %c0] {unique, colt5.value_id = 2}
          : tensor<1x1x4xf32>, tensor<1x1xi32>, tensor<1x8x4xf32>
    }
  } {colt5.value_id = 3, mapping = [#colt5.tile<0>]}
  return %r : tensor<1x8x4xf32>
}
func.func @scatter(%y: memref<1x2x4xf32>, %i: memref<1x2xi32>, %base: memref<1x8x4xf32>, %p: memref<1x8x4xf32>) {
  // expected-note @below {{the buffer was written last by this 'memref.copy'}}
  memref.copy %base, %p : memref<1x8x4xf32> to memref<1x8x4xf32>
  scf.forall (%k) in (2) {
    %ys = memref.subview %y[0, %k, 0] [1, 1, 4] [1, 1, 1]
        : memref<1x2x4xf32> to memref<1x1x4xf32, strided<[8, 4, 1], offset: ?>>
    %is = memref.subview %i[0, %k] [1, 1] [1, 1] : memref<1x2xi32> to memref<1x1xi32, strided<[2, 1], offset: ?>>
    // expected-error @below {{operand #2 does not hold its value}}
    // expected-note @below {{the buffer was written last by this 'colt5.scatter_combine'}}
    colt5.scatter_combine ins(%ys, %is : memref<1x1x4xf32, strided<[8, 4, 1], offset: ?>>,
        memref<1x1xi32, strided<[2, 1], offset: ?>>) outs(%p : memref<1x8x4xf32>) {unique, colt5.value_id = 2}
  } {colt5.value_id = 3, mapping = [#colt5.tile<0>]}
  // expected-error @below {{result #0 does not hold its value}}
  return
}

// -----

// What the verifier has no model of is said.
func.func private @unmodelled.values(%x: tensor<4xf32>, %i: index) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  // expected-note @below {{not modelled: an op that is not known ('scf.index_switch')}}
  %r = scf.index_switch %i -> tensor<4xf32>
  default {
    scf.yield %x : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}
// expected-warning @below {{the buffers of 'unmodelled' were not verified}}
func.func @unmodelled(%x: memref<4xf32>, %i: index, %p: memref<4xf32>) {
  return
}

// -----

// expected-error @below {{expected functions @f and @f.values, as `colt5-bufferize{keep-values=true}` leaves them, found none}}
module {
  func.func @alone(%x: memref<4xf32>) {
    return
  }
}

// -----

// Other sizes of as many dimensions are other places of the elements.
func.func private @transposed.values(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x?xf32>
  %m = tensor.dim %x, %c1 : tensor<?x?xf32>
  %flat = tensor.collapse_shape %x [[0, 1]] : tensor<?x?xf32> into tensor<?xf32>
  // expected-note @below {{the value is defined here}}
  %r = tensor.expand_shape %flat [[0, 1]] output_shape [%m, %n] : tensor<?xf32> into tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}
func.func @transposed(%x: memref<?x?xf32>, %p: memref<?x?xf32>) {
  // expected-note @below {{the buffer was written last by this 'memref.copy'}}
  memref.copy %x, %p : memref<?x?xf32> to memref<?x?xf32>
  // expected-error @below {{result #0 does not hold its value}}
  return
}
