// Exact radix top-k, one block per row of 1024 f32: four passes over 8 bits of an order-preserving key with a histogram
// in shared memory, then compaction in index order, ties to the lowest index.
// RUN: colt5-opt %s --pass-pipeline="builtin.module(gpu.module(convert-scf-to-cf,convert-gpu-to-nvvm{has-redux=true},convert-math-to-llvm,canonicalize,cse,reconcile-unrealized-casts))" -mlir-print-debuginfo -o %t.mlir
// RUN: colt5-test-emulator %t.mlir --kernel=topk --grid=3 --block=128 --arg=buffer:f32:3072:ties --arg=buffer:i32:300:uninit --arg=i32:100 --expect=topk:0,1,1024,100 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=topk --grid=3 --block=128 --arg=buffer:f32:3072:random --arg=buffer:i32:3:uninit --arg=i32:1 --expect=topk:0,1,1024,1 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=topk --grid=3 --block=128 --arg=buffer:f32:3072:random --arg=buffer:i32:3072:uninit --arg=i32:1024 --expect=topk:0,1,1024,1024 --seed=7 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=topk --grid=3 --block=128 --arg=buffer:f32:3072:ties --arg=buffer:i32:300:uninit --arg=i32:100 --expect=topk:0,1,1024,100 --mutate | FileCheck %s --check-prefix=MUTANTS

// CLEAN: clean
// MUTANTS: clean
// MUTANTS: drop barrier 1: race: kernel 'topk', block (0, 0, 0), thread
// MUTANTS: caught [[N:[0-9]+]] of [[N]]{{$}}

#sm = #gpu.address_space<workgroup>
gpu.module @kernels {
  gpu.func @topk(%x: !llvm.ptr<1>, %out: !llvm.ptr<1>, %k: i32)
      workgroup(%hist: memref<256xi32, #sm>, %state: memref<2xi32, #sm>, %counts: memref<8xi32, #sm>) kernel {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %c32 = arith.constant 32 : index
    %c128 = arith.constant 128 : index
    %c256 = arith.constant 256 : index
    %c1024 = arith.constant 1024 : index
    %n = arith.constant 1024 : i64
    %i0 = arith.constant 0 : i32
    %i1 = arith.constant 1 : i32
    %i8 = arith.constant 8 : i32
    %i24 = arith.constant 24 : i32
    %i31 = arith.constant 31 : i32
    %i255 = arith.constant 255 : i32
    %width = arith.constant 32 : i32
    %sign = arith.constant -2147483648 : i32
    %all = arith.constant -1 : i32
    %tid = gpu.thread_id x
    %row = gpu.block_id x
    %row64 = arith.index_cast %row : index to i64
    %first = arith.muli %row64, %n : i64
    %lane = nvvm.read.ptx.sreg.laneid : i32
    %warp = arith.divui %tid, %c32 : index
    %isWarp0 = arith.cmpi ult, %tid, %c32 : index

    %found:2 = scf.for %pass = %c0 to %c4 step %c1 iter_args(%prefix = %i0, %rest = %k) -> (i32, i32) {
      scf.for %i = %tid to %c256 step %c128 {
        memref.store %i0, %hist[%i] : memref<256xi32, #sm>
      }
      gpu.barrier
      %p = arith.index_cast %pass : index to i32
      %done = arith.muli %p, %i8 : i32
      %shift = arith.subi %i24, %done : i32
      scf.for %i = %tid to %c1024 step %c128 {
        %key = func.call @key(%x, %first, %i) : (!llvm.ptr<1>, i64, index) -> i32
        %diff = arith.xori %key, %prefix : i32
        %diff64 = arith.extui %diff : i32 to i64
        %shift64 = arith.extui %shift : i32 to i64
        %c8i64 = arith.constant 8 : i64
        %above = arith.addi %shift64, %c8i64 : i64
        %high = arith.shrui %diff64, %above : i64
        %zero64 = arith.constant 0 : i64
        %same = arith.cmpi eq, %high, %zero64 : i64
        scf.if %same {
          %d0 = arith.shrui %key, %shift : i32
          %d = arith.andi %d0, %i255 : i32
          %bin = arith.index_castui %d : i32 to index
          %old = memref.atomic_rmw addi %i1, %hist[%bin] : (i32, memref<256xi32, #sm>) -> i32
        }
      }
      gpu.barrier
      scf.if %isWarp0 {
        %bin0 = arith.muli %tid, %c8 : index
        %sum = scf.for %j = %c0 to %c8 step %c1 iter_args(%acc = %i0) -> i32 {
          %bin = arith.addi %bin0, %j : index
          %h = memref.load %hist[%bin] : memref<256xi32, #sm>
          %next = arith.addi %acc, %h : i32
          scf.yield %next : i32
        }
        %c5 = arith.constant 5 : index
        %suffix = scf.for %s = %c0 to %c5 step %c1 iter_args(%acc = %sum) -> i32 {
          %s32 = arith.index_cast %s : index to i32
          %offset = arith.shli %i1, %s32 : i32
          %v, %valid = gpu.shuffle down %acc, %offset, %width : i32
          %add = arith.select %valid, %v, %i0 : i32
          %next = arith.addi %acc, %add : i32
          scf.yield %next : i32
        }
        %before = arith.subi %suffix, %sum : i32
        %enough = arith.cmpi uge, %suffix, %rest : i32
        %needed = arith.cmpi ult, %before, %rest : i32
        %mine = arith.andi %enough, %needed : i1
        scf.if %mine {
          %c7 = arith.constant 7 : index
          %false = arith.constant false
          %r:2 = scf.for %j = %c0 to %c8 step %c1 iter_args(%cum = %before, %stop = %false) -> (i32, i1) {
            %down = arith.subi %c7, %j : index
            %bin = arith.addi %bin0, %down : index
            %h = memref.load %hist[%bin] : memref<256xi32, #sm>
            %next = arith.addi %cum, %h : i32
            %hit = arith.cmpi uge, %next, %rest : i32
            %true = arith.constant true
            %notYet = arith.xori %stop, %true : i1
            %take = arith.andi %hit, %notYet : i1
            scf.if %take {
              %digit = arith.index_castui %bin : index to i32
              %left = arith.subi %rest, %cum : i32
              memref.store %digit, %state[%c0] : memref<2xi32, #sm>
              memref.store %left, %state[%c1] : memref<2xi32, #sm>
            }
            scf.yield %next, %hit : i32, i1
          }
        }
      }
      gpu.barrier
      %digit = memref.load %state[%c0] : memref<2xi32, #sm>
      %left = memref.load %state[%c1] : memref<2xi32, #sm>
      %placed = arith.shli %digit, %shift : i32
      %nextPrefix = arith.ori %prefix, %placed : i32
      scf.yield %nextPrefix, %left : i32, i32
    }

    // Every warp owns 256 elements; it counts the larger and the equal ones, then writes behind the warps before it.
    %begin = arith.muli %warp, %c256 : index
    %end = arith.addi %begin, %c256 : index
    %laneIdx = arith.index_castui %lane : i32 to index
    %mine = arith.addi %begin, %laneIdx : index
    %count:2 = scf.for %i = %mine to %end step %c32 iter_args(%g = %i0, %e = %i0) -> (i32, i32) {
      %key = func.call @key(%x, %first, %i) : (!llvm.ptr<1>, i64, index) -> i32
      %gt = arith.cmpi ugt, %key, %found#0 : i32
      %eq = arith.cmpi eq, %key, %found#0 : i32
      %g1 = arith.extui %gt : i1 to i32
      %e1 = arith.extui %eq : i1 to i32
      %ng = arith.addi %g, %g1 : i32
      %ne = arith.addi %e, %e1 : i32
      scf.yield %ng, %ne : i32, i32
    }
    %larger = nvvm.redux.sync add %count#0, %all : i32 -> i32
    %equal = nvvm.redux.sync add %count#1, %all : i32 -> i32
    %isLane0 = arith.cmpi eq, %lane, %i0 : i32
    %warpEq = arith.addi %warp, %c4 : index
    scf.if %isLane0 {
      memref.store %larger, %counts[%warp] : memref<8xi32, #sm>
      memref.store %equal, %counts[%warpEq] : memref<8xi32, #sm>
    }
    gpu.barrier
    %base:2 = scf.for %w = %c0 to %warp step %c1 iter_args(%g = %i0, %e = %i0) -> (i32, i32) {
      %we = arith.addi %w, %c4 : index
      %a = memref.load %counts[%w] : memref<8xi32, #sm>
      %b = memref.load %counts[%we] : memref<8xi32, #sm>
      %ng = arith.addi %g, %a : i32
      %ne = arith.addi %e, %b : i32
      scf.yield %ng, %ne : i32, i32
    }
    %below = nvvm.read.ptx.sreg.lanemask.lt : i32
    %last:2 = scf.for %i0x = %begin to %end step %c32 iter_args(%g = %base#0, %e = %base#1) -> (i32, i32) {
      %i = arith.addi %i0x, %laneIdx : index
      %key = func.call @key(%x, %first, %i) : (!llvm.ptr<1>, i64, index) -> i32
      %gt = arith.cmpi ugt, %key, %found#0 : i32
      %eq = arith.cmpi eq, %key, %found#0 : i32
      %gtLanes = nvvm.vote.sync ballot %all, %gt -> i32
      %eqLanes = nvvm.vote.sync ballot %all, %eq -> i32
      %gtBelow = arith.andi %gtLanes, %below : i32
      %eqBelow = arith.andi %eqLanes, %below : i32
      %gtRank0 = math.ctpop %gtBelow : i32
      %eqRank0 = math.ctpop %eqBelow : i32
      %gtRank = arith.addi %g, %gtRank0 : i32
      %eqRank = arith.addi %e, %eqRank0 : i32
      %fits = arith.cmpi ult, %eqRank, %found#1 : i32
      %takeEq = arith.andi %eq, %fits : i1
      %take = arith.ori %gt, %takeEq : i1
      scf.if %take {
        %eqBefore = arith.minui %eqRank, %found#1 : i32
        %place = arith.addi %gtRank, %eqBefore : i32
        %k64 = arith.extui %k : i32 to i64
        %place64 = arith.extui %place : i32 to i64
        %rowOut = arith.muli %row64, %k64 : i64
        %at = arith.addi %rowOut, %place64 : i64
        %address = llvm.getelementptr %out[%at] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, i32
        %index = arith.index_castui %i : index to i32
        llvm.store %index, %address : i32, !llvm.ptr<1>
      }
      %gtAll = math.ctpop %gtLanes : i32
      %eqAll = math.ctpop %eqLanes : i32
      %ng = arith.addi %g, %gtAll : i32
      %ne = arith.addi %e, %eqAll : i32
      scf.yield %ng, %ne : i32, i32
    }
    gpu.return
  }

  // The bits of x[first + i], so that unsigned order is the order of the floats.
  func.func private @key(%x: !llvm.ptr<1>, %first: i64, %i: index) -> i32 {
    %i31 = arith.constant 31 : i32
    %sign = arith.constant -2147483648 : i32
    %i64 = arith.index_cast %i : index to i64
    %at = arith.addi %first, %i64 : i64
    %address = llvm.getelementptr %x[%at] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
    %value = llvm.load %address : !llvm.ptr<1> -> f32
    %bits = arith.bitcast %value : f32 to i32
    %spread = arith.shrsi %bits, %i31 : i32
    %flip = arith.ori %spread, %sign : i32
    %key = arith.xori %bits, %flip : i32
    return %key : i32
  }
}
