// Options that do not fit, and a toolkit that is not there.
// RUN: not colt5-opt %s --colt5-gpu-binary=format=elf 2>&1 | FileCheck %s --check-prefix=FORMAT
// FORMAT: error: colt5-gpu-binary: format=elf: expected one of: ptx, auto, cubin
// RUN: not colt5-opt %s --colt5-gpu-binary=ptx-version=60 2>&1 | FileCheck %s --check-prefix=OLD
// OLD: error: expected PTX 7.0 to 9.0 for sm_80, found 6.0
// RUN: not colt5-opt %s --colt5-set-machine=name=sm_90a --colt5-gpu-binary="ptx-version=78" 2>&1 | FileCheck %s --check-prefix=OLD90
// OLD90: error: expected PTX 8.0 to 9.0 for sm_90a, found 7.8
// RUN: not colt5-opt %s --colt5-gpu-binary="format=cubin toolkit=%t.none" 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: error: cannot make a cubin for sm_80: no 'ptxas'; looked at {{.*}}.none/bin/ptxas, {{.*}}.none/ptxas
// RUN: colt5-opt %s --colt5-gpu-binary="format=auto toolkit=%t.none" 2>&1 | FileCheck %s --check-prefix=AUTO
// AUTO: warning: no cubin for sm_80, PTX only: no 'ptxas'; looked at
// AUTO: gpu.binary @colt5_kernels
// AUTO-SAME: #gpu.kernel_metadata<"empty"
// AUTO-SAME: static_shared_bytes = 0
// AUTO-SAME: assembly =
// AUTO-NOT: bin =

gpu.module @colt5_kernels {
  llvm.func @empty() attributes {gpu.kernel, nvvm.kernel} {
    llvm.return
  }
}
