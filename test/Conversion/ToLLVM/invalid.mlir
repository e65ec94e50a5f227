// RUN: colt5-opt %s --pass-pipeline='builtin.module(colt5-outline-parallel,func.func(colt5-hoist-allocas),colt5-emit-cpu-entries)' --split-input-file --verify-diagnostics

func.func @tensors(%x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @below {{expected a kernel on memrefs, found tensor results; run colt5-bufferize first}}
  %r = scf.forall (%i) in (8) shared_outs(%o = %x) -> (tensor<8xf32>) {
    scf.forall.in_parallel {}
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<8xf32>
}

// -----

func.func @dynamic_alloca(%n: index) {
  scf.forall (%i) in (8) {
    scf.for %j = %i to %n step %n {
      // expected-error @below {{expected a static size, because this stack memory is allocated in a loop}}
      %a = memref.alloca(%n) : memref<?xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// expected-error @below {{expected the companions of 'no_companions' and the arguments (..., workspace, error word, pool)}}
func.func @no_companions(%x: memref<8xf32>) {
  return
}

// -----

// expected-error @below {{argument #0: expected a dense memref or a scalar of type i1, i8, i16, i32, i64, index, f16, bf16, f32 or f64, found 'memref<8xvector<4xf32>>'}}
func.func @vectors(%x: memref<8xvector<4xf32>>, %w: memref<?xi8> {colt5.workspace}, %e: memref<1xi32> {colt5.error_word}) {
  return
}
func.func private @vectors.result_sizes(%x: memref<8xvector<4xf32>>) {
  return
}
func.func private @vectors.workspace_size(%x: memref<8xvector<4xf32>>, %n: index) -> index {
  return %n : index
}

// -----

func.func @f(%x: memref<8xf32>, %w: memref<?xi8> {colt5.workspace}, %e: memref<1xi32> {colt5.error_word}) {
  return
}
func.func private @f.result_sizes(%x: memref<8xf32>) {
  return
}
func.func private @f.workspace_size(%x: memref<8xf32>, %n: index) -> index {
  return %n : index
}
// expected-error @below {{the name 'f_run' is taken by an entry of function 'f'; rename one of them}}
func.func private @f_run()
