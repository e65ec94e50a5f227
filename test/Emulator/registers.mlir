// What a thread keeps in wide vector registers survives every announced access, the slow path of the first one included.
// RUN: colt5-test-emulator %s --kernel=wide --block=4 --arg=buffer:f32:64:iota --arg=buffer:f32:256:uninit --print=1 --limit=64 | FileCheck %s

// CHECK: arg1: 2016 2017 2018 2019 2020 2021 2022 2023 2024 2025 2026 2027 2028 2029 2030 2031 2032 2033 2034 2035 2036 2037 2038 2039 2040 2041 2042 2043 2044 2045 2046 2047 2048 2049 2050 2051 2052 2053 2054 2055 2056 2057 2058 2059 2060 2061 2062 2063 2064 2065 2066 2067 2068 2069 2070 2071 2072 2073 2074 2075 2076 2077 2078 2079
// CHECK: clean

gpu.module @kernels {
  // Adds 64 numbers to each of 64 numbers, which are in eight registers meanwhile.
  llvm.func @wide(%in: !llvm.ptr<1>, %out: !llvm.ptr<1>) attributes {nvvm.kernel} {
    %c0 = llvm.mlir.constant(0 : i32) : i32
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %c64 = llvm.mlir.constant(64 : i32) : i32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %base = llvm.mul %t, %c64 : i32
    %mine = llvm.getelementptr %out[%base] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
    %p0 = llvm.getelementptr %in[0] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    %a0 = llvm.load %p0 {alignment = 4 : i64} : !llvm.ptr<1> -> vector<8xf32>
    %p1 = llvm.getelementptr %in[8] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    %a1 = llvm.load %p1 {alignment = 4 : i64} : !llvm.ptr<1> -> vector<8xf32>
    %p2 = llvm.getelementptr %in[16] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    %a2 = llvm.load %p2 {alignment = 4 : i64} : !llvm.ptr<1> -> vector<8xf32>
    %p3 = llvm.getelementptr %in[24] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    %a3 = llvm.load %p3 {alignment = 4 : i64} : !llvm.ptr<1> -> vector<8xf32>
    %p4 = llvm.getelementptr %in[32] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    %a4 = llvm.load %p4 {alignment = 4 : i64} : !llvm.ptr<1> -> vector<8xf32>
    %p5 = llvm.getelementptr %in[40] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    %a5 = llvm.load %p5 {alignment = 4 : i64} : !llvm.ptr<1> -> vector<8xf32>
    %p6 = llvm.getelementptr %in[48] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    %a6 = llvm.load %p6 {alignment = 4 : i64} : !llvm.ptr<1> -> vector<8xf32>
    %p7 = llvm.getelementptr %in[56] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    %a7 = llvm.load %p7 {alignment = 4 : i64} : !llvm.ptr<1> -> vector<8xf32>
    llvm.br ^loop(%c0, %a0, %a1, %a2, %a3, %a4, %a5, %a6, %a7 : i32, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
  ^loop(%i: i32, %s0: vector<8xf32>, %s1: vector<8xf32>, %s2: vector<8xf32>, %s3: vector<8xf32>, %s4: vector<8xf32>, %s5: vector<8xf32>, %s6: vector<8xf32>, %s7: vector<8xf32>):
    %p = llvm.getelementptr %in[%i] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
    %x = llvm.load %p : !llvm.ptr<1> -> f32
    %u = llvm.mlir.undef : vector<8xf32>
    %v = llvm.insertelement %x, %u[%c0 : i32] : vector<8xf32>
    %w = llvm.shufflevector %v, %u [0, 0, 0, 0, 0, 0, 0, 0] : vector<8xf32>
    %n0 = llvm.fadd %s0, %w : vector<8xf32>
    %n1 = llvm.fadd %s1, %w : vector<8xf32>
    %n2 = llvm.fadd %s2, %w : vector<8xf32>
    %n3 = llvm.fadd %s3, %w : vector<8xf32>
    %n4 = llvm.fadd %s4, %w : vector<8xf32>
    %n5 = llvm.fadd %s5, %w : vector<8xf32>
    %n6 = llvm.fadd %s6, %w : vector<8xf32>
    %n7 = llvm.fadd %s7, %w : vector<8xf32>
    %next = llvm.add %i, %c1 : i32
    %more = llvm.icmp "ult" %next, %c64 : i32
    llvm.cond_br %more, ^loop(%next, %n0, %n1, %n2, %n3, %n4, %n5, %n6, %n7 : i32, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>), ^end
  ^end:
    %q0 = llvm.getelementptr %mine[0] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %n0, %q0 {alignment = 4 : i64} : vector<8xf32>, !llvm.ptr<1>
    %q1 = llvm.getelementptr %mine[8] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %n1, %q1 {alignment = 4 : i64} : vector<8xf32>, !llvm.ptr<1>
    %q2 = llvm.getelementptr %mine[16] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %n2, %q2 {alignment = 4 : i64} : vector<8xf32>, !llvm.ptr<1>
    %q3 = llvm.getelementptr %mine[24] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %n3, %q3 {alignment = 4 : i64} : vector<8xf32>, !llvm.ptr<1>
    %q4 = llvm.getelementptr %mine[32] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %n4, %q4 {alignment = 4 : i64} : vector<8xf32>, !llvm.ptr<1>
    %q5 = llvm.getelementptr %mine[40] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %n5, %q5 {alignment = 4 : i64} : vector<8xf32>, !llvm.ptr<1>
    %q6 = llvm.getelementptr %mine[48] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %n6, %q6 {alignment = 4 : i64} : vector<8xf32>, !llvm.ptr<1>
    %q7 = llvm.getelementptr %mine[56] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %n7, %q7 {alignment = 4 : i64} : vector<8xf32>, !llvm.ptr<1>
    llvm.return
  }
}
