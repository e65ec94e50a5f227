// One kernel for each kind of error, and what must not be called one.
// RUN: split-file %s %t
// RUN: colt5-test-emulator %t/checks.mlir --kernel=good --block=64 --arg=buffer:f32:64:iota --print=0 --limit=4 | FileCheck %s --check-prefix=GOOD
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=good --block=64 --arg=buffer:f32:63:iota | FileCheck %s --check-prefix=OOB
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=good --block=64 --arg=buffer:f32:64:uninit | FileCheck %s --check-prefix=UNINIT
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=misaligned --block=1 --arg=buffer:f32:64:iota | FileCheck %s --check-prefix=MISALIGNED
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=race --block=64 --arg=buffer:f32:64:iota | FileCheck %s --check-prefix=RACE
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=race --grid=2 --block=1 --host-threads=1 --arg=buffer:f32:64:iota | FileCheck %s --check-prefix=RACE2
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=divergent_barrier --block=64 | FileCheck %s --check-prefix=DIVBAR
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=divergent_shuffle --block=32 --arg=buffer:f32:64:iota | FileCheck %s --check-prefix=DIVSHFL
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=deadlock --block=64 | FileCheck %s --check-prefix=DEADLOCK
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=good --block=2048 --arg=i64:0 | FileCheck %s --check-prefix=LIMIT
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=good --grid=0 --block=32 --arg=i64:0 | FileCheck %s --check-prefix=EMPTY
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=none --block=32 | FileCheck %s --check-prefix=NONE
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=good --block=32 | FileCheck %s --check-prefix=ARGS
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=good --block=64 --arg=host:f32:64:iota | FileCheck %s --check-prefix=HOST
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=good --block=64 --arg=i64:64 | FileCheck %s --check-prefix=STRAY
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=constant --block=1 | FileCheck %s --check-prefix=CONSTANT
// RUN: colt5-test-emulator %t/checks.mlir --kernel=local --block=1 --arg=buffer:f32:1:uninit --arg=i32:3 | FileCheck %s --check-prefix=LOCAL
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=local --block=1 --arg=buffer:f32:1:uninit --arg=i32:4 | FileCheck %s --check-prefix=BEYOND
// RUN: not colt5-test-emulator %t/checks.mlir --kernel=local --block=1 --arg=buffer:f32:1:uninit --arg=i32:-1 | FileCheck %s --check-prefix=BEFORE
// RUN: colt5-test-emulator %t/checks.mlir --kernel=warps --block=64 --arg=buffer:i32:64:uninit --print=0 --limit=64 | FileCheck %s --check-prefix=WARPS
// RUN: not colt5-test-emulator %t/unknown.mlir --kernel=f --block=32 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not colt5-test-emulator %t/extern.mlir --kernel=f --block=32 2>&1 | FileCheck %s --check-prefix=EXTERN
// RUN: not colt5-test-emulator %t/dialect.mlir --kernel=f --block=32 2>&1 | FileCheck %s --check-prefix=DIALECT

// GOOD: arg0: 63 62 61 60
// GOOD: clean
// OOB: out of bounds: kernel 'good', block (0, 0, 0), thread (63, 0, 0): 'llvm.load' at {{.*}}checks.mlir:{{[0-9:]+}}: touches 4 bytes at 0 bytes past the end of buffer 'arg0' (252 bytes)
// UNINIT: uninitialized: {{.*}} thread (0, 0, 0): 'llvm.load'{{.*}}reads byte 0 of buffer 'arg0', which was never written
// MISALIGNED: misaligned: {{.*}} touches 16 bytes at byte 4 of buffer 'arg0', expected a multiple of 16
// RACE: race: {{.*}} writes byte 0 of buffer 'arg0' that thread (0, 0, 0) wrote in 'llvm.store'{{.*}}, with no barrier between
// RACE2: race: {{.*}} block (1, 0, 0), {{.*}} that a thread of block number 0 wrote
// DIVBAR: divergent collective: {{.*}}arrives at barrier 0 while another thread of its warp waits there in another operation
// DIVSHFL: divergent collective: {{.*}}'nvvm.shfl.sync'
// DEADLOCK: deadlock: {{.*}}no thread can go on: 64 wait in 'nvvm.barrier'
// LIMIT: error: launch of 'good': expected a block of 1 to 1024 threads, found 2048
// EMPTY: error: launch of 'good': expected 1 to 2147483647 blocks in dimension 0 of the grid, found 0
// NONE: error: launch of 'none': no such kernel; the module has {{.*}}good
// ARGS: error: launch of 'good': expected 1 arguments, found 0
// HOST: error: launch of 'good': argument 0: expected memory of the device, found 'arg0' in the memory of the host
// STRAY: error: launch of 'good': argument 0: expected memory of the device, found an address that is in no memory of the device
// CONSTANT: bad operand: {{.*}}'llvm.store'{{.*}}: writes 'table', which is constant memory
// LOCAL: clean
// BEYOND: out of bounds: {{.*}}'llvm.store'{{.*}}: touches 4 bytes at byte 16 of a local variable, which has 16 bytes
// BEFORE: out of bounds: {{.*}}'llvm.store'{{.*}}: touches 4 bytes at byte -4 of a local variable
// WARPS: arg0: 496 496
// WARPS-SAME: 1520
// WARPS: clean
// UNKNOWN: error: the emulator does not know 'nvvm.pmevent'; add it to lib/Emulator
// EXTERN: error: the emulator does not know the function '__nv_expf', which the module only declares
// DIALECT: error: expected operations of the llvm and nvvm dialects only, found 'arith.constant'; lower the module to the nvvm stage first

//--- checks.mlir
gpu.module @kernels {
  llvm.mlir.global internal @tile() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<64 x f32>

  // Reverses 64 floats through shared memory.
  llvm.func @good(%p: !llvm.ptr<1>) attributes {nvvm.kernel} {
    %c63 = llvm.mlir.constant(63 : i32) : i32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %r = llvm.sub %c63, %t : i32
    %tile = llvm.mlir.addressof @tile : !llvm.ptr<3>
    %from = llvm.getelementptr %p[%t] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
    %mine = llvm.getelementptr %tile[%t] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    %theirs = llvm.getelementptr %tile[%r] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    %x = llvm.load %from : !llvm.ptr<1> -> f32
    llvm.store %x, %mine : f32, !llvm.ptr<3>
    nvvm.barrier0
    %y = llvm.load %theirs : !llvm.ptr<3> -> f32
    llvm.store %y, %from : f32, !llvm.ptr<1>
    llvm.return
  }
  llvm.func @misaligned(%p: !llvm.ptr<1>) attributes {nvvm.kernel} {
    %q = llvm.getelementptr %p[1] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    %x = llvm.load %q : !llvm.ptr<1> -> vector<4xf32>
    llvm.store %x, %p : vector<4xf32>, !llvm.ptr<1>
    llvm.return
  }
  llvm.mlir.global internal constant @table(dense<1.5> : tensor<4xf32>) {addr_space = 4 : i32} : !llvm.array<4 x f32>
  llvm.func @constant() attributes {nvvm.kernel} {
    %one = llvm.mlir.constant(1.0 : f32) : f32
    %table = llvm.mlir.addressof @table : !llvm.ptr<4>
    %generic = llvm.addrspacecast %table : !llvm.ptr<4> to !llvm.ptr
    llvm.store %one, %generic : f32, !llvm.ptr
    llvm.return
  }
  llvm.func @local(%p: !llvm.ptr<1>, %i: i32) attributes {nvvm.kernel} {
    %c4 = llvm.mlir.constant(4 : i32) : i32
    %one = llvm.mlir.constant(1.0 : f32) : f32
    %local = llvm.alloca %c4 x f32 : (i32) -> !llvm.ptr
    %q = llvm.getelementptr %local[%i] : (!llvm.ptr, i32) -> !llvm.ptr, f32
    llvm.store %one, %q : f32, !llvm.ptr
    %x = llvm.load %q : !llvm.ptr -> f32
    llvm.store %x, %p : f32, !llvm.ptr<1>
    llvm.return
  }
  llvm.func @race(%p: !llvm.ptr<1>) attributes {nvvm.kernel} {
    %one = llvm.mlir.constant(1.0 : f32) : f32
    llvm.store %one, %p : f32, !llvm.ptr<1>
    llvm.return
  }
  llvm.func @divergent_barrier() attributes {nvvm.kernel} {
    %c7 = llvm.mlir.constant(7 : i32) : i32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %low = llvm.icmp "ult" %t, %c7 : i32
    llvm.cond_br %low, ^a, ^b
  ^a:
    nvvm.barrier0
    llvm.return
  ^b:
    nvvm.barrier0
    llvm.return
  }
  llvm.func @divergent_shuffle(%p: !llvm.ptr<1>) attributes {nvvm.kernel} {
    %all = llvm.mlir.constant(-1 : i32) : i32
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %c7 = llvm.mlir.constant(7 : i32) : i32
    %c31 = llvm.mlir.constant(31 : i32) : i32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %low = llvm.icmp "ult" %t, %c7 : i32
    llvm.cond_br %low, ^a, ^b
  ^a:
    %v = nvvm.shfl.sync bfly %all, %t, %c1, %c31 : i32 -> i32
    %q = llvm.getelementptr %p[%t] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    llvm.store %v, %q : i32, !llvm.ptr<1>
    llvm.br ^b
  ^b:
    nvvm.barrier0
    llvm.return
  }
  // Barriers 1 and 2 expect 64 threads each and get one warp each.
  llvm.func @deadlock() attributes {nvvm.kernel} {
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %c5 = llvm.mlir.constant(5 : i32) : i32
    %c64 = llvm.mlir.constant(64 : i32) : i32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %half = llvm.lshr %t, %c5 : i32
    %id = llvm.add %half, %c1 : i32
    nvvm.barrier id = %id number_of_threads = %c64
    llvm.return
  }
  // The sum of the thread numbers of the warp by shuffles, checked against redux, match and vote.
  llvm.func @warps(%p: !llvm.ptr<1>) attributes {nvvm.kernel} {
    %all = llvm.mlir.constant(-1 : i32) : i32
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %c2 = llvm.mlir.constant(2 : i32) : i32
    %c4 = llvm.mlir.constant(4 : i32) : i32
    %c8 = llvm.mlir.constant(8 : i32) : i32
    %c16 = llvm.mlir.constant(16 : i32) : i32
    %c31 = llvm.mlir.constant(31 : i32) : i32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %v0 = nvvm.shfl.sync bfly %all, %t, %c1, %c31 : i32 -> i32
    %s0 = llvm.add %t, %v0 : i32
    %v1 = nvvm.shfl.sync bfly %all, %s0, %c2, %c31 : i32 -> i32
    %s1 = llvm.add %s0, %v1 : i32
    %v2 = nvvm.shfl.sync bfly %all, %s1, %c4, %c31 : i32 -> i32
    %s2 = llvm.add %s1, %v2 : i32
    %v3 = nvvm.shfl.sync bfly %all, %s2, %c8, %c31 : i32 -> i32
    %s3 = llvm.add %s2, %v3 : i32
    %v4 = nvvm.shfl.sync bfly %all, %s3, %c16, %c31 : i32 -> i32
    %s4 = llvm.add %s3, %v4 : i32
    %redux = nvvm.redux.sync add %t, %all : i32 -> i32
    %same = llvm.icmp "eq" %redux, %s4 : i32
    %agree = nvvm.vote.sync all %all, %same -> i1
    %match = nvvm.match.sync any %all, %s4 : i32 -> i32
    %whole = llvm.icmp "eq" %match, %all : i32
    %ok = llvm.and %agree, %whole : i1
    %bad = llvm.mlir.constant(-1 : i32) : i32
    %result = llvm.select %ok, %s4, %bad : i1, i32
    %q = llvm.getelementptr %p[%t] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    llvm.store %result, %q : i32, !llvm.ptr<1>
    llvm.return
  }
}
//--- unknown.mlir
gpu.module @kernels {
  llvm.func @f() attributes {nvvm.kernel} {
    nvvm.pmevent id = 1
    llvm.return
  }
}
//--- extern.mlir
gpu.module @kernels {
  llvm.func @__nv_expf(f32) -> f32
  llvm.func @f(%x: f32) attributes {nvvm.kernel} {
    %y = llvm.call @__nv_expf(%x) : (f32) -> f32
    llvm.return
  }
}
//--- dialect.mlir
gpu.module @kernels {
  llvm.func @f() attributes {nvvm.kernel} {
    %x = arith.constant 1 : i32
    llvm.return
  }
}
