// RUN: colt5-opt %s --split-input-file --verify-diagnostics --colt5-verify-workspace

// A plan as it has to be: the third buffer takes the place of the first.
func.func @good(%x: memref<64xf32>, %out: memref<64xf32> {colt5.output}, %w: memref<?xi8> {colt5.workspace}) {
  %c0 = arith.constant 0 : index
  %c256 = arith.constant 256 : index
  %a = memref.view %w[%c0][] : memref<?xi8> to memref<64xf32>
  %b = memref.view %w[%c256][] : memref<?xi8> to memref<64xf32>
  %c = memref.view %w[%c0][] : memref<?xi8> to memref<64xf32>
  linalg.abs ins(%x : memref<64xf32>) outs(%a : memref<64xf32>)
  linalg.abs ins(%a : memref<64xf32>) outs(%b : memref<64xf32>)
  linalg.abs ins(%b : memref<64xf32>) outs(%c : memref<64xf32>)
  linalg.abs ins(%c : memref<64xf32>) outs(%out : memref<64xf32>)
  return
}

// -----

// The second buffer begins before the end of the first.
func.func @overlap(%x: memref<64xf32>, %out: memref<64xf32> {colt5.output}, %w: memref<?xi8> {colt5.workspace}) {
  %c0 = arith.constant 0 : index
  %c192 = arith.constant 192 : index
  // expected-note @below {{which lies in bytes 0 to 256}}
  %a = memref.view %w[%c0][] : memref<?xi8> to memref<64xf32>
  // expected-error @below {{the buffer lies in bytes 192 to 448 of its memory and overlaps another one that is in use at the same time}}
  %b = memref.view %w[%c192][] : memref<?xi8> to memref<64xf32>
  linalg.abs ins(%x : memref<64xf32>) outs(%a : memref<64xf32>)
  linalg.abs ins(%a : memref<64xf32>) outs(%b : memref<64xf32>)
  linalg.abs ins(%b : memref<64xf32>) outs(%out : memref<64xf32>)
  return
}

// -----

// The buffer is still in use in the next iteration, also under another name.
func.func @loop(%x: memref<4xf32>, %out: memref<4xf32> {colt5.output}, %w: memref<?xi8> {colt5.workspace}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  // expected-note @below {{which lies in bytes 0 to 16}}
  %a = memref.view %w[%c0][] : memref<?xi8> to memref<4xf32>
  linalg.abs ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  %v = memref.expand_shape %a [[0, 1]] output_shape [2, 2] : memref<4xf32> into memref<2x2xf32>
  scf.for %i = %c0 to %c9 step %c1 iter_args(%u = %v) -> memref<2x2xf32> {
    linalg.copy ins(%u : memref<2x2xf32>) outs(%u : memref<2x2xf32>)
    // expected-error @below {{overlaps another one that is in use at the same time}}
    %b = memref.view %w[%c0][] : memref<?xi8> to memref<4xf32>
    linalg.abs ins(%x : memref<4xf32>) outs(%b : memref<4xf32>)
    linalg.abs ins(%b : memref<4xf32>) outs(%out : memref<4xf32>)
    scf.yield %u : memref<2x2xf32>
  }
  return
}

// -----

// In a branch too.
func.func @branch(%c: i1, %x: memref<4xf32>, %out: memref<4xf32> {colt5.output}, %w: memref<?xi8> {colt5.workspace}) {
  %c0 = arith.constant 0 : index
  // expected-note @below {{which lies in bytes 0 to 16}}
  %a = memref.view %w[%c0][] : memref<?xi8> to memref<4xf32>
  // expected-error @below {{overlaps another one that is in use at the same time}}
  %b = memref.view %w[%c0][] : memref<?xi8> to memref<4xf32>
  linalg.abs ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  scf.if %c {
    linalg.abs ins(%a : memref<4xf32>) outs(%b : memref<4xf32>)
    linalg.add ins(%a, %b : memref<4xf32>, memref<4xf32>) outs(%out : memref<4xf32>)
  }
  return
}

// -----

// With dynamic sizes: the rounding of the first size to 64 bytes is missing in the place of the second.
func.func @dynamic(%x: memref<?xf32>, %out: memref<?xf32> {colt5.output}, %w: memref<?xi8> {colt5.workspace}) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c2 = arith.constant 2 : index
  %n = memref.dim %x, %c0 : memref<?xf32>
  %short = arith.divsi %n, %c2 : index
  %bytes = arith.muli %short, %c4 : index
  // expected-note @below {{which lies in bytes 0 to}}
  %a = memref.view %w[%c0][%n] : memref<?xi8> to memref<?xf32>
  // expected-error @below {{overlaps another one that is in use at the same time}}
  %b = memref.view %w[%bytes][%n] : memref<?xi8> to memref<?xf32>
  linalg.abs ins(%x : memref<?xf32>) outs(%a : memref<?xf32>)
  linalg.abs ins(%a : memref<?xf32>) outs(%b : memref<?xf32>)
  linalg.abs ins(%b : memref<?xf32>) outs(%out : memref<?xf32>)
  return
}

// -----

// Beyond the end of what the companion returns; names of sizes tie what is computed to what is asked for.
func.func @beyond(%x: memref<?xf32> {colt5.sizes = ["n"]}, %n: index {colt5.size = "n"},
                  %out: memref<?xf32> {colt5.output}, %w: memref<?xi8> {colt5.workspace}) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %size = memref.dim %x, %c0 : memref<?xf32>
  %a = memref.view %w[%c0][%n] : memref<?xi8> to memref<?xf32>
  linalg.abs ins(%x : memref<?xf32>) outs(%a : memref<?xf32>)
  linalg.abs ins(%a : memref<?xf32>) outs(%out : memref<?xf32>)
  // expected-error @below {{of a memory of}}
  %b = memref.view %w[%c64][%size] : memref<?xi8> to memref<?xf32>
  linalg.abs ins(%x : memref<?xf32>) outs(%b : memref<?xf32>)
  linalg.abs ins(%b : memref<?xf32>) outs(%out : memref<?xf32>)
  return
}
func.func private @beyond.workspace_size(%x: memref<?xf32>, %n: index, %threads: index) -> index {
  %c4 = arith.constant 4 : index
  %bytes = arith.muli %n, %c4 : index
  return %bytes : index
}

// -----

// Buffers of one iteration of a kernel, on its stack.
func.func @stack(%x: memref<8xf32>, %out: memref<8xf32> {colt5.output}) {
  %c0 = arith.constant 0 : index
  %c48 = arith.constant 48 : index
  scf.forall (%i) in (2) {
    %s = memref.alloca() : memref<64xi8>
    // expected-note @below {{which lies in bytes 0 to 32}}
    %a = memref.view %s[%c0][] : memref<64xi8> to memref<8xf32>
    // expected-error @below {{overlaps another one that is in use at the same time}}
    %b = memref.view %s[%c0][] : memref<64xi8> to memref<8xf32>
    linalg.abs ins(%x : memref<8xf32>) outs(%a : memref<8xf32>)
    linalg.abs ins(%a : memref<8xf32>) outs(%b : memref<8xf32>)
    linalg.abs ins(%b : memref<8xf32>) outs(%out : memref<8xf32>)
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// The stack is too small.
func.func @small(%x: memref<8xf32>, %out: memref<8xf32> {colt5.output}) {
  %c48 = arith.constant 48 : index
  scf.forall (%i) in (2) {
    %s = memref.alloca() : memref<64xi8>
    // expected-error @below {{the buffer lies in bytes 48 to 80 of a memory of 64 bytes}}
    %a = memref.view %s[%c48][] : memref<64xi8> to memref<8xf32>
    linalg.abs ins(%x : memref<8xf32>) outs(%a : memref<8xf32>)
    linalg.abs ins(%a : memref<8xf32>) outs(%out : memref<8xf32>)
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// Two threads have one place.
func.func @threads(%x: memref<8xf32>, %out: memref<8xf32> {colt5.output}, %w: memref<?xi8> {colt5.workspace}) {
  %c16 = arith.constant 16 : index
  scf.forall (%i) in (2) {
    %t = colt5.thread_id : index
    %at = arith.muli %t, %c16 : index
    // expected-error @below {{overlaps another one of another thread}}
    // expected-note @below {{which lies in bytes}}
    %a = memref.view %w[%at][] : memref<?xi8> to memref<8x8xf32>
    %v = memref.subview %a[0, 0] [1, 8] [1, 1] : memref<8x8xf32> to memref<8xf32, strided<[1]>>
    linalg.abs ins(%x : memref<8xf32>) outs(%v : memref<8xf32, strided<[1]>>)
    linalg.abs ins(%v : memref<8xf32, strided<[1]>>) outs(%out : memref<8xf32>)
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// A buffer of a kernel lies in one of the function that the kernel reads.
func.func @kernel(%x: memref<8xf32>, %out: memref<8xf32> {colt5.output}, %w: memref<?xi8> {colt5.workspace}) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  // expected-note @below {{which lies in bytes 0 to 32}}
  %a = memref.view %w[%c0][] : memref<?xi8> to memref<8xf32>
  linalg.abs ins(%x : memref<8xf32>) outs(%a : memref<8xf32>)
  scf.forall (%i) in (2) {
    %t = colt5.thread_id : index
    %at = arith.muli %t, %c64 : index
    // expected-error @below {{overlaps another one that is in use at the same time}}
    %b = memref.view %w[%at][] : memref<?xi8> to memref<8xf32>
    linalg.abs ins(%x : memref<8xf32>) outs(%b : memref<8xf32>)
    linalg.add ins(%a, %b : memref<8xf32>, memref<8xf32>) outs(%out : memref<8xf32>)
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// A place that cannot be computed is said.
// expected-warning @below {{the workspace of 'unknown' was not verified}}
func.func @unknown(%x: memref<8xf32>, %f: f32, %out: memref<8xf32> {colt5.output}, %w: memref<?xi8> {colt5.workspace}) {
  %i = arith.fptosi %f : f32 to i32
  %at = arith.index_cast %i : i32 to index
  // expected-note @below {{the place of this buffer cannot be computed}}
  %a = memref.view %w[%at][] : memref<?xi8> to memref<8xf32>
  linalg.abs ins(%x : memref<8xf32>) outs(%a : memref<8xf32>)
  linalg.abs ins(%a : memref<8xf32>) outs(%out : memref<8xf32>)
  return
}

// -----

// Scratch memory of a kernel is in use together with its other operands.
func.func @kernel(%x: memref<64xf32>, %out: memref<64xf32> {colt5.output}, %w: memref<?xi8> {colt5.workspace}) {
  %c0 = arith.constant 0 : index
  %c128 = arith.constant 128 : index
  // expected-note @below {{which lies in bytes 0 to 256}}
  %a = memref.view %w[%c0][] : memref<?xi8> to memref<64xf32>
  // expected-error @below {{the buffer lies in bytes 128 to 384 of its memory and overlaps another one that is in use at the same time}}
  %s = memref.view %w[%c128][] : memref<?xi8> to memref<64xf32>
  linalg.abs ins(%x : memref<64xf32>) outs(%a : memref<64xf32>)
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select> ins(%a : memref<64xf32>) outs(%out, %s : memref<64xf32>, memref<64xf32>) {
  ^bb0(%in: tensor<64xf32>, %o: tensor<64xf32>, %unused: tensor<64xf32>):
    %0 = linalg.exp ins(%in : tensor<64xf32>) outs(%o : tensor<64xf32>) -> tensor<64xf32>
    colt5.yield %0 : tensor<64xf32>
  }
  return
}
