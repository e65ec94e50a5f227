// RUN: colt5-opt %s --colt5-outline-gpu --split-input-file --verify-diagnostics

func.func @threads(%x: memref<4xf32>) {
  // expected-error@+1 {{expected the attribute 'colt5.threads'; run colt5-lower-simt first}}
  scf.forall (%i) in (4) {
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

func.func @tensors(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expected a kernel on memrefs, found tensor results; run colt5-bufferize first}}
  %0 = scf.forall (%i) in (4) shared_outs(%o = %x) -> tensor<4xf32> {
    scf.forall.in_parallel {
    }
  } {colt5.threads = 32 : i64, mapping = [#colt5.tile<0>]}
  return %0 : tensor<4xf32>
}

// -----

func.func @capture(%x: vector<4xf32>, %y: memref<4xf32>) {
  // expected-error@+1 {{cannot hand a value of type 'vector<4xf32>' to a GPU kernel}}
  scf.forall (%i) in (4) {
    %c = arith.constant 0 : index
    vector.store %x, %y[%c] : memref<4xf32>, vector<4xf32>
  } {colt5.threads = 32 : i64, mapping = [#colt5.tile<0>]}
  return
}
