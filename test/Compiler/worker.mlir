// LLVM's code generator for GPUs is a program of its own. What is wrong with it is an error that says what to do.
// RUN: rm -rf %t && mkdir %t
// RUN: not env COLT5_PTX_WORKER=%t/none colt5-compile %s --target=sm_80 --emit=ptx -o %t/x.ptx --quiet 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: error: cannot generate PTX: expected the program colt5-ptx-worker, which generates PTX, at '{{.*}}none', found no executable file; correct or remove the environment variable COLT5_PTX_WORKER

// Another program, and one that ends without an answer:
// RUN: echo '#!/bin/sh' > %t/quitter && echo 'echo libLLVM.so.99: cannot open >&2; exit 3' >> %t/quitter && chmod +x %t/quitter
// RUN: not env COLT5_PTX_WORKER=%t/quitter colt5-compile %s --target=sm_80 --emit=ptx -o %t/x.ptx --quiet 2>&1 | FileCheck %s --check-prefix=QUIT
// QUIT: error: cannot generate PTX: '{{.*}}quitter' ended without an answer, with status 3; it printed: libLLVM.so.99: cannot open; expected the colt5-ptx-worker of this version, install colt5 again

// A crash names the kernel.
// RUN: echo '#!/bin/sh' > %t/crasher && echo 'kill -SEGV $$' >> %t/crasher && chmod +x %t/crasher
// RUN: not env COLT5_PTX_WORKER=%t/crasher colt5-compile %s --target=sm_80 --emit=ptx -o %t/x.ptx --quiet 2>&1 | FileCheck %s --check-prefix=CRASH
// CRASH: error: kernel '{{.*}}': LLVM cannot generate code for sm_80 as PTX 7.0: the code generator crashed: Segmentation fault
// RUN: not ls %t/x.ptx

// The program is not for people, and refuses what is no bitcode.
// RUN: not %colt5_build/libexec/colt5/colt5-ptx-worker 2>&1 | FileCheck %s --check-prefix=PEOPLE
// PEOPLE: colt5-ptx-worker is a part of colt5, which starts it with a chip, a PTX version and a kernel

func.func @norm(%x: tensor<2x3xf32>, %g: tensor<3xf32>) -> tensor<2x3xf32> {
  %e = tensor.empty() : tensor<2x3xf32>
  %r = colt5.rms_norm ins(%x, %g : tensor<2x3xf32>, tensor<3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}
