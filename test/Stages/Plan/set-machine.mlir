// The machine of a module: written once, kept by every later pass, never another one.
// RUN: colt5-opt %s --colt5-set-machine=name=sm_89 | FileCheck %s --check-prefix=ROW
// RUN: colt5-opt %s --colt5-set-machine="name=sm_89 overrides=threads=128,shared_bytes=1024" | FileCheck %s --check-prefix=OTHER
// RUN: colt5-opt %s --colt5-set-machine="name=sm_89 overrides=threads=128" --colt5-set-machine=name=sm_89 | FileCheck %s --check-prefix=KEPT
// RUN: not colt5-opt %s --colt5-set-machine=name=sm_89 --colt5-set-machine=name=sm_80 2>&1 | FileCheck %s --check-prefix=TWO
// RUN: not colt5-opt %s --colt5-set-machine=name=sm_89 --colt5-set-machine="name=sm_89 overrides=threads=64" 2>&1 | FileCheck %s --check-prefix=NUMBER
// RUN: not colt5-opt %s --colt5-set-machine=name=sm_75 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not colt5-opt %s --colt5-set-machine="name=sm_80 overrides=threads" 2>&1 | FileCheck %s --check-prefix=FORM
// RUN: not colt5-opt %s --colt5-set-machine="name=sm_80 overrides=threads=96" 2>&1 | FileCheck %s --check-prefix=HUNDRED
// RUN: not colt5-opt %s --colt5-set-machine="name=sm_80 overrides=threads=64,threads=128" 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not colt5-opt %s --colt5-set-machine="name=sm_80 overrides=vector_bytes=32" 2>&1 | FileCheck %s --check-prefix=VECTOR
// RUN: not colt5-opt %s --colt5-set-machine="name=cpu-generic overrides=threads=128" 2>&1 | FileCheck %s --check-prefix=CPU
// RUN: not colt5-opt %s --colt5-set-machine="name=cpu-generic overrides=vector_bytes=48" 2>&1 | FileCheck %s --check-prefix=WIDTH
// Passes for one kind of machine refuse the other.
// RUN: not colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-vectorize-linalg 2>&1 | FileCheck %s --check-prefix=KIND
// RUN: not colt5-opt %s --colt5-set-machine=name=cpu-avx512 --colt5-lower-simt 2>&1 | FileCheck %s --check-prefix=CHIP
// RUN: not colt5-opt %s --colt5-set-machine=name=cpu-generic --colt5-gpu-binary 2>&1 | FileCheck %s --check-prefix=BINARY

// The nearest module counts.
// RUN: colt5-opt %s --pass-pipeline='builtin.module(builtin.module(colt5-set-machine{name=sm_80},colt5-plan))' | FileCheck %s --check-prefix=INNER
// INNER: module @inner attributes {colt5.machine = #colt5.machine<"sm_80">}
// INNER: schedule = #colt5.simt<

// ROW: module attributes {colt5.machine = #colt5.machine<"sm_89">}
// OTHER: #colt5.machine<"sm_89", {shared_bytes = 1024 : i64, threads = 128 : i64}>
// KEPT: #colt5.machine<"sm_89", {threads = 128 : i64}>
// TWO: error: expected a module that is planned for #colt5.machine<"sm_80">, found one for #colt5.machine<"sm_89">; name its machine as the target, or start from a stage before plan
// NUMBER: error: expected a module that is planned for #colt5.machine<"sm_89", {threads = 64 : i64}>, found one for #colt5.machine<"sm_89">
// NAME: error: colt5-set-machine: machine_c1: expected a machine called cpu-generic, cpu-avx512, cpu-aarch64, sm_80, sm_89, sm_90a, sm_120, found 'sm_75'
// FORM: error: colt5-set-machine: expected overrides of the form NAME=NUMBER, found 'threads'
// HUNDRED: error: colt5-set-machine: machine_c2: expected threads of sm_80 to be a power of two from 32 to 1024, an i64, found 96 : i64
// CPU: error: colt5-set-machine: machine_c2: expected a number of cpu-generic to override, one of vector_bytes, l2_bytes, cores, contraction_rows, contraction_columns, attention_queries, found "threads"
// TWICE: error: colt5-set-machine: expected one number for threads, found two
// VECTOR: error: colt5-set-machine: machine_c2: expected a number of sm_80 to override, one of l2_bytes, cores, contraction_rows, contraction_columns, attention_queries, threads, shared_bytes, found "vector_bytes"
// WIDTH: error: colt5-set-machine: machine_c2: expected vector_bytes of cpu-generic to be a power of two from 16 to 64, an i64, found 48 : i64
// KIND: error: colt5-vectorize-linalg: expected a module for a CPU, one of cpu-generic, cpu-avx512, cpu-aarch64, found one for sm_80
// CHIP: error: colt5-lower-simt: expected a module for a GPU, one of sm_80, sm_89, sm_90a, sm_120, found one for cpu-avx512
// BINARY: error: colt5-gpu-binary: expected a module for a GPU, one of sm_80, sm_89, sm_90a, sm_120, found one for cpu-generic

module @inner {
  func.func @g(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
    %r = linalg.exp ins(%x : tensor<4x8xf32>) outs(%x : tensor<4x8xf32>) -> tensor<4x8xf32>
    return %r : tensor<4x8xf32>
  }
}
func.func @f(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  return %x : tensor<4x8xf32>
}
