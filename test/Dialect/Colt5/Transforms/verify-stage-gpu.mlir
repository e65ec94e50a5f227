// RUN: colt5-opt %s --colt5-verify-stage="stage=gpu" --split-input-file --verify-diagnostics

func.func @loop(%x: memref<4xf32>) {
  // expected-error@+1 {{'scf.forall' op is left after stage gpu, expected gpu.launch_func; run colt5-outline-gpu}}
  scf.forall (%i) in (4) {
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

func.func @load(%x: memref<4xf32>, %i: index) {
  // expected-error@+1 {{'memref.load' op computes on device memory in host code, expected it in a kernel}}
  %0 = memref.load %x[%i] : memref<4xf32>
  return
}

// -----

func.func @thread() {
  // expected-error@+1 {{'gpu.thread_id' op stands in host code, expected it in a kernel}}
  %0 = gpu.thread_id x
  return
}

// -----

func.func @plan() {
  // expected-error@+1 {{still carries a plan, expected none after stage gpu}}
  %0 = arith.constant {colt5.plan = 1 : i64} 0 : index
  return
}

// -----

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @k() kernel {
      // expected-error@+1 {{'memref.alloc' op allocates on the heap of the device, expected shared memory or the workspace}}
      %0 = memref.alloc() : memref<4xf32>
      gpu.return
    }
  }
}
