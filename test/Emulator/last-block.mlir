// The sum of a vector: each block adds its part, and the block that comes last adds the parts. Nothing but an atomic counter
// and fences orders what different blocks read and write.
// RUN: colt5-opt %s --pass-pipeline="builtin.module(gpu.module(convert-scf-to-cf,convert-to-llvm{filter-dialects=arith,cf},canonicalize,cse))" -o %t.mlir
// RUN: colt5-test-emulator %t.mlir --kernel=sum --grid=7 --block=64 --arg=buffer:f32:448:random --arg=buffer:f32:7:uninit --arg=buffer:i32:1:zero --arg=buffer:f32:1:uninit --expect=sum:0,3 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=sum --grid=7 --block=64 --arg=buffer:f32:448:random --arg=buffer:f32:7:uninit --arg=buffer:i32:1:zero --arg=buffer:f32:1:uninit --expect=sum:0,3 --host-threads=1 --mutate | FileCheck %s --check-prefix=MUTANTS
// RUN: colt5-test-emulator %t.mlir --kernel=errors --grid=3 --block=64 --arg=buffer:i32:1:zero --print=0 | FileCheck %s --check-prefix=ERRORS
// RUN: not colt5-test-emulator %t.mlir --kernel=relaxed --grid=2 --block=1 --host-threads=1 --arg=buffer:i32:2:zero | FileCheck %s --check-prefix=RELAXED

// CLEAN: clean
// MUTANTS: clean
// MUTANTS: drop fence 0: race: {{.*}}reads byte 0 of buffer 'arg1' that a thread of block number 0 wrote
// MUTANTS: drop fence 1: race: {{.*}}reads byte 0 of buffer 'arg1' that a thread of block number 0 wrote
// MUTANTS: caught [[N:[0-9]+]] of [[N]]{{$}}
// ERRORS: arg0: 1
// ERRORS: clean
// RELAXED: race: {{.*}}reads byte 0 of buffer 'arg0' that a thread of block number 0 wrote

gpu.module @kernels {
  llvm.mlir.global internal @parts() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<64 x f32>
  llvm.mlir.global internal @ticket() {addr_space = 3 : i32, alignment = 4 : i64} : !llvm.array<1 x i32>

  llvm.func @sum(%x: !llvm.ptr, %partial: !llvm.ptr, %count: !llvm.ptr, %out: !llvm.ptr) attributes {nvvm.kernel} {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %c64 = arith.constant 64 : i32
    %zero = arith.constant 0.0 : f32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %block = nvvm.read.ptx.sreg.ctaid.x : i32
    %blocks = nvvm.read.ptx.sreg.nctaid.x : i32
    %parts = llvm.mlir.addressof @parts : !llvm.ptr<3>
    %ticket = llvm.mlir.addressof @ticket : !llvm.ptr<3>
    %base = arith.muli %block, %c64 : i32
    %i = arith.addi %base, %t : i32
    %from = llvm.getelementptr %x[%i] : (!llvm.ptr, i32) -> !llvm.ptr, f32
    %v = llvm.load %from : !llvm.ptr -> f32
    %mine = llvm.getelementptr %parts[%t] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    llvm.store %v, %mine : f32, !llvm.ptr<3>
    nvvm.barrier0
    %leader = arith.cmpi eq, %t, %c0 : i32
    scf.if %leader {
      %s = scf.for %j = %c0 to %c64 step %c1 iter_args(%a = %zero) -> (f32) : i32 {
        %p = llvm.getelementptr %parts[%j] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
        %y = llvm.load %p : !llvm.ptr<3> -> f32
        %b = arith.addf %a, %y : f32
        scf.yield %b : f32
      }
      %q = llvm.getelementptr %partial[%block] : (!llvm.ptr, i32) -> !llvm.ptr, f32
      llvm.store %s, %q : f32, !llvm.ptr
      nvvm.memory.barrier #nvvm.mem_scope<gpu>
      %old = llvm.atomicrmw add %count, %c1 monotonic : !llvm.ptr, i32
      nvvm.memory.barrier #nvvm.mem_scope<gpu>
      llvm.store %old, %ticket : i32, !llvm.ptr<3>
    }
    nvvm.barrier0
    %number = llvm.load %ticket : !llvm.ptr<3> -> i32
    %after = arith.addi %number, %c1 : i32
    %last = arith.cmpi eq, %after, %blocks : i32
    // Any thread of the last block may read the parts: the barrier hands on what the leader has seen.
    %reader = arith.cmpi eq, %t, %c1 : i32
    %reads = arith.andi %last, %reader : i1
    scf.if %reads {
      %s = scf.for %j = %c0 to %blocks step %c1 iter_args(%a = %zero) -> (f32) : i32 {
        %p = llvm.getelementptr %partial[%j] : (!llvm.ptr, i32) -> !llvm.ptr, f32
        %y = llvm.load %p : !llvm.ptr -> f32
        %b = arith.addf %a, %y : f32
        scf.yield %b : f32
      }
      llvm.store %s, %out : f32, !llvm.ptr
    }
    llvm.return
  }
  // Everybody reports the same error.
  llvm.func @errors(%error: !llvm.ptr) attributes {nvvm.kernel} {
    %c1 = arith.constant 1 : i32
    %old = llvm.atomicrmw _or %error, %c1 monotonic : !llvm.ptr, i32
    llvm.return
  }
  // A flag without fences orders nothing.
  llvm.func @relaxed(%p: !llvm.ptr) attributes {nvvm.kernel} {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %block = nvvm.read.ptx.sreg.ctaid.x : i32
    %flag = llvm.getelementptr %p[1] : (!llvm.ptr) -> !llvm.ptr, i32
    %first = arith.cmpi eq, %block, %c0 : i32
    scf.if %first {
      llvm.store %c1, %p : i32, !llvm.ptr
      llvm.store %c1, %flag atomic monotonic {alignment = 4 : i64} : i32, !llvm.ptr
    } else {
      scf.while : () -> () {
        %seen = llvm.load %flag atomic monotonic {alignment = 4 : i64} : !llvm.ptr -> i32
        %wait = arith.cmpi eq, %seen, %c0 : i32
        scf.condition(%wait)
      } do {
        scf.yield
      }
      %v = llvm.load %p : !llvm.ptr -> i32
      llvm.store %v, %p : i32, !llvm.ptr
    }
    llvm.return
  }
}
