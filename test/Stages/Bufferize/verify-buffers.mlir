// What stage bufferize makes of these is proven to hold the values of the tensors, nothing is left out, and the numbers are
// gone from what it leaves.
// RUN: colt5-opt %s --split-input-file --colt5-bufferize=keep-values=true -o %t
// RUN: FileCheck %s --input-file=%t
// RUN: colt5-opt %t --split-input-file --colt5-verify-buffers -o /dev/null 2>&1 | FileCheck %s --check-prefix=QUIET --allow-empty
// RUN: colt5-opt %s --split-input-file --colt5-bufferize | FileCheck %s --check-prefix=PLAIN
// QUIET-NOT: {{.}}
// PLAIN-NOT: value_id
// PLAIN-NOT: .values
// CHECK-LABEL: func.func private @copies.values(
// CHECK:         linalg.abs {colt5.value_id = [[$ID:[0-9]+]] : i64} ins({{.*}} tensor<4xf32>
// CHECK-LABEL: func.func @copies(
// CHECK:         linalg.abs {colt5.value_id = [[$ID]] : i64} ins({{.*}} memref<4xf32>

func.func @copies(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.abs ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %a, %a : tensor<4xf32>, tensor<4xf32>
}

// -----

func.func @overwritten(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.abs ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %b = linalg.exp ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %c = linalg.add ins(%a, %b : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %c : tensor<4xf32>
}

// -----

func.func @loop(%x: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %e = tensor.empty() : tensor<4xf32>
  %s = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %i = linalg.abs ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %r = scf.for %k = %c0 to %n step %c1 iter_args(%acc = %i) -> tensor<4xf32> {
    %b = linalg.add ins(%acc, %s : tensor<4xf32>, tensor<4xf32>) outs(%acc : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %b : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// -----

func.func @inserts(%x: tensor<8xf32>) -> tensor<8x2xf32> {
  %e = tensor.empty() : tensor<8x2xf32>
  %r = scf.forall (%i) = (0) to (8) step (4) shared_outs(%o = %e) -> tensor<8x2xf32> {
    %t = tensor.empty() : tensor<4xf32>
    %xs = tensor.extract_slice %x[%i] [4] [1] : tensor<8xf32> to tensor<4xf32>
    %a = linalg.abs ins(%xs : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    %b = linalg.exp ins(%a : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %a into %o[%i, 0] [4, 1] [1, 1] : tensor<4xf32> into tensor<8x2xf32>
      tensor.parallel_insert_slice %b into %o[%i, 1] [4, 1] [1, 1] : tensor<4xf32> into tensor<8x2xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<8x2xf32>
}

// -----

func.func @branch(%x: tensor<4xf32>, %c: i1) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.abs ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %r = scf.if %c -> tensor<4xf32> {
    %b = linalg.exp ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %b : tensor<4xf32>
  } else {
    %b = linalg.negf ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %b : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// -----

func.func @while(%x: tensor<4xf32>, %n: i32) -> tensor<4xf32> {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.abs ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %r:2 = scf.while (%k = %c0, %acc = %a) : (i32, tensor<4xf32>) -> (i32, tensor<4xf32>) {
    %go = arith.cmpi slt, %k, %n : i32
    scf.condition(%go) %k, %acc : i32, tensor<4xf32>
  } do {
  ^bb0(%k: i32, %acc: tensor<4xf32>):
    %k1 = arith.addi %k, %c1 : i32
    %b = linalg.add ins(%acc, %x : tensor<4xf32>, tensor<4xf32>) outs(%acc : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %k1, %b : i32, tensor<4xf32>
  }
  return %r#1 : tensor<4xf32>
}

// -----

func.func @transposed(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %e = tensor.empty() : tensor<4x4xf32>
  %a = linalg.abs ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %t = linalg.transpose ins(%a : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) permutation = [1, 0]
  return %t : tensor<4x4xf32>
}

// -----

func.func @element(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c1 = arith.constant 1 : index
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.abs ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %v = tensor.extract %a[%c1] : tensor<4xf32>
  %b = linalg.fill ins(%v : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %w = tensor.insert %v into %a[%c1] : tensor<4xf32>
  %c = linalg.add ins(%b, %w : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %c : tensor<4xf32>
}

// -----

func.func @reshape(%x: tensor<4xf32>, %s: tensor<2xindex>, %d: tensor<?xf32>) -> (tensor<2x2xf32>, tensor<?x?xf32>) {
  %sh = arith.constant dense<2> : tensor<2xindex>
  %a = tensor.reshape %x(%sh) : (tensor<4xf32>, tensor<2xindex>) -> tensor<2x2xf32>
  %b = tensor.reshape %d(%s) : (tensor<?xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  return %a, %b : tensor<2x2xf32>, tensor<?x?xf32>
}

// -----

func.func @pad(%x: tensor<4xf32>) -> tensor<8xf32> {
  %z = arith.constant 0.0 : f32
  %p = tensor.pad %x low[2] high[2] {
  ^bb0(%i: index):
    tensor.yield %z : f32
  } : tensor<4xf32> to tensor<8xf32>
  return %p : tensor<8xf32>
}

// -----

func.func @splat(%v: f32) -> (tensor<4xf32>, tensor<4xindex>) {
  %s = tensor.splat %v : tensor<4xf32>
  %g = tensor.generate {
  ^bb0(%i: index):
    tensor.yield %i : index
  } : tensor<4xindex>
  return %s, %g : tensor<4xf32>, tensor<4xindex>
}

// -----

func.func @select(%c: i1, %x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %s = arith.select %c, %x, %y : tensor<4xf32>
  return %s : tensor<4xf32>
}

// -----

func.func @consts(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<4xf32>) {
  %k = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<2xf32>
  %a = linalg.add ins(%x, %k : tensor<2xf32>, tensor<2xf32>) outs(%e : tensor<2xf32>) -> tensor<2xf32>
  %c = tensor.concat dim(0) %k, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return %a, %c : tensor<2xf32>, tensor<4xf32>
}

// -----

func.func @dyn(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x4xf32>
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %a = linalg.abs ins(%x : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>
  %c = tensor.concat dim(0) %a, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %c : tensor<?x4xf32>
}

// -----

// Rows that a payload reads.
func.func @rows(%x: tensor<8x4xf32>, %i: tensor<3xi32>) -> tensor<3x4xf32> {
  %e = tensor.empty() : tensor<3x4xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(k, d) -> (k)>, affine_map<(k, d) -> (k, d)>],
                       iterator_types = ["parallel", "parallel"]}
      ins(%i : tensor<3xi32>) outs(%e : tensor<3x4xf32>) {
  ^bb0(%index: i32, %old: f32):
    %n = arith.index_cast %index : i32 to index
    %d = linalg.index 1 : index
    %v = tensor.extract %x[%n, %d] : tensor<8x4xf32>
    linalg.yield %v : f32
  } -> tensor<3x4xf32>
  return %r : tensor<3x4xf32>
}

// -----

// The slots of a unique scatter are shared out among iterations.
func.func @scatter(%y: tensor<1x5x4xf32>, %i: tensor<1x5xi32>, %base: tensor<1x9x4xf32>) -> tensor<1x9x4xf32> {
  %c0 = arith.constant 0 : index
  %r = scf.forall (%k) = (0) to (5) step (2) shared_outs(%o = %base) -> tensor<1x9x4xf32> {
    %n = affine.min affine_map<(k) -> (2, 5 - k)>(%k)
    %ys = tensor.extract_slice %y[0, %k, 0] [1, %n, 4] [1, 1, 1] : tensor<1x5x4xf32> to tensor<1x?x4xf32>
    %is = tensor.extract_slice %i[0, %k] [1, %n] [1, 1] : tensor<1x5xi32> to tensor<1x?xi32>
    scf.forall.in_parallel {
      colt5.parallel_scatter %ys at %is into %o[%c0, %c0] {unique}
          : tensor<1x?x4xf32>, tensor<1x?xi32>, tensor<1x9x4xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<1x9x4xf32>
}

// -----

// A size that depends on a branch.
func.func @sizes(%c: i1, %x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %s = scf.if %c -> tensor<?xf32> {
    scf.yield %x : tensor<?xf32>
  } else {
    scf.yield %y : tensor<?xf32>
  }
  %n = tensor.dim %s, %c0 : tensor<?xf32>
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%t = %x) -> tensor<?xf32> {
    %a = linalg.add ins(%t, %t : tensor<?xf32>, tensor<?xf32>) outs(%t : tensor<?xf32>) -> tensor<?xf32>
    scf.yield %a : tensor<?xf32>
  }
  return %r : tensor<?xf32>
}
