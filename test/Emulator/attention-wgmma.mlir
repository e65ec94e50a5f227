// Attention with TMA, a ring of two stages, wgmma from shared memory and from registers, and 200 queries and 96 keys in tiles of
// 64 x 32. The generator writes the kernel.
// RUN: %python %S/Inputs/attention.py > %t.kernel.mlir
// RUN: colt5-opt %t.kernel.mlir --pass-pipeline="builtin.module(gpu.module(convert-scf-to-cf,convert-to-llvm{filter-dialects=arith,cf},canonicalize,cse))" -o %t.mlir
// RUN: colt5-test-emulator %t.mlir --kernel=attention --grid=2 --block=288 --dynamic-shared=32808 --arg=data:bf16:12800:random --arg=data:bf16:6144:random --arg=data:bf16:6144:random --arg=map:0:2:128:64:200:64:128 --arg=map:1:2:128:64:96:64:32 --arg=map:2:2:128:64:96:64:32 --arg=buffer:bf16:16384:uninit --arg=i32:3 --arg=f32:0.18 --expect=attention:0,1,2,6,200,96,64,8 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=attention --grid=2 --block=288 --dynamic-shared=32808 --arg=data:bf16:12800:random --arg=data:bf16:6144:random --arg=data:bf16:6144:random --arg=map:0:2:128:64:200:64:128 --arg=map:1:2:128:64:96:64:32 --arg=map:2:2:128:64:96:64:32 --arg=buffer:bf16:16384:uninit --arg=i32:3 --arg=f32:0.18 --expect=attention:0,1,2,6,200,96,64,8 --seed=9 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=attention --grid=2 --block=288 --dynamic-shared=32808 --arg=data:bf16:12800:random --arg=data:bf16:6144:random --arg=data:bf16:6144:random --arg=map:0:2:128:64:200:64:128 --arg=map:1:2:128:64:96:64:32 --arg=map:2:2:128:64:96:64:32 --arg=buffer:bf16:16384:uninit --arg=i32:3 --arg=f32:0.18 --mutate | FileCheck %s --check-prefix=MUTANTS

// CLEAN: clean
// MUTANTS: clean
// MUTANTS: drop wgmma wait 1: asynchronous copy not awaited
// MUTANTS: caught [[N:[0-9]+]] of [[N]]{{$}}
