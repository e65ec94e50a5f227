// RUN: colt5-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{machine_c1: expected a machine called cpu-generic, cpu-avx512, cpu-aarch64, sm_80, sm_89, sm_90a, sm_120, found 'abacus'}}
module attributes {colt5.machine = #colt5.machine<"abacus">} {}

// -----

// expected-error@+1 {{machine_c2: expected a number of cpu-generic to override, one of vector_bytes, l2_bytes, cores, contraction_rows, contraction_columns, attention_queries, found "shared_bytes"}}
module attributes {colt5.machine = #colt5.machine<"cpu-generic", {shared_bytes = 64 : i64}>} {}

// -----

// expected-error@+1 {{machine_c2: expected cores of sm_80 to be from 1 to 1048576, an i64, found 4 : i32}}
module attributes {colt5.machine = #colt5.machine<"sm_80", {cores = 4 : i32}>} {}

// -----

// expected-error@+1 {{expected colt5.machine to be a #colt5.machine on a module, found "sm_80"}}
module attributes {colt5.machine = "sm_80"} {}

// -----

// expected-error@+1 {{expected colt5.machine to be a #colt5.machine on a module, found #colt5.machine<"sm_80">}}
func.func private @f() attributes {colt5.machine = #colt5.machine<"sm_80">}
