// bf16 matmul, M x 64 by 64 x N: cp.async into two stages, ldmatrix, mma.sync. A block of four warps makes 64 x 8 of C.
// RUN: colt5-opt %s --pass-pipeline="builtin.module(gpu.module(convert-scf-to-cf,convert-gpu-to-nvvm,canonicalize,cse,reconcile-unrealized-casts))" -mlir-print-debuginfo -o %t.mlir
// RUN: colt5-test-emulator %t.mlir --kernel=matmul --grid=3,2 --block=128 --arg=buffer:bf16:16384:random --arg=buffer:bf16:3072:random --arg=buffer:f32:3072:uninit --arg=i64:24 --arg=i64:128 --expect=matmul:0,1,2,128,24,128 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=matmul --grid=3,2 --block=128 --arg=buffer:bf16:16384:random --arg=buffer:bf16:3072:random --arg=buffer:f32:3072:uninit --arg=i64:24 --arg=i64:128 --expect=matmul:0,1,2,128,24,128 --seed=3 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=matmul --grid=3,2 --block=128 --arg=buffer:bf16:16384:random --arg=buffer:bf16:3072:random --arg=buffer:f32:3072:uninit --arg=i64:24 --arg=i64:128 --expect=matmul:0,1,2,128,24,128 --mutate | FileCheck %s --check-prefix=MUTANTS

// CLEAN: clean
// MUTANTS: clean
// MUTANTS: drop wait 0: asynchronous copy not awaited: kernel 'matmul'
// MUTANTS: weaken wait 0: asynchronous copy not awaited: kernel 'matmul'
// MUTANTS: caught [[N:[0-9]+]] of [[N]]{{$}}

#sm = #gpu.address_space<workgroup>
#row = #nvvm.mma_layout<row>
#col = #nvvm.mma_layout<col>
#b16 = #nvvm.ld_st_matrix_elt_type<b16>
gpu.module @kernels {
  llvm.mlir.global internal @stages() {addr_space = 3 : i32, alignment = 128 : i64} : !llvm.array<9216 x i8>

  // Starts the copies of columns k.. of A and rows k.. of B into stage `stage`.
  func.func private @load(%a: !llvm.ptr<1>, %b: !llvm.ptr<1>, %n: i64, %depth: i64, %tid: i64, %m0: i64, %n0: i64,
                          %k: i64, %stage: i64) {
    %c1 = arith.constant 1 : i64
    %c4 = arith.constant 4 : i64
    %c8 = arith.constant 8 : i64
    %c16 = arith.constant 16 : i64
    %c32 = arith.constant 32 : i64
    %c64 = arith.constant 64 : i64
    %c128 = arith.constant 128 : i64
    %c256 = arith.constant 256 : i64
    %c4096 = arith.constant 4096 : i64
    %stageBytes = arith.constant 4608 : i64
    %shared = llvm.mlir.addressof @stages : !llvm.ptr<3>
    %offset = arith.muli %stage, %stageBytes : i64
    scf.for %chunk = %tid to %c256 step %c128 : i64 {
      %row = arith.divui %chunk, %c4 : i64
      %part = arith.remui %chunk, %c4 : i64
      %to0 = arith.muli %chunk, %c16 : i64
      %to = arith.addi %to0, %offset : i64
      %dst = llvm.getelementptr %shared[%to] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, i8
      %m = arith.addi %m0, %row : i64
      %from0 = arith.muli %m, %depth : i64
      %from1 = arith.addi %from0, %k : i64
      %from2 = arith.muli %part, %c8 : i64
      %from = arith.addi %from1, %from2 : i64
      %src = llvm.getelementptr %a[%from] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, bf16
      nvvm.cp.async.shared.global %dst, %src, 16, cache = cg : !llvm.ptr<3>, !llvm.ptr<1>
    }
    %loadsB = arith.cmpi ult, %tid, %c32 : i64
    scf.if %loadsB {
      %to0 = arith.muli %tid, %c16 : i64
      %to1 = arith.addi %to0, %c4096 : i64
      %to = arith.addi %to1, %offset : i64
      %dst = llvm.getelementptr %shared[%to] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, i8
      %row = arith.addi %k, %tid : i64
      %from0 = arith.muli %row, %n : i64
      %from = arith.addi %from0, %n0 : i64
      %src = llvm.getelementptr %b[%from] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, bf16
      nvvm.cp.async.shared.global %dst, %src, 16, cache = cg : !llvm.ptr<3>, !llvm.ptr<1>
    }
    return
  }

  gpu.func @matmul(%a: !llvm.ptr<1>, %b: !llvm.ptr<1>, %c: !llvm.ptr<1>, %n: i64, %depth: i64) kernel {
    %c0 = arith.constant 0 : i64
    %c1 = arith.constant 1 : i64
    %c2 = arith.constant 2 : i64
    %c4 = arith.constant 4 : i64
    %c8 = arith.constant 8 : i64
    %c16 = arith.constant 16 : i64
    %c32 = arith.constant 32 : i64
    %c64 = arith.constant 64 : i64
    %c4096 = arith.constant 4096 : i64
    %stageBytes = arith.constant 4608 : i64
    %zero = arith.constant 0.0 : f32
    %tidIdx = gpu.thread_id x
    %bxIdx = gpu.block_id x
    %byIdx = gpu.block_id y
    %tid = arith.index_cast %tidIdx : index to i64
    %bx = arith.index_cast %bxIdx : index to i64
    %by = arith.index_cast %byIdx : index to i64
    %warp = arith.divui %tid, %c32 : i64
    %lane = arith.remui %tid, %c32 : i64
    %m0 = arith.muli %by, %c64 : i64
    %n0 = arith.muli %bx, %c8 : i64
    %shared = llvm.mlir.addressof @stages : !llvm.ptr<3>
    func.call @load(%a, %b, %n, %depth, %tid, %m0, %n0, %c0, %c0)
      : (!llvm.ptr<1>, !llvm.ptr<1>, i64, i64, i64, i64, i64, i64, i64) -> ()
    nvvm.cp.async.commit.group
    %laneRow = arith.remui %lane, %c16 : i64
    %laneHalf = arith.divui %lane, %c16 : i64
    %warpRow = arith.muli %warp, %c16 : i64
    %aRow = arith.addi %warpRow, %laneRow : i64
    %aRowBytes = arith.muli %aRow, %c64 : i64
    %aHalfBytes = arith.muli %laneHalf, %c16 : i64
    %aLane = arith.addi %aRowBytes, %aHalfBytes : i64
    %bLane = arith.muli %laneRow, %c16 : i64

    %acc:4 = scf.for %k = %c0 to %depth step %c32 iter_args(%d0 = %zero, %d1 = %zero, %d2 = %zero, %d3 = %zero)
        -> (f32, f32, f32, f32) : i64 {
      %step = arith.divui %k, %c32 : i64
      %stage = arith.remui %step, %c2 : i64
      %next = arith.addi %k, %c32 : i64
      %more = arith.cmpi ult, %next, %depth : i64
      %other = arith.xori %stage, %c1 : i64
      scf.if %more {
        func.call @load(%a, %b, %n, %depth, %tid, %m0, %n0, %next, %other)
          : (!llvm.ptr<1>, !llvm.ptr<1>, i64, i64, i64, i64, i64, i64, i64) -> ()
      }
      nvvm.cp.async.commit.group
      nvvm.cp.async.wait.group 1
      nvvm.barrier0
      %offset = arith.muli %stage, %stageBytes : i64
      %r:4 = scf.for %kk = %c0 to %c32 step %c16 iter_args(%e0 = %d0, %e1 = %d1, %e2 = %d2, %e3 = %d3)
          -> (f32, f32, f32, f32) : i64 {
        %kBytesA = arith.muli %kk, %c2 : i64
        %a0 = arith.addi %offset, %aLane : i64
        %a1 = arith.addi %a0, %kBytesA : i64
        %pa = llvm.getelementptr %shared[%a1] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, i8
        %fa = nvvm.ldmatrix %pa {num = 4 : i32, layout = #row, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, eltType = #b16}
          : (!llvm.ptr<3>) -> !llvm.struct<(i32, i32, i32, i32)>
        %kBytesB = arith.muli %kk, %c16 : i64
        %b0 = arith.addi %offset, %c4096 : i64
        %b1 = arith.addi %b0, %bLane : i64
        %b2 = arith.addi %b1, %kBytesB : i64
        %pb = llvm.getelementptr %shared[%b2] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, i8
        %fb = nvvm.ldmatrix %pb {num = 2 : i32, layout = #col, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, eltType = #b16}
          : (!llvm.ptr<3>) -> !llvm.struct<(i32, i32)>
        %fa0 = llvm.extractvalue %fa[0] : !llvm.struct<(i32, i32, i32, i32)>
        %fa1 = llvm.extractvalue %fa[1] : !llvm.struct<(i32, i32, i32, i32)>
        %fa2 = llvm.extractvalue %fa[2] : !llvm.struct<(i32, i32, i32, i32)>
        %fa3 = llvm.extractvalue %fa[3] : !llvm.struct<(i32, i32, i32, i32)>
        %fb0 = llvm.extractvalue %fb[0] : !llvm.struct<(i32, i32)>
        %fb1 = llvm.extractvalue %fb[1] : !llvm.struct<(i32, i32)>
        %d = nvvm.mma.sync A[%fa0, %fa1, %fa2, %fa3] B[%fb0, %fb1] C[%e0, %e1, %e2, %e3]
          {layoutA = #row, layoutB = #col, multiplicandAPtxType = #nvvm.mma_type<bf16>,
           multiplicandBPtxType = #nvvm.mma_type<bf16>, shape = #nvvm.shape<m = 16, n = 8, k = 16>}
          : (i32, i32, f32) -> !llvm.struct<(f32, f32, f32, f32)>
        %s0 = llvm.extractvalue %d[0] : !llvm.struct<(f32, f32, f32, f32)>
        %s1 = llvm.extractvalue %d[1] : !llvm.struct<(f32, f32, f32, f32)>
        %s2 = llvm.extractvalue %d[2] : !llvm.struct<(f32, f32, f32, f32)>
        %s3 = llvm.extractvalue %d[3] : !llvm.struct<(f32, f32, f32, f32)>
        scf.yield %s0, %s1, %s2, %s3 : f32, f32, f32, f32
      }
      nvvm.barrier0
      scf.yield %r#0, %r#1, %r#2, %r#3 : f32, f32, f32, f32
    }

    %group = arith.divui %lane, %c4 : i64
    %member = arith.remui %lane, %c4 : i64
    %rowInBlock = arith.addi %warpRow, %group : i64
    %row0 = arith.addi %m0, %rowInBlock : i64
    %row1 = arith.addi %row0, %c8 : i64
    %pair = arith.muli %member, %c2 : i64
    %column = arith.addi %n0, %pair : i64
    %line0 = arith.muli %row0, %n : i64
    %line1 = arith.muli %row1, %n : i64
    %at0 = arith.addi %line0, %column : i64
    %at1 = arith.addi %line1, %column : i64
    %p0 = llvm.getelementptr %c[%at0] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
    %p1 = llvm.getelementptr %c[%at1] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
    %v0 = vector.from_elements %acc#0, %acc#1 : vector<2xf32>
    %v1 = vector.from_elements %acc#2, %acc#3 : vector<2xf32>
    llvm.store %v0, %p0 : vector<2xf32>, !llvm.ptr<1>
    llvm.store %v1, %p1 : vector<2xf32>, !llvm.ptr<1>
    gpu.return
  }
}
