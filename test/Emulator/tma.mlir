// A bulk tensor load of 2 boxes of 8 x 16 f32, one after the other through one barrier object; out of bounds is zero.
// RUN: colt5-test-emulator %s --kernel=boxes --block=128 --arg=buffer:f32:512:iota --arg=map:0:4:0:32:16:16:8 --arg=buffer:f32:256:uninit --arg=i32:0 --print=2 --limit=18 | FileCheck %s --check-prefix=PLAIN
// RUN: colt5-test-emulator %s --kernel=boxes --block=128 --arg=buffer:f32:512:iota --arg=map:0:4:64:32:16:16:8 --arg=buffer:f32:256:uninit --arg=i32:0 --print=2 --limit=40 | FileCheck %s --check-prefix=SWIZZLED
// RUN: colt5-test-emulator %s --kernel=boxes --block=128 --arg=buffer:f32:512:iota --arg=map:0:4:0:32:16:16:8 --arg=buffer:f32:256:uninit --arg=i32:-2 --print=2 --limit=6 --seed=5 | FileCheck %s --check-prefix=EDGE
// RUN: colt5-test-emulator %s --kernel=boxes --block=128 --arg=buffer:f32:512:iota --arg=map:0:4:0:32:16:16:8 --arg=buffer:f32:256:uninit --arg=i32:0 --mutate | FileCheck %s --check-prefix=MUTANTS
// RUN: not colt5-test-emulator %s --kernel=boxes --block=128 --arg=buffer:f32:512:iota --arg=map:0:4:32:32:16:16:8 --arg=buffer:f32:256:uninit --arg=i32:0 | FileCheck %s --check-prefix=SPAN

// PLAIN: arg2: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 32 33
// PLAIN: clean
// Rows 2 and 3 change places in pairs of 16 bytes.
// SWIZZLED: arg2: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 68 69 70 71 64 65 66 67
// EDGE: arg2: 0 0 0 1 2 3
// SPAN: bad operand: {{.*}}expected rows of the box of at most 32 bytes, the span of the swizzle
// MUTANTS: clean
// MUTANTS: drop phase wait 0: asynchronous copy not awaited
// MUTANTS: halve expect_tx 0: bad operand: {{.*}}delivers 256 bytes more
// MUTANTS: drop init 0: uninitialized: {{.*}}is no barrier object that was initialized
// MUTANTS: drop store 0: unwritten: 1024 bytes of argument 2
// MUTANTS: caught [[N:[0-9]+]] of [[N]]{{$}}

gpu.module @kernels {
  llvm.mlir.global internal @tile() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<128 x f32>
  llvm.mlir.global internal @full() {addr_space = 3 : i32, alignment = 8 : i64} : !llvm.array<1 x i64>

  llvm.func @boxes(%in: !llvm.ptr<1>, %map: !llvm.ptr {llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant},
                   %out: !llvm.ptr<1>, %column: i32) attributes {nvvm.kernel} {
    %c0 = llvm.mlir.constant(0 : i32) : i32
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %c2 = llvm.mlir.constant(2 : i32) : i32
    %c8 = llvm.mlir.constant(8 : i32) : i32
    %c128 = llvm.mlir.constant(128 : i32) : i32
    %bytes = llvm.mlir.constant(512 : i32) : i32
    %ticks = llvm.mlir.constant(1000 : i32) : i32
    %tile = llvm.mlir.addressof @tile : !llvm.ptr<3>
    %full = llvm.mlir.addressof @full : !llvm.ptr<3>
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %leader = llvm.icmp "eq" %t, %c0 : i32
    llvm.cond_br %leader, ^init, ^ready
  ^init:
    nvvm.mbarrier.init %full, %c1 : !llvm.ptr<3>, i32
    nvvm.fence.mbarrier.init
    llvm.br ^ready
  ^ready:
    nvvm.barrier0
    llvm.br ^loop(%c0 : i32)
  ^loop(%i: i32):
    llvm.cond_br %leader, ^load, ^wait
  ^load:
    nvvm.mbarrier.arrive.expect_tx %full, %bytes : !llvm.ptr<3>, i32
    %row = llvm.mul %i, %c8 : i32
    nvvm.cp.async.bulk.tensor.shared.cluster.global %tile, %map, %full, box [%column, %row] {isCTAOnly = true}
      : !llvm.ptr<3>, !llvm.ptr
    llvm.br ^wait
  ^wait:
    nvvm.mbarrier.try_wait.parity %full, %i, %ticks : !llvm.ptr<3>, i32, i32
    %from = llvm.getelementptr %tile[%t] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    %x = llvm.load %from : !llvm.ptr<3> -> f32
    %base = llvm.mul %i, %c128 : i32
    %at = llvm.add %base, %t : i32
    %to = llvm.getelementptr %out[%at] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
    llvm.store %x, %to : f32, !llvm.ptr<1>
    nvvm.barrier0
    %next = llvm.add %i, %c1 : i32
    %more = llvm.icmp "ult" %next, %c2 : i32
    llvm.cond_br %more, ^loop(%next : i32), ^end
  ^end:
    llvm.return
  }
}
