// An object and its header are all a C or C++ program needs.
// RUN: rm -rf %t && mkdir %t
// RUN: colt5-compile %s --emit=cpu-obj,cpu-header -o %t/scale
// RUN: FileCheck %s --check-prefix=HEADER < %t/scale.cpu.h
// HEADER: #ifndef COLT5_GENERATED_SCALE_CPU_H
// HEADER: typedef struct colt5_cpu_tensor {
// HEADER: int32_t scale_run(const colt5_cpu_tensor *tensors, void *workspace, const colt5_parallel *pool);
// HEADER: static inline int32_t scale_call(const float *{{[a-z0-9_]+}}, const int64_t {{[a-z0-9_]+}}_sizes[2], float
// RUN: %cc -std=c11 -Wall -Wextra -Werror -I%t %S/Inputs/embed.c %t/scale.cpu.o -o %t/embed
// RUN: %t/embed | FileCheck %s --check-prefix=RUNS
// RUNS: sizes 2 3 3
// RUNS: status 0
// RUNS: scaled 2 4 6 8 10 12
// RUNS: sums 10 14 18
// RUN: echo '#include "scale.cpu.h"' | %cxx -std=c++17 -Wall -Werror -fsyntax-only -I%t -x c++ -

// Text, assembly and a shared library come from the same module.
// RUN: colt5-compile %s --emit=llvm | FileCheck %s --check-prefix=LLVM
// LLVM: define {{.*}}i32 @scale_run(
// RUN: colt5-compile %s --emit=asm -o - | FileCheck %s --check-prefix=ASM
// ASM: scale_run:
// RUN: colt5-compile %s --emit=cpu-shared -o %t/libscale.so && llvm-nm -D --defined-only %t/libscale.so | FileCheck %s --check-prefix=SHARED
// SHARED-DAG: T scale_run
// SHARED-DAG: T scale_result_sizes
// SHARED-DAG: T scale_workspace_size

// A name that C does not know is an error before anything is written.
// RUN: sed -e 's/@scale/@"a.b"/' %s > %t/bad.mlir
// RUN: not colt5-compile %t/bad.mlir --emit=cpu-header 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: {{.*}}a.b

func.func @scale(%x: tensor<?x3xf32>, %s: f32) -> (tensor<?x3xf32>, tensor<3xf32>) {
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
