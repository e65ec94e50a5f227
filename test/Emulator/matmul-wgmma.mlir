// bf16 matmul on wgmma: a warp loads 64 x 64 of A and 64 x 32 of B into a ring of two stages by TMA, four warps multiply, and
// the result goes through shared memory to a bulk store. M, N and K are no multiples of the tile. A lies in rows of K with a
// swizzle of 128 bytes, B in rows of N with one of 64.
// RUN: colt5-opt %s --pass-pipeline="builtin.module(gpu.module(convert-scf-to-cf,convert-to-llvm{filter-dialects=arith,cf},canonicalize,cse))" -o %t.mlir
// RUN: colt5-test-emulator %t.mlir --kernel=matmul --grid=2,2 --block=160 --arg=data:bf16:26400:random --arg=data:bf16:10560:random --arg=map:0:2:128:264:100:64:64 --arg=map:1:2:64:40:264:32:64 --arg=data:f32:4000:uninit --arg=map:4:4:0:40:100:32:64 --arg=i32:5 --expect=matmul:0,1,4,100,40,264 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=matmul --grid=2,2 --block=160 --arg=data:bf16:26400:random --arg=data:bf16:10560:random --arg=map:0:2:128:264:100:64:64 --arg=map:1:2:64:40:264:32:64 --arg=data:f32:4000:uninit --arg=map:4:4:0:40:100:32:64 --arg=i32:5 --expect=matmul:0,1,4,100,40,264 --seed=11 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=matmul --grid=2,2 --block=160 --arg=data:bf16:26400:random --arg=data:bf16:10560:random --arg=map:0:2:128:264:100:64:64 --arg=map:1:2:64:40:264:32:64 --arg=data:f32:4000:uninit --arg=map:4:4:0:40:100:32:64 --arg=i32:5 --mutate | FileCheck %s --check-prefix=MUTANTS

// CLEAN: clean
// MUTANTS: clean
// MUTANTS: drop proxy fence 0: race: {{.*}}no fence.proxy.async between
// MUTANTS: drop wgmma fence 0: race: {{.*}}no wgmma.fence between
// MUTANTS: drop wgmma wait 0: asynchronous copy not awaited
// MUTANTS: caught [[N:[0-9]+]] of [[N]]{{$}}

gpu.module @kernels {
  llvm.mlir.global internal @a() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<16384 x i8>
  llvm.mlir.global internal @b() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<8192 x i8>
  llvm.mlir.global internal @c() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<2048 x f32>
  // Per stage, that it is full and that it is empty.
  llvm.mlir.global internal @rings() {addr_space = 3 : i32, alignment = 8 : i64} : !llvm.array<4 x i64>

  llvm.func @matmul(%ma: !llvm.ptr {llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant},
                    %mb: !llvm.ptr {llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant},
                    %mc: !llvm.ptr {llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant}, %steps: i32)
      attributes {nvvm.kernel} {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %c2 = arith.constant 2 : i32
    %c3 = arith.constant 3 : i32
    %c4 = arith.constant 4 : i32
    %c5 = arith.constant 5 : i32
    %c16 = arith.constant 16 : i32
    %c31 = arith.constant 31 : i32
    %c32 = arith.constant 32 : i32
    %c64 = arith.constant 64 : i32
    %c128 = arith.constant 128 : i32
    %c4096 = arith.constant 4096 : i32
    %c8192 = arith.constant 8192 : i32
    %bytes = arith.constant 12288 : i32
    %ticks = arith.constant 1000000 : i32
    %zero = arith.constant 0.0 : f32
    %a = llvm.mlir.addressof @a : !llvm.ptr<3>
    %b = llvm.mlir.addressof @b : !llvm.ptr<3>
    %c = llvm.mlir.addressof @c : !llvm.ptr<3>
    %rings = llvm.mlir.addressof @rings : !llvm.ptr<3>
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %bx = nvvm.read.ptx.sreg.ctaid.x : i32
    %by = nvvm.read.ptx.sreg.ctaid.y : i32
    %row0 = arith.muli %by, %c64 : i32
    %col0 = arith.muli %bx, %c32 : i32
    %leader = arith.cmpi eq, %t, %c0 : i32
    scf.if %leader {
      scf.for %s = %c0 to %c2 step %c1 : i32 {
        %f = llvm.getelementptr %rings[%s] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i64
        %e = llvm.getelementptr %f[2] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i64
        nvvm.mbarrier.init %f, %c1 : !llvm.ptr<3>, i32
        nvvm.mbarrier.init %e, %c128 : !llvm.ptr<3>, i32
      }
      nvvm.fence.mbarrier.init
    }
    nvvm.barrier0
    %loads = arith.cmpi uge, %t, %c128 : i32
    scf.if %loads {
      nvvm.setmaxregister decrease 40
      %one = nvvm.elect.sync -> i1
      scf.if %one {
        scf.for %i = %c0 to %steps step %c1 : i32 {
          %s = arith.andi %i, %c1 : i32
          %turn = arith.shrui %i, %c1 : i32
          %next = arith.xori %turn, %c1 : i32
          %parity = arith.andi %next, %c1 : i32
          %f = llvm.getelementptr %rings[%s] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i64
          %e = llvm.getelementptr %f[2] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i64
          nvvm.mbarrier.try_wait.parity %e, %parity, %ticks : !llvm.ptr<3>, i32, i32
          nvvm.mbarrier.arrive.expect_tx %f, %bytes : !llvm.ptr<3>, i32
          %oa = arith.muli %s, %c8192 : i32
          %ob = arith.muli %s, %c4096 : i32
          %pa = llvm.getelementptr %a[%oa] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i8
          %pb = llvm.getelementptr %b[%ob] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i8
          %k = arith.muli %i, %c64 : i32
          nvvm.cp.async.bulk.tensor.shared.cluster.global %pa, %ma, %f, box [%k, %row0] {isCTAOnly = true}
            : !llvm.ptr<3>, !llvm.ptr
          nvvm.cp.async.bulk.tensor.shared.cluster.global %pb, %mb, %f, box [%col0, %k] {isCTAOnly = true}
            : !llvm.ptr<3>, !llvm.ptr
        }
      }
    } else {
      nvvm.setmaxregister increase 232
      %mask = arith.constant 16383 : i64
      %four = arith.constant 4 : i64
      // 128 bytes of swizzle, 1024 from 8 rows to the next; 64 bytes of swizzle, 512 from 8 rows to the next.
      %highA = arith.constant 0x4000004000010000 : i64
      %highB = arith.constant 0x8000002000010000 : i64
      %u = llvm.mlir.undef : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z0 = llvm.insertvalue %zero, %u[0] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z1 = llvm.insertvalue %zero, %z0[1] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z2 = llvm.insertvalue %zero, %z1[2] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z3 = llvm.insertvalue %zero, %z2[3] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z4 = llvm.insertvalue %zero, %z3[4] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z5 = llvm.insertvalue %zero, %z4[5] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z6 = llvm.insertvalue %zero, %z5[6] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z7 = llvm.insertvalue %zero, %z6[7] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z8 = llvm.insertvalue %zero, %z7[8] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z9 = llvm.insertvalue %zero, %z8[9] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z10 = llvm.insertvalue %zero, %z9[10] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z11 = llvm.insertvalue %zero, %z10[11] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z12 = llvm.insertvalue %zero, %z11[12] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z13 = llvm.insertvalue %zero, %z12[13] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z14 = llvm.insertvalue %zero, %z13[14] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %z15 = llvm.insertvalue %zero, %z14[15] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %d = scf.for %i = %c0 to %steps step %c1 iter_args(%acc = %z15) -> (!llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>) : i32 {
        %s = arith.andi %i, %c1 : i32
        %turn = arith.shrui %i, %c1 : i32
        %parity = arith.andi %turn, %c1 : i32
        %f = llvm.getelementptr %rings[%s] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i64
        %e = llvm.getelementptr %f[2] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i64
        nvvm.mbarrier.try_wait.parity %f, %parity, %ticks : !llvm.ptr<3>, i32, i32
        %oa = arith.muli %s, %c8192 : i32
        %ob = arith.muli %s, %c4096 : i32
        %pa = llvm.getelementptr %a[%oa] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i8
        %pb = llvm.getelementptr %b[%ob] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i8
        %na = llvm.ptrtoint %pa : !llvm.ptr<3> to i64
        %nb = llvm.ptrtoint %pb : !llvm.ptr<3> to i64
        %sa = arith.shrui %na, %four : i64
        %sb = arith.shrui %nb, %four : i64
        %la = arith.andi %sa, %mask : i64
        %lb = arith.andi %sb, %mask : i64
        %da0 = arith.ori %la, %highA : i64
        %db0 = arith.ori %lb, %highB : i64
        nvvm.wgmma.fence.aligned
        %twoRows = arith.constant 2 : i64
        %sixteenRows = arith.constant 64 : i64
        %r0 = nvvm.wgmma.mma_async %da0, %db0, %acc, <m = 64, n = 32, k = 16>, D[<f32>, <one>], A[<bf16>, <one>, <row>],
          B[<bf16>, <one>, <row>] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)> -> !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
        %da1 = arith.addi %da0, %twoRows : i64
        %db1 = arith.addi %db0, %sixteenRows : i64
        %r1 = nvvm.wgmma.mma_async %da1, %db1, %r0, <m = 64, n = 32, k = 16>, D[<f32>, <one>], A[<bf16>, <one>, <row>],
          B[<bf16>, <one>, <row>] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)> -> !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
        %da2 = arith.addi %da1, %twoRows : i64
        %db2 = arith.addi %db1, %sixteenRows : i64
        %r2 = nvvm.wgmma.mma_async %da2, %db2, %r1, <m = 64, n = 32, k = 16>, D[<f32>, <one>], A[<bf16>, <one>, <row>],
          B[<bf16>, <one>, <row>] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)> -> !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
        %da3 = arith.addi %da2, %twoRows : i64
        %db3 = arith.addi %db2, %sixteenRows : i64
        %r3 = nvvm.wgmma.mma_async %da3, %db3, %r2, <m = 64, n = 32, k = 16>, D[<f32>, <one>], A[<bf16>, <one>, <row>],
          B[<bf16>, <one>, <row>] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)> -> !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
        nvvm.wgmma.commit.group.sync.aligned
        nvvm.wgmma.wait.group.sync.aligned 0
        nvvm.mbarrier.arrive %e : !llvm.ptr<3>
        scf.yield %r3 : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      }
      %w = arith.shrui %t, %c5 : i32
      %lane = arith.andi %t, %c31 : i32
      %w16 = arith.muli %w, %c16 : i32
      %l4 = arith.shrui %lane, %c2 : i32
      %r = arith.addi %w16, %l4 : i32
      %lq = arith.andi %lane, %c3 : i32
      %q = arith.muli %lq, %c2 : i32
      %at0 = arith.muli %r, %c32 : i32
      %at = arith.addi %at0, %q : i32
      %p = llvm.getelementptr %c[%at] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
      %v0 = llvm.extractvalue %d[0] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p0 = llvm.getelementptr %p[0] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v0, %p0 : f32, !llvm.ptr<3>
      %v1 = llvm.extractvalue %d[1] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p1 = llvm.getelementptr %p[1] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v1, %p1 : f32, !llvm.ptr<3>
      %v2 = llvm.extractvalue %d[2] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p2 = llvm.getelementptr %p[256] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v2, %p2 : f32, !llvm.ptr<3>
      %v3 = llvm.extractvalue %d[3] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p3 = llvm.getelementptr %p[257] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v3, %p3 : f32, !llvm.ptr<3>
      %v4 = llvm.extractvalue %d[4] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p4 = llvm.getelementptr %p[8] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v4, %p4 : f32, !llvm.ptr<3>
      %v5 = llvm.extractvalue %d[5] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p5 = llvm.getelementptr %p[9] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v5, %p5 : f32, !llvm.ptr<3>
      %v6 = llvm.extractvalue %d[6] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p6 = llvm.getelementptr %p[264] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v6, %p6 : f32, !llvm.ptr<3>
      %v7 = llvm.extractvalue %d[7] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p7 = llvm.getelementptr %p[265] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v7, %p7 : f32, !llvm.ptr<3>
      %v8 = llvm.extractvalue %d[8] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p8 = llvm.getelementptr %p[16] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v8, %p8 : f32, !llvm.ptr<3>
      %v9 = llvm.extractvalue %d[9] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p9 = llvm.getelementptr %p[17] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v9, %p9 : f32, !llvm.ptr<3>
      %v10 = llvm.extractvalue %d[10] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p10 = llvm.getelementptr %p[272] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v10, %p10 : f32, !llvm.ptr<3>
      %v11 = llvm.extractvalue %d[11] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p11 = llvm.getelementptr %p[273] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v11, %p11 : f32, !llvm.ptr<3>
      %v12 = llvm.extractvalue %d[12] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p12 = llvm.getelementptr %p[24] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v12, %p12 : f32, !llvm.ptr<3>
      %v13 = llvm.extractvalue %d[13] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p13 = llvm.getelementptr %p[25] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v13, %p13 : f32, !llvm.ptr<3>
      %v14 = llvm.extractvalue %d[14] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p14 = llvm.getelementptr %p[280] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v14, %p14 : f32, !llvm.ptr<3>
      %v15 = llvm.extractvalue %d[15] : !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
      %p15 = llvm.getelementptr %p[281] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32
      llvm.store %v15, %p15 : f32, !llvm.ptr<3>
      nvvm.fence.proxy {kind = #nvvm.proxy_kind<async.shared>, space = #nvvm.shared_space<cta>}
      nvvm.barrier id = %c1 number_of_threads = %c128
      scf.if %leader {
        nvvm.cp.async.bulk.tensor.global.shared.cta %mc, %c, box [%col0, %row0] : !llvm.ptr, !llvm.ptr<3>
        nvvm.cp.async.bulk.commit.group
        nvvm.cp.async.bulk.wait_group 0 {read}
      }
    }
    llvm.return
  }
}
