// f32 matmul on SIMT units: a block of 256 threads makes 64 x 64 of C, 16 of K at a time staged in shared memory; a thread
// holds 4 x 4.
// RUN: colt5-opt %s --pass-pipeline="builtin.module(gpu.module(convert-scf-to-cf,convert-gpu-to-nvvm,canonicalize,cse,reconcile-unrealized-casts))" -o %t.mlir
// RUN: colt5-test-emulator %t.mlir --kernel=matmul --grid=2,1 --block=256 --arg=buffer:f32:3072:random --arg=buffer:f32:6144:random --arg=buffer:f32:8192:uninit --arg=i64:128 --arg=i64:48 --expect=matmul:0,1,2,64,128,48 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=matmul --grid=2,1 --block=256 --arg=buffer:f32:3072:random --arg=buffer:f32:6144:random --arg=buffer:f32:8192:uninit --arg=i64:128 --arg=i64:48 --mutate | FileCheck %s --check-prefix=MUTANTS

// CLEAN: clean
// MUTANTS: clean
// MUTANTS: drop barrier 0: {{race|uninitialized}}
// MUTANTS: drop barrier 1: race
// MUTANTS: caught [[N:[0-9]+]] of [[N]]{{$}}

#sm = #gpu.address_space<workgroup>
gpu.module @kernels {
  gpu.func @matmul(%a: !llvm.ptr, %b: !llvm.ptr, %c: !llvm.ptr, %n: i64, %depth: i64)
      workgroup(%ta: memref<64x16xf32, #sm>, %tb: memref<16x64xf32, #sm>) kernel {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c4 = arith.constant 4 : index
    %c16 = arith.constant 16 : index
    %c64 = arith.constant 64 : index
    %c256 = arith.constant 256 : index
    %c1024 = arith.constant 1024 : index
    %zero = arith.constant dense<0.0> : vector<4xf32>
    %N = arith.index_cast %n : i64 to index
    %K = arith.index_cast %depth : i64 to index
    %t = gpu.thread_id x
    %bx = gpu.block_id x
    %by = gpu.block_id y
    %row0 = arith.muli %by, %c64 : index
    %col0 = arith.muli %bx, %c64 : index
    %ty = arith.divui %t, %c16 : index
    %tx = arith.remui %t, %c16 : index
    %r0 = arith.muli %ty, %c4 : index
    %r1 = arith.addi %r0, %c1 : index
    %r2 = arith.addi %r0, %c2 : index
    %r3 = arith.addi %r0, %c3 : index
    %q0 = arith.muli %tx, %c4 : index
    %res:4 = scf.for %k0 = %c0 to %K step %c16 iter_args(%s0 = %zero, %s1 = %zero, %s2 = %zero, %s3 = %zero)
        -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>) {
      scf.for %i = %t to %c1024 step %c256 {
        %ar = arith.divui %i, %c16 : index
        %ac = arith.remui %i, %c16 : index
        %gr = arith.addi %row0, %ar : index
        %gc = arith.addi %k0, %ac : index
        %g0 = arith.muli %gr, %K : index
        %g1 = arith.addi %g0, %gc : index
        %gi = arith.index_cast %g1 : index to i64
        %p = llvm.getelementptr %a[%gi] : (!llvm.ptr, i64) -> !llvm.ptr, f32
        %x = llvm.load %p : !llvm.ptr -> f32
        memref.store %x, %ta[%ar, %ac] : memref<64x16xf32, #sm>
        %br = arith.divui %i, %c64 : index
        %bc = arith.remui %i, %c64 : index
        %hr = arith.addi %k0, %br : index
        %hc = arith.addi %col0, %bc : index
        %h0 = arith.muli %hr, %N : index
        %h1 = arith.addi %h0, %hc : index
        %hi = arith.index_cast %h1 : index to i64
        %q = llvm.getelementptr %b[%hi] : (!llvm.ptr, i64) -> !llvm.ptr, f32
        %y = llvm.load %q : !llvm.ptr -> f32
        memref.store %y, %tb[%br, %bc] : memref<16x64xf32, #sm>
      }
      gpu.barrier
      %next:4 = scf.for %k = %c0 to %c16 step %c1 iter_args(%u0 = %s0, %u1 = %s1, %u2 = %s2, %u3 = %s3)
          -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>) {
        %bv = vector.load %tb[%k, %q0] {alignment = 16 : i64} : memref<16x64xf32, #sm>, vector<4xf32>
        %a0 = memref.load %ta[%r0, %k] : memref<64x16xf32, #sm>
        %v0 = vector.broadcast %a0 : f32 to vector<4xf32>
        %w0 = vector.fma %v0, %bv, %u0 : vector<4xf32>
        %a1 = memref.load %ta[%r1, %k] : memref<64x16xf32, #sm>
        %v1 = vector.broadcast %a1 : f32 to vector<4xf32>
        %w1 = vector.fma %v1, %bv, %u1 : vector<4xf32>
        %a2 = memref.load %ta[%r2, %k] : memref<64x16xf32, #sm>
        %v2 = vector.broadcast %a2 : f32 to vector<4xf32>
        %w2 = vector.fma %v2, %bv, %u2 : vector<4xf32>
        %a3 = memref.load %ta[%r3, %k] : memref<64x16xf32, #sm>
        %v3 = vector.broadcast %a3 : f32 to vector<4xf32>
        %w3 = vector.fma %v3, %bv, %u3 : vector<4xf32>
        scf.yield %w0, %w1, %w2, %w3 : vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>
      }
      gpu.barrier
      scf.yield %next#0, %next#1, %next#2, %next#3 : vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>
    }
    %col = arith.addi %col0, %q0 : index
    %o0 = arith.addi %row0, %r0 : index
    %m0 = arith.muli %o0, %N : index
    %n0 = arith.addi %m0, %col : index
    %i0 = arith.index_cast %n0 : index to i64
    %p0 = llvm.getelementptr %c[%i0] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    llvm.store %res#0, %p0 {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr
    %o1 = arith.addi %row0, %r1 : index
    %m1 = arith.muli %o1, %N : index
    %n1 = arith.addi %m1, %col : index
    %i1 = arith.index_cast %n1 : index to i64
    %p1 = llvm.getelementptr %c[%i1] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    llvm.store %res#1, %p1 {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr
    %o2 = arith.addi %row0, %r2 : index
    %m2 = arith.muli %o2, %N : index
    %n2 = arith.addi %m2, %col : index
    %i2 = arith.index_cast %n2 : index to i64
    %p2 = llvm.getelementptr %c[%i2] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    llvm.store %res#2, %p2 {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr
    %o3 = arith.addi %row0, %r3 : index
    %m3 = arith.muli %o3, %N : index
    %n3 = arith.addi %m3, %col : index
    %i3 = arith.index_cast %n3 : index to i64
    %p3 = llvm.getelementptr %c[%i3] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    llvm.store %res#3, %p3 {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr
    gpu.return
  }
}
