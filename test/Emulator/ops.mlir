// What plain kernels consist of: conversions, intrinsics, instructions of the target as intrinsics and as text, memory of every
// kind, atomics.
// RUN: colt5-test-emulator %s --kernel=floats --block=4 --arg=buffer:f32:4:iota --arg=buffer:f32:48:uninit --print=1 | FileCheck %s --check-prefix=FLOATS
// RUN: colt5-test-emulator %s --kernel=ints --block=4 --arg=buffer:i32:4:iota --arg=buffer:i32:60:uninit --print=1 | FileCheck %s --check-prefix=INTS
// RUN: colt5-test-emulator %s --kernel=memory --block=32 --dynamic-shared=128 --arg=buffer:f32:32:iota --arg=buffer:f32:32:uninit --print=1 --limit=6 | FileCheck %s --check-prefix=MEMORY
// RUN: colt5-test-emulator %s --kernel=atomics --grid=3 --block=33 --arg=buffer:i32:8:zero --arg=buffer:f32:1:zero --print=0,1 | FileCheck %s --check-prefix=ATOMICS
// RUN: not colt5-test-emulator %s --kernel=memory --block=32 --dynamic-shared=124 --arg=buffer:f32:32:iota --arg=buffer:f32:32:uninit | FileCheck %s --check-prefix=SHORT

// FLOATS: arg1: 1 1.10938 1.21875 1.32812
// FLOATS-SAME: 1 1.10938 1.21875 1.32812
// FLOATS-SAME: 1 2 4 8
// FLOATS-SAME: 1 0.5 0.333333 0.25
// FLOATS-SAME: 1 0.707107 0.57735 0.5
// FLOATS-SAME: 0 1 1.58496 2
// FLOATS-SAME: 0 0.761594 0.964028 0.995055
// FLOATS-SAME: 0 1 1.41421 1.73205
// FLOATS-SAME: 1 4 9 16
// FLOATS-SAME: 0 0 1 1
// FLOATS-SAME: 2 2 2 3
// FLOATS-SAME: 0 6 12 18
// INTS: arg1: 0 1 1 2
// INTS-SAME: 32 31 30 30
// INTS-SAME: 32 0 1 0
// INTS-SAME: 0 1 2 2
// INTS-SAME: 2 2 2 3
// INTS-SAME: 0 -2.14748e+09 1.07374e+09 -1.07374e+09
// INTS-SAME: 1 3 5 7
// INTS-SAME: 0 127 127 127
// INTS-SAME: 0 1 2 3
// INTS-SAME: 7 9 11 13
// INTS-SAME: 0 -1 -2 -3
// INTS-SAME: 0 256 512 768
// INTS-SAME: 5 6 7 8
// INTS-SAME: 0 0 1 1
// INTS-SAME: 10 10 10 10
// MEMORY: arg1: 101.5 102.5 103.5 104.5 101.5 102.5
// ATOMICS: arg0: 99 0 98 -32 33 99 4 1
// ATOMICS: arg1: 99
// SHORT: out of bounds: {{.*}}touches bytes 316 to 319 of shared memory, which has 316 bytes

gpu.module @kernels {
  llvm.mlir.global internal @dynamic() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<0 x i8>
  llvm.mlir.global internal @static() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<32 x f32>
  llvm.mlir.global internal constant @table(dense<[1.5, 2.5, 3.5, 4.5]> : tensor<4xf32>) {addr_space = 4 : i32}
    : !llvm.array<4 x f32>
  llvm.mlir.global internal @offset(100.0 : f32) {addr_space = 1 : i32} : f32

  llvm.func @put(%out: !llvm.ptr, %row: i32, %v: f32) {
    %c4 = llvm.mlir.constant(4 : i32) : i32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %base = llvm.mul %row, %c4 : i32
    %at = llvm.add %base, %t : i32
    %p = llvm.getelementptr %out[%at] : (!llvm.ptr, i32) -> !llvm.ptr, f32
    llvm.store %v, %p : f32, !llvm.ptr
    llvm.return
  }
  llvm.func @puti(%out: !llvm.ptr, %row: i32, %v: i32) {
    %f = llvm.bitcast %v : i32 to f32
    llvm.call @put(%out, %row, %f) : (!llvm.ptr, i32, f32) -> ()
    llvm.return
  }
  llvm.func @floats(%in: !llvm.ptr, %out: !llvm.ptr) attributes {nvvm.kernel} {
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %p = llvm.getelementptr %in[%t] : (!llvm.ptr, i32) -> !llvm.ptr, f32
    %x = llvm.load %p : !llvm.ptr -> f32
    %one = llvm.mlir.constant(1.0 : f32) : f32
    %tenth = llvm.mlir.constant(0.11 : f32) : f32
    %y = llvm.fadd %x, %one : f32
    // 1 + 0.11 x, rounded to bf16 and to bf16 again after an addition of 0; then in f16 with f64 between.
    %s = llvm.fmul %x, %tenth : f32
    %s1 = llvm.fadd %s, %one : f32
    %b = llvm.fptrunc %s1 : f32 to bf16
    %bz = llvm.mlir.constant(0.0 : bf16) : bf16
    %b1 = llvm.fadd %b, %bz : bf16
    %b2 = llvm.fpext %b1 : bf16 to f32
    %r0 = llvm.mlir.constant(0 : i32) : i32
    llvm.call @put(%out, %r0, %b2) : (!llvm.ptr, i32, f32) -> ()
    %v0 = llvm.mlir.undef : vector<2xf32>
    %v1 = llvm.insertelement %s1, %v0[%r0 : i32] : vector<2xf32>
    %vb = llvm.fptrunc %v1 : vector<2xf32> to vector<2xbf16>
    %e = llvm.extractelement %vb[%r0 : i32] : vector<2xbf16>
    %wide = llvm.fpext %e : bf16 to f64
    %h = llvm.fptrunc %wide : f64 to f16
    %h1 = llvm.fpext %h : f16 to f32
    %r1 = llvm.mlir.constant(1 : i32) : i32
    llvm.call @put(%out, %r1, %h1) : (!llvm.ptr, i32, f32) -> ()
    %ex = llvm.call_intrinsic "llvm.nvvm.ex2.approx.ftz.f"(%x) : (f32) -> f32
    %r2 = llvm.mlir.constant(2 : i32) : i32
    llvm.call @put(%out, %r2, %ex) : (!llvm.ptr, i32, f32) -> ()
    %rcp = nvvm.inline_ptx "rcp.approx.ftz.f32 {$w0}, {$r0};" ro(%y : f32) -> f32
    %r3 = llvm.mlir.constant(3 : i32) : i32
    llvm.call @put(%out, %r3, %rcp) : (!llvm.ptr, i32, f32) -> ()
    %rsqrt = llvm.call_intrinsic "llvm.nvvm.rsqrt.approx.ftz.f"(%y) : (f32) -> f32
    %r4 = llvm.mlir.constant(4 : i32) : i32
    llvm.call @put(%out, %r4, %rsqrt) : (!llvm.ptr, i32, f32) -> ()
    %lg = llvm.inline_asm "lg2.approx.ftz.f32 $0, $1;", "=f,f" %y : (f32) -> f32
    %r5 = llvm.mlir.constant(5 : i32) : i32
    llvm.call @put(%out, %r5, %lg) : (!llvm.ptr, i32, f32) -> ()
    %tanh = nvvm.inline_ptx "tanh.approx.f32 {$w0}, {$r0};" ro(%x : f32) -> f32
    %r6 = llvm.mlir.constant(6 : i32) : i32
    llvm.call @put(%out, %r6, %tanh) : (!llvm.ptr, i32, f32) -> ()
    %sqrt = llvm.call_intrinsic "llvm.nvvm.sqrt.rn.f"(%x) : (f32) -> f32
    %r7 = llvm.mlir.constant(7 : i32) : i32
    llvm.call @put(%out, %r7, %sqrt) : (!llvm.ptr, i32, f32) -> ()
    %bzf = llvm.mlir.constant(0.0 : f32) : f32
    %fma = llvm.intr.fma(%y, %y, %bzf) : (f32, f32, f32) -> f32
    %r8 = llvm.mlir.constant(8 : i32) : i32
    llvm.call @put(%out, %r8, %fma) : (!llvm.ptr, i32, f32) -> ()
    %half = llvm.mlir.constant(0.5 : f32) : f32
    %hx = llvm.fmul %x, %half : f32
    %floor = llvm.intr.floor(%hx) : (f32) -> f32
    %r9 = llvm.mlir.constant(9 : i32) : i32
    llvm.call @put(%out, %r9, %floor) : (!llvm.ptr, i32, f32) -> ()
    %two = llvm.mlir.constant(2.0 : f32) : f32
    %max = llvm.intr.maximum(%x, %two) : (f32, f32) -> f32
    %num = llvm.intr.maxnum(%max, %two) : (f32, f32) -> f32
    %r10 = llvm.mlir.constant(10 : i32) : i32
    llvm.call @put(%out, %r10, %num) : (!llvm.ptr, i32, f32) -> ()
    %six = llvm.mlir.constant(dense<[1.0, 2.0, 3.0]> : vector<3xf32>) : vector<3xf32>
    %c0 = llvm.mlir.constant(0.0 : f32) : f32
    %sum = "llvm.intr.vector.reduce.fadd"(%c0, %six) : (f32, vector<3xf32>) -> f32
    %many = llvm.fmul %sum, %x : f32
    %r11 = llvm.mlir.constant(11 : i32) : i32
    llvm.call @put(%out, %r11, %many) : (!llvm.ptr, i32, f32) -> ()
    llvm.return
  }
  llvm.func @ints(%in: !llvm.ptr, %out: !llvm.ptr) attributes {nvvm.kernel} {
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %p = llvm.getelementptr %in[%t] : (!llvm.ptr, i32) -> !llvm.ptr, i32
    %x = llvm.load %p : !llvm.ptr -> i32
    %zero = llvm.mlir.constant(0 : i32) : i32
    %one = llvm.mlir.constant(1 : i32) : i32
    %two = llvm.mlir.constant(2 : i32) : i32
    %seven = llvm.mlir.constant(7 : i32) : i32
    %sixteen = llvm.mlir.constant(16 : i32) : i32
    %s = llvm.shl %x, %sixteen : i32
    %big = llvm.mlir.constant(1.0e10 : f32) : f32
    %r_0 = llvm.intr.ctpop(%x) : (i32) -> i32
    %at_0 = llvm.mlir.constant(0 : i32) : i32
    llvm.call @puti(%out, %at_0, %r_0) : (!llvm.ptr, i32, i32) -> ()
    %r_1 = "llvm.intr.ctlz"(%x) <{is_zero_poison = false}> : (i32) -> i32
    %at_1 = llvm.mlir.constant(1 : i32) : i32
    llvm.call @puti(%out, %at_1, %r_1) : (!llvm.ptr, i32, i32) -> ()
    %r_2 = "llvm.intr.cttz"(%x) <{is_zero_poison = false}> : (i32) -> i32
    %at_2 = llvm.mlir.constant(2 : i32) : i32
    llvm.call @puti(%out, %at_2, %r_2) : (!llvm.ptr, i32, i32) -> ()
    %r_3 = llvm.intr.smin(%x, %two) : (i32, i32) -> i32
    %at_3 = llvm.mlir.constant(3 : i32) : i32
    llvm.call @puti(%out, %at_3, %r_3) : (!llvm.ptr, i32, i32) -> ()
    %r_4 = llvm.intr.umax(%x, %two) : (i32, i32) -> i32
    %at_4 = llvm.mlir.constant(4 : i32) : i32
    llvm.call @puti(%out, %at_4, %r_4) : (!llvm.ptr, i32, i32) -> ()
    %r_5 = llvm.intr.bitreverse(%x) : (i32) -> i32
    %at_5 = llvm.mlir.constant(5 : i32) : i32
    llvm.call @puti(%out, %at_5, %r_5) : (!llvm.ptr, i32, i32) -> ()
    %d_6 = llvm.mul %x, %two : i32
    %r_6 = llvm.add %d_6, %one : i32
    %at_6 = llvm.mlir.constant(6 : i32) : i32
    llvm.call @puti(%out, %at_6, %r_6) : (!llvm.ptr, i32, i32) -> ()
    %f_7 = llvm.sitofp %x : i32 to f32
    %g_7 = llvm.fmul %f_7, %big : f32
    %n_7 = llvm.call_intrinsic "llvm.fptosi.sat.i8.f32"(%g_7) : (f32) -> i8
    %r_7 = llvm.sext %n_7 : i8 to i32
    %at_7 = llvm.mlir.constant(7 : i32) : i32
    llvm.call @puti(%out, %at_7, %r_7) : (!llvm.ptr, i32, i32) -> ()
    %f_8 = llvm.uitofp %x : i32 to f64
    %r_8 = llvm.fptoui %f_8 : f64 to i32
    %at_8 = llvm.mlir.constant(8 : i32) : i32
    llvm.call @puti(%out, %at_8, %r_8) : (!llvm.ptr, i32, i32) -> ()
    %v_9 = llvm.intr.fshl(%x, %x, %one) : (i32, i32, i32) -> i32
    %r_9 = llvm.add %v_9, %seven : i32
    %at_9 = llvm.mlir.constant(9 : i32) : i32
    llvm.call @puti(%out, %at_9, %r_9) : (!llvm.ptr, i32, i32) -> ()
    %r_10 = llvm.sub %zero, %x : i32
    %at_10 = llvm.mlir.constant(10 : i32) : i32
    llvm.call @puti(%out, %at_10, %r_10) : (!llvm.ptr, i32, i32) -> ()
    %r_11 = llvm.intr.bswap(%s) : (i32) -> i32
    %at_11 = llvm.mlir.constant(11 : i32) : i32
    llvm.call @puti(%out, %at_11, %r_11) : (!llvm.ptr, i32, i32) -> ()
    %w_12 = llvm.zext %x : i32 to i64
    %five_12 = llvm.mlir.constant(5 : i64) : i64
    %u_12 = llvm.add %w_12, %five_12 : i64
    %r_12 = llvm.trunc %u_12 : i64 to i32
    %at_12 = llvm.mlir.constant(12 : i32) : i32
    llvm.call @puti(%out, %at_12, %r_12) : (!llvm.ptr, i32, i32) -> ()
    %c_13 = llvm.icmp "uge" %x, %two : i32
    %r_13 = llvm.select %c_13, %one, %zero : i1, i32
    %at_13 = llvm.mlir.constant(13 : i32) : i32
    llvm.call @puti(%out, %at_13, %r_13) : (!llvm.ptr, i32, i32) -> ()
    %v_14 = llvm.mlir.constant(dense<[1, 2, 3, 4]> : vector<4xi32>) : vector<4xi32>
    %r_14 = "llvm.intr.vector.reduce.add"(%v_14) : (vector<4xi32>) -> i32
    %at_14 = llvm.mlir.constant(14 : i32) : i32
    llvm.call @puti(%out, %at_14, %r_14) : (!llvm.ptr, i32, i32) -> ()
    llvm.return
  }
  // Local, dynamic and static shared, constant and global memory, with vectors, through generic pointers.
  llvm.func @memory(%in: !llvm.ptr, %out: !llvm.ptr) attributes {nvvm.kernel} {
    %c4 = llvm.mlir.constant(4 : i32) : i32
    %c31 = llvm.mlir.constant(31 : i32) : i32
    %bytes = llvm.mlir.constant(16 : i64) : i64
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %local = llvm.alloca %c4 x f32 {alignment = 16 : i64} : (i32) -> !llvm.ptr
    %table = llvm.mlir.addressof @table : !llvm.ptr<4>
    %generic = llvm.addrspacecast %table : !llvm.ptr<4> to !llvm.ptr
    "llvm.intr.memcpy"(%local, %generic, %bytes) <{isVolatile = false}> : (!llvm.ptr, !llvm.ptr, i64) -> ()
    %i = llvm.urem %t, %c4 : i32
    %pl = llvm.getelementptr %local[%i] : (!llvm.ptr, i32) -> !llvm.ptr, f32
    %a = llvm.load %pl : !llvm.ptr -> f32
    %po = llvm.mlir.addressof @offset : !llvm.ptr<1>
    %o = llvm.load %po : !llvm.ptr<1> -> f32
    %v = llvm.fadd %a, %o : f32
    %dynamic = llvm.mlir.addressof @dynamic : !llvm.ptr<3>
    %pd3 = llvm.getelementptr %dynamic[%t] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    %pd = llvm.addrspacecast %pd3 : !llvm.ptr<3> to !llvm.ptr
    llvm.store %v, %pd : f32, !llvm.ptr
    nvvm.barrier0
    // Eight threads read four values each.
    %static = llvm.mlir.addressof @static : !llvm.ptr<3>
    %c8 = llvm.mlir.constant(8 : i32) : i32
    %few = llvm.icmp "ult" %t, %c8 : i32
    llvm.cond_br %few, ^copy, ^done
  ^copy:
    %at = llvm.mul %t, %c4 : i32
    %from = llvm.getelementptr %dynamic[%at] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    %to = llvm.getelementptr %static[%at] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    %four = llvm.load %from {alignment = 16 : i64} : !llvm.ptr<3> -> vector<4xf32>
    llvm.store %four, %to {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<3>
    llvm.br ^done
  ^done:
    nvvm.barrier0
    %p = llvm.getelementptr %static[%t] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    %x = llvm.load %p : !llvm.ptr<3> -> f32
    %q = llvm.getelementptr %out[%t] : (!llvm.ptr, i32) -> !llvm.ptr, f32
    llvm.store %x, %q : f32, !llvm.ptr
    llvm.return
  }
  llvm.func @atomics(%p: !llvm.ptr, %f: !llvm.ptr<1>) attributes {nvvm.kernel} {
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %c4 = llvm.mlir.constant(4 : i32) : i32
    %c32 = llvm.mlir.constant(32 : i32) : i32
    %c33 = llvm.mlir.constant(33 : i32) : i32
    %zero = llvm.mlir.constant(0 : i32) : i32
    %one = llvm.mlir.constant(1.0 : f32) : f32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %b = nvvm.read.ptx.sreg.ctaid.x : i32
    %base = llvm.mul %b, %c33 : i32
    %g = llvm.add %base, %t : i32
    %minus = llvm.sub %zero, %t : i32
    %p1 = llvm.getelementptr %p[1] : (!llvm.ptr) -> !llvm.ptr, i32
    %p2 = llvm.getelementptr %p[2] : (!llvm.ptr) -> !llvm.ptr, i32
    %p3 = llvm.getelementptr %p[3] : (!llvm.ptr) -> !llvm.ptr, i32
    %p4 = llvm.getelementptr %p[4] : (!llvm.ptr) -> !llvm.ptr, i32
    %p5 = llvm.getelementptr %p[5] : (!llvm.ptr) -> !llvm.ptr, i32
    %p6 = llvm.getelementptr %p[6] : (!llvm.ptr) -> !llvm.ptr, i32
    %p7 = llvm.getelementptr %p[7] : (!llvm.ptr) -> !llvm.ptr, i32
    %a0 = llvm.atomicrmw add %p, %c1 monotonic : !llvm.ptr, i32
    %a1 = llvm.atomicrmw _and %p1, %t acq_rel : !llvm.ptr, i32
    %a2 = llvm.atomicrmw umax %p2, %g monotonic : !llvm.ptr, i32
    %a3 = llvm.atomicrmw min %p3, %minus monotonic : !llvm.ptr, i32
    %first = llvm.icmp "eq" %b, %zero : i32
    %x = llvm.select %first, %c1, %zero : i1, i32
    %a4 = llvm.atomicrmw sub %p4, %x monotonic : !llvm.ptr, i32
    %a4b = llvm.atomicrmw add %p4, %x monotonic : !llvm.ptr, i32
    %a4c = llvm.atomicrmw add %p4, %x monotonic : !llvm.ptr, i32
    %a6 = llvm.atomicrmw _or %p6, %c4 monotonic : !llvm.ptr, i32
    %a7 = llvm.atomicrmw xchg %p7, %c1 seq_cst : !llvm.ptr, i32
    %af = llvm.atomicrmw fadd %f, %one monotonic : !llvm.ptr<1>, f32
    // An addition by compare and exchange.
    %start = llvm.load %p5 atomic monotonic {alignment = 4 : i64} : !llvm.ptr -> i32
    llvm.br ^try(%start : i32)
  ^try(%old: i32):
    %new = llvm.add %old, %c1 : i32
    %pair = llvm.cmpxchg %p5, %old, %new acq_rel monotonic : !llvm.ptr, i32
    %seen = llvm.extractvalue %pair[0] : !llvm.struct<(i32, i1)>
    %ok = llvm.extractvalue %pair[1] : !llvm.struct<(i32, i1)>
    llvm.cond_br %ok, ^end, ^try(%seen : i32)
  ^end:
    llvm.return
  }
}
