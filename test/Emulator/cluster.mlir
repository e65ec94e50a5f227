// Clusters: a sum over the blocks of a cluster through distributed shared memory, and a tile that one block loads for all by
// multicast and that each writes back by a bulk store.
// RUN: colt5-opt %s --pass-pipeline="builtin.module(gpu.module(convert-scf-to-cf,convert-to-llvm{filter-dialects=arith,cf},canonicalize,cse))" -o %t.mlir
// RUN: colt5-test-emulator %t.mlir --kernel=sum --grid=4 --cluster=4 --block=33 --arg=buffer:f32:132:random --arg=buffer:f32:1:uninit --expect=sum:0,1 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=sum --grid=4 --cluster=4 --block=33 --arg=buffer:f32:132:random --arg=buffer:f32:1:uninit --expect=sum:0,1 --mutate | FileCheck %s --check-prefix=MUTANTS
// RUN: colt5-test-emulator %t.mlir --kernel=spread --grid=4 --cluster=2 --block=32 --arg=data:f32:256:iota --arg=map:0:4:64:32:8:16:8 --arg=data:f32:512:uninit --arg=map:2:4:64:16:32:16:8 --print=2 --limit=36 | FileCheck %s --check-prefix=SPREAD
// RUN: colt5-test-emulator %t.mlir --kernel=spread --grid=4 --cluster=2 --block=32 --arg=data:f32:256:iota --arg=map:0:4:64:32:8:16:8 --arg=data:f32:512:uninit --arg=map:2:4:64:16:32:16:8 --print=2 --limit=36 --seed=3 | FileCheck %s --check-prefix=SPREAD
// RUN: colt5-test-emulator %t.mlir --kernel=spread --grid=4 --cluster=2 --block=32 --arg=data:f32:256:iota --arg=map:0:4:64:32:8:16:8 --arg=data:f32:512:uninit --arg=map:2:4:64:16:32:16:8 --mutate | FileCheck %s --check-prefix=SPREADMUTANTS
// RUN: not colt5-test-emulator %t.mlir --kernel=sum --grid=3 --cluster=2 --block=33 --arg=buffer:f32:132:random --arg=buffer:f32:1:uninit | FileCheck %s --check-prefix=GRID

// CLEAN: clean
// MUTANTS: clean
// MUTANTS: drop cluster wait 0: {{race|uninitialized}}
// MUTANTS: caught [[N:[0-9]+]] of [[N]]{{$}}
// SPREAD: arg2: 5 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 64 65 66 67
// SPREAD: clean
// SPREADMUTANTS: clean
// SPREADMUTANTS: drop proxy fence 0: race: {{.*}}no fence.proxy.async between
// SPREADMUTANTS: drop bulk wait 0: asynchronous copy not awaited
// SPREADMUTANTS: caught [[N:[0-9]+]] of [[N]]{{$}}
// GRID: error: launch of 'sum': expected a grid that is a multiple of the cluster in dimension 0, found 3 and 2

gpu.module @kernels {
  llvm.mlir.global internal @part() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<4 x f32>
  llvm.mlir.global internal @values() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<33 x f32>
  llvm.mlir.global internal @tile() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<128 x f32>
  llvm.mlir.global internal @full() {addr_space = 3 : i32, alignment = 8 : i64} : !llvm.array<1 x i64>

  llvm.func @sum(%x: !llvm.ptr, %out: !llvm.ptr) attributes {nvvm.kernel} {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %c33 = arith.constant 33 : i32
    %zero = arith.constant 0.0 : f32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %block = nvvm.read.ptx.sreg.ctaid.x : i32
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %blocks = nvvm.read.ptx.sreg.cluster.nctarank : i32
    %values = llvm.mlir.addressof @values : !llvm.ptr<3>
    %part = llvm.mlir.addressof @part : !llvm.ptr<3>
    %base = arith.muli %block, %c33 : i32
    %i = arith.addi %base, %t : i32
    %from = llvm.getelementptr %x[%i] : (!llvm.ptr, i32) -> !llvm.ptr, f32
    %v = llvm.load %from : !llvm.ptr -> f32
    %mine = llvm.getelementptr %values[%t] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    llvm.store %v, %mine : f32, !llvm.ptr<3>
    nvvm.barrier0
    %leader = arith.cmpi eq, %t, %c0 : i32
    scf.if %leader {
      %s = scf.for %j = %c0 to %c33 step %c1 iter_args(%a = %zero) -> (f32) : i32 {
        %p = llvm.getelementptr %values[%j] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
        %y = llvm.load %p : !llvm.ptr<3> -> f32
        %b = arith.addf %a, %y : f32
        scf.yield %b : f32
      }
      // Into the first block's memory.
      %slot = llvm.getelementptr %part[%rank] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
      %remote = nvvm.mapa %slot, %c0 : !llvm.ptr<3> -> !llvm.ptr<7>
      llvm.store %s, %remote : f32, !llvm.ptr<7>
    }
    nvvm.cluster.arrive
    nvvm.cluster.wait
    %first = arith.cmpi eq, %rank, %c0 : i32
    %reader = arith.andi %first, %leader : i1
    scf.if %reader {
      %s = scf.for %j = %c0 to %blocks step %c1 iter_args(%a = %zero) -> (f32) : i32 {
        %p = llvm.getelementptr %part[%j] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
        %y = llvm.load %p : !llvm.ptr<3> -> f32
        %b = arith.addf %a, %y : f32
        scf.yield %b : f32
      }
      llvm.store %s, %out : f32, !llvm.ptr
    }
    llvm.return
  }

  llvm.func @spread(%in: !llvm.ptr {llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant},
                    %out: !llvm.ptr {llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant}) attributes {nvvm.kernel} {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %c8 = arith.constant 8 : i32
    %both = arith.constant 3 : i16
    %bytes = arith.constant 512 : i32
    %ticks = arith.constant 1000 : i32
    %five = arith.constant 5.0 : f32
    %tile = llvm.mlir.addressof @tile : !llvm.ptr<3>
    %full = llvm.mlir.addressof @full : !llvm.ptr<3>
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %block = nvvm.read.ptx.sreg.ctaid.x : i32
    %rank = nvvm.read.ptx.sreg.cluster.ctarank : i32
    %leader = arith.cmpi eq, %t, %c0 : i32
    scf.if %leader {
      nvvm.mbarrier.init %full, %c1 : !llvm.ptr<3>, i32
      nvvm.fence.mbarrier.init
      nvvm.mbarrier.arrive.expect_tx %full, %bytes : !llvm.ptr<3>, i32
    }
    nvvm.cluster.arrive
    nvvm.cluster.wait
    %first = arith.cmpi eq, %rank, %c0 : i32
    %loads = arith.andi %first, %leader : i1
    scf.if %loads {
      %cluster = llvm.addrspacecast %tile : !llvm.ptr<3> to !llvm.ptr<7>
      nvvm.cp.async.bulk.tensor.shared.cluster.global %cluster, %in, %full, box [%c0, %c0] multicast_mask = %both
        : !llvm.ptr<7>, !llvm.ptr
    }
    nvvm.mbarrier.try_wait.parity %full, %c0, %ticks : !llvm.ptr<3>, i32, i32
    // One value is touched by plain stores.
    scf.if %leader {
      llvm.store %five, %tile : f32, !llvm.ptr<3>
      nvvm.fence.proxy {kind = #nvvm.proxy_kind<async.shared>, space = #nvvm.shared_space<cta>}
    }
    nvvm.barrier0
    %stores = arith.cmpi eq, %t, %c1 : i32
    scf.if %stores {
      %row = arith.muli %block, %c8 : i32
      nvvm.cp.async.bulk.tensor.global.shared.cta %out, %tile, box [%c0, %row] : !llvm.ptr, !llvm.ptr<3>
      nvvm.cp.async.bulk.commit.group
      nvvm.cp.async.bulk.wait_group 0 {read}
    }
    llvm.return
  }
}
