// PTX of a kernel: complete, the version of the chip, no fused multiply-add that the program does not ask for.
// RUN: colt5-compile %S/Inputs/fill.mlir --target=sm_80 --start-stage=nvvm --emit=ptx | FileCheck %s --check-prefixes=PTX,SM80
// RUN: colt5-compile %S/Inputs/fill.mlir --target=sm_90a --start-stage=nvvm --emit=ptx | FileCheck %s --check-prefixes=PTX,SM90A
// SM80: .version 7.0
// SM80-NEXT: .target sm_80{{$}}
// SM90A: .version 8.0
// SM90A-NEXT: .target sm_90a
// PTX-NOT: .extern
// PTX: .visible .entry fill(
// PTX: .reqntid 256
// PTX-NOT: fma
// PTX: mul.rn.f32
// PTX: add.rn.f32
// PTX: st.shared
// PTX: bar{{.*}}.sync
// PTX-NOT: fma

// What stays of the attributes of kernels and parameters.
// RUN: colt5-compile %s --target=sm_90a --start-stage=nvvm --emit=ptx | FileCheck %s --check-prefix=ATTRIBUTES
// ATTRIBUTES: .entry launch
// ATTRIBUTES: .param .align 64 .b8 launch_param_0[128]
// ATTRIBUTES-DAG: .reqntid 128
// ATTRIBUTES-DAG: .minnctapersm 1
// ATTRIBUTES-DAG: .explicitcluster
// ATTRIBUTES-DAG: .reqnctapercluster 2
// An op without an intrinsic of LLVM.
// ATTRIBUTES: mbarrier.try_wait.parity.shared
// ATTRIBUTES-NOT: .extern .func

gpu.module @colt5_kernels {
  llvm.mlir.global internal @barrier() {addr_space = 3 : i32, alignment = 8 : i64} : i64
  llvm.func @launch(%map: !llvm.ptr {llvm.byval = !llvm.array<128 x i8>, llvm.align = 64 : i64, nvvm.grid_constant})
      attributes {gpu.kernel, nvvm.kernel, nvvm.reqntid = array<i32: 128>, nvvm.minctasm = 1 : i32, nvvm.cluster_dim = array<i32: 2>} {
    %zero = llvm.mlir.constant(0 : i32) : i32
    %ticks = llvm.mlir.constant(10000 : i32) : i32
    %barrier = llvm.mlir.addressof @barrier : !llvm.ptr<3>
    nvvm.mbarrier.try_wait.parity %barrier, %zero, %ticks : !llvm.ptr<3>, i32, i32
    llvm.return
  }
}
