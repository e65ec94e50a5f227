// All targets in one object with the runtime; several such objects in one program.
// RUN: rm -rf %t && mkdir -p %t/other
// RUN: colt5-compile %s --target=cpu,sm_80,sm_90a --toolkit=%t/none --entry=scale -o %t/scale 2>&1 | FileCheck %s --check-prefix=WARN
// WARN: warning: no cubin for sm_80, PTX only
// RUN: colt5-compile %s --entry=double --prefix=twice -o %t/twice
// RUN: %cc -std=c99 -Wall -Wextra -Werror -pedantic -I%t %S/Inputs/embed-all.c %t/scale.o %t/twice.o %colt5_build/lib/libcolt5-mock-cuda.so -Wl,-rpath,%colt5_build/lib -lpthread -ldl -o %t/program
// RUN: %t/program %colt5_build/lib/libcolt5-mock-cuda.so | FileCheck %s
// CHECK: {"functions":[{"arguments":[{"name":"x","output":false,"sizes":["x_0",3],"type":"f32"},
// CHECK: target cpu
// CHECK-NEXT: sizes 2 3 3
// CHECK-NEXT: scaled 2 12 sums 10 14 18
// CHECK-NEXT: refused:
// CHECK-NEXT: COLT5_BAD_TYPE: scale: argument 's': expected elements of type f32, found f64
// CHECK-NEXT: COLT5_OVERLAP: scale: expected outputs in memory of their own
// CHECK-NEXT: COLT5_BAD_STRUCT: scale: expected arguments of struct_size 200, found 1
// CHECK-NEXT: twice 2 12
// CHECK-NEXT: target sm_80
// CHECK-NEXT: sizes 2 3 3
// CHECK-NEXT: refused:
// CHECK: COLT5_BAD_STRUCT
// CHECK-NEXT: target sm_90a
// CHECK: COLT5_BAD_STRUCT
// CHECK-NEXT: target cpu
// CHECK: scaled 2 12
// CHECK: COLT5_GPU_NO_DRIVER: cannot open the NVIDIA driver's library '/nowhere/libcuda.so.1'
// CHECK-NEXT: launched 1, left 0, misuse none
// RUN: echo '#include "scale.h"' | %cxx -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I%t -x c++ -

// Public symbols have the prefix, and it needs libc only. Nothing runs when it is loaded.
// RUN: nm --defined-only --extern-only %t/scale.o > %t/defined.txt && grep -c " T scale_run" %t/defined.txt && not grep -v " T scale_" %t/defined.txt
// RUN: nm --undefined-only %t/scale.o > %t/undefined.txt && grep -c calloc %t/undefined.txt
// RUN: not grep -v -w -E "_GLOBAL_OFFSET_TABLE_|__tls_get_addr|[cm]alloc|posix_memalign|free|sysconf|getpid|dl(open|close|sym|error)|pthread_(self|create|join|(cond|mutex)_[a-z]+)|mem(set|cpy|move|cmp)|str(len|cspn|cat|ncmp)|v?snprintf" %t/undefined.txt
// RUN: llvm-readelf -S %t/scale.o | FileCheck %s --check-prefix=SECTIONS --implicit-check-not=_array --implicit-check-not=.ctors
// SECTIONS: colt5_bundle

// Same input, same bytes, wherever it is compiled.
// RUN: cp %s %t/other/copy.mlir && cd %t/other && colt5-compile copy.mlir --target=cpu,sm_80,sm_90a --toolkit=%t/none --entry=scale -o scale --quiet && cmp scale.o %t/scale.o && cmp scale.h %t/scale.h

// A library and an archive hold the same; PTX alone needs no CPU.
// RUN: colt5-compile %s --target=cpu --emit=shared --entry=scale -o %t/libscale.so && llvm-nm -D --defined-only %t/libscale.so | FileCheck %s --check-prefix=SHARED --implicit-check-not=colt5_
// SHARED: T scale_run
// RUN: colt5-compile %s --target=sm_80 --toolkit=%t/none --emit=archive -o %t/libboth.a && llvm-nm %t/libboth.a | FileCheck %s --check-prefix=BOTH
// BOTH-DAG: T both_scale_run
// BOTH-DAG: T both_double_run

// RUN: not colt5-compile %s --entry=none -o %t/x 2>&1 | FileCheck %s --check-prefix=ENTRY
// ENTRY: error: --entry=none: expected one of: scale, double
// RUN: not colt5-compile %s --prefix=a.b -o %t/x 2>&1 | FileCheck %s --check-prefix=PREFIX
// RUN: not colt5-compile %s --prefix=colt5_gpu -o %t/x 2>&1 | FileCheck %s --check-prefix=OURS
// OURS: error: --prefix: expected a C identifier other than colt5 and those that begin with colt5_, found 'colt5_gpu'
// PREFIX: error: --prefix: expected a C identifier other than colt5 and those that begin with colt5_, found 'a.b'

func.func @scale(%x: tensor<?x3xf32> {colt5.name = "x"}, %s: f32 {colt5.name = "s"}) -> (tensor<?x3xf32>, tensor<3xf32>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %n = tensor.dim %x, %c0 : tensor<?x3xf32>
  %e = tensor.empty(%n) : tensor<?x3xf32>
  %scaled = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%x : tensor<?x3xf32>) outs(%e : tensor<?x3xf32>) {
  ^bb0(%a: f32, %o: f32):
    %p = arith.mulf %a, %s : f32
    linalg.yield %p : f32
  } -> tensor<?x3xf32>
  %r = tensor.empty() : tensor<3xf32>
  %z = linalg.fill ins(%zero : f32) outs(%r : tensor<3xf32>) -> tensor<3xf32>
  %sums = linalg.reduce {arith.addf} ins(%scaled : tensor<?x3xf32>) outs(%z : tensor<3xf32>) dimensions = [0]
  return %scaled, %sums : tensor<?x3xf32>, tensor<3xf32>
}

func.func @double(%x: tensor<6xf32>) -> tensor<6xf32> {
  %e = tensor.empty() : tensor<6xf32>
  %r = linalg.add ins(%x, %x : tensor<6xf32>, tensor<6xf32>) outs(%e : tensor<6xf32>) -> tensor<6xf32>
  return %r : tensor<6xf32>
}
