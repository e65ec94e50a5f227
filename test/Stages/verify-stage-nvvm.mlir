// RUN: colt5-opt %s --colt5-verify-stage="stage=nvvm" --split-input-file --verify-diagnostics

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    llvm.func @k(%x: f32) attributes {nvvm.kernel} {
      // expected-error@+1 {{'math.exp' op is not an op of the llvm or nvvm dialect}}
      %0 = math.exp %x : f32
      nvvm.barrier0
      llvm.return
    }
  }
}

// -----

// expected-error@+1 {{'llvm.func' op needs the external symbol 'cuLaunchKernel', expected none but memcpy, memset and memmove}}
llvm.func @cuLaunchKernel()

// -----

// expected-error@+1 {{'func.func' op is not an op of the LLVM dialect}}
func.func private @host()
