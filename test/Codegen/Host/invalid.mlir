// RUN: colt5-opt %s --pass-pipeline='builtin.module(colt5-outline-parallel,func.func(colt5-hoist-allocas),colt5-emit-cpu-entries)' --split-input-file --verify-diagnostics

func.func @tensors(%x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @below {{expected a loop on memrefs, found tensor results; run colt5-bufferize first}}
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

// -----

// An output that its companions do not know.
func.func @output(%x: memref<8xf32> {colt5.output}, %w: memref<?xi8> {colt5.workspace}, %e: memref<1xi32> {colt5.error_word}) {
  return
}
// expected-error @below {{expected a companion of 'output' that takes () and returns 1 size, found '() -> ()'}}
func.func private @output.result_sizes() {
  return
}
func.func private @output.workspace_size(%n: index) -> index {
  return %n : index
}

// -----

func.func @checks(%w: memref<?xi8> {colt5.workspace}, %e: memref<1xi32> {colt5.error_word})
    attributes {colt5.size_checks = @checks.size_checks} {
  return
}
func.func private @checks.result_sizes() {
  return
}
func.func private @checks.workspace_size(%n: index) -> index {
  return %n : index
}
// expected-error @below {{expected a companion of 'checks' that takes () and returns pairs of sizes, found '() -> index'}}
func.func private @checks.size_checks() -> index {
  %c = arith.constant 1 : index
  return %c : index
}

// -----

// expected-error @below {{argument #1: expected inputs and then outputs, which are memrefs, found an input of type 'f32'}}
func.func @order(%x: memref<8xf32> {colt5.output}, %y: f32, %w: memref<?xi8> {colt5.workspace}, %e: memref<1xi32> {colt5.error_word}) {
  return
}
func.func private @order.result_sizes(%y: f32) -> index {
  %c = arith.constant 8 : index
  return %c : index
}
func.func private @order.workspace_size(%y: f32, %n: index) -> index {
  return %n : index
}

// -----

// expected-error @below {{expected workspace, error word and pool of types}}
func.func @types(%w: memref<?xf32> {colt5.workspace}, %e: memref<1xi32> {colt5.error_word}) {
  return
}
func.func private @types.result_sizes() {
  return
}
func.func private @types.workspace_size(%n: index) -> index {
  return %n : index
}
