// Every gate that needs no assembler, tripped once.
// RUN: colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-gpu-binary --split-input-file --verify-diagnostics -o /dev/null

gpu.module @colt5_kernels {
  llvm.func @fence() attributes {gpu.kernel, nvvm.kernel} {
    // expected-error @+1 {{'nvvm.wgmma.fence.aligned' op needs wgmma (sm_90a), found sm_80; compile this kernel for a chip that has it, or plan another family}}
    nvvm.wgmma.fence.aligned
    llvm.return
  }
}

// -----

gpu.module @colt5_kernels {
  llvm.func @registers() attributes {gpu.kernel, nvvm.kernel} {
    // expected-error @+1 {{'nvvm.setmaxregister' op needs set_max_registers (sm_90a), found sm_80}}
    nvvm.setmaxregister increase 160
    llvm.return
  }
}

// -----

gpu.module @colt5_kernels {
  llvm.func @cluster() attributes {gpu.kernel, nvvm.kernel} {
    // expected-error @+1 {{'nvvm.cluster.arrive' op needs clusters (sm_90a, sm_120), found sm_80}}
    nvvm.cluster.arrive
    llvm.return
  }
}

// -----

gpu.module @colt5_kernels {
  llvm.func @assembly() attributes {gpu.kernel, nvvm.kernel} {
    // expected-error @+1 {{'llvm.inline_asm' op 'setmaxnreg.dec.sync.aligned.u32' needs set_max_registers (sm_90a), found sm_80}}
    llvm.inline_asm has_side_effects "setmaxnreg.dec.sync.aligned.u32 40;", "" : () -> ()
    llvm.return
  }
}

// -----

gpu.module @colt5_kernels {
  llvm.func @good() attributes {gpu.kernel, nvvm.kernel} {
    llvm.return
  }
  // What LLVM cannot select ends LLVM's process, not this one, and the message names the kernel.
  // expected-error @+1 {{kernel 'abort': LLVM cannot generate code for sm_80 as PTX 7.0: Cannot select: intrinsic %llvm.nvvm.setmaxnreg.inc.sync.aligned.u32}}
  llvm.func @abort() attributes {gpu.kernel, nvvm.kernel} {
    %count = llvm.mlir.constant(160 : i32) : i32
    llvm.call_intrinsic "llvm.nvvm.setmaxnreg.inc.sync.aligned.u32"(%count) : (i32) -> ()
    llvm.return
  }
}

// -----

gpu.module @colt5_kernels {
  llvm.func @__nv_expf(f32) -> f32
  llvm.func @library(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    %x = llvm.load %p : !llvm.ptr -> f32
    // expected-error @+1 {{expected PTX that calls nothing else, found '__nv_expf'; a lowering left a call of a library, which no driver can resolve}}
    %y = llvm.call @__nv_expf(%x) : (f32) -> f32
    llvm.store %y, %p : f32, !llvm.ptr
    llvm.return
  }
}

// -----

gpu.module @colt5_kernels {
  llvm.func @malloc(i64) -> !llvm.ptr
  llvm.func @heap(%p: !llvm.ptr, %n: i64) attributes {gpu.kernel, nvvm.kernel} {
    // expected-error @+1 {{expected PTX that calls nothing else, found 'malloc'; a kernel does not allocate: a buffer was left without a place in shared memory or the workspace}}
    %memory = llvm.call @malloc(%n) : (i64) -> !llvm.ptr
    llvm.store %memory, %p : !llvm.ptr, !llvm.ptr
    llvm.return
  }
}

// -----

gpu.module @colt5_kernels {
  llvm.mlir.global internal @tile() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<49156 x i8>
  // expected-error @+1 {{kernel 'fixed': expected at most 49152 bytes of static shared memory, found 49156; use dynamic shared memory}}
  llvm.func @fixed() attributes {gpu.kernel, nvvm.kernel} {
    llvm.call @use() : () -> ()
    llvm.return
  }
  llvm.func @use() {
    %tile = llvm.mlir.addressof @tile : !llvm.ptr<3>
    %zero = llvm.mlir.constant(0 : i8) : i8
    llvm.store %zero, %tile : i8, !llvm.ptr<3>
    llvm.return
  }
}

// -----

gpu.module @colt5_kernels {
  llvm.mlir.global internal @tile() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<1024 x i8>
  // expected-error @+1 {{kernel 'dynamic': expected at most 166912 bytes of shared memory on sm_80, found 1024 static and 165889 dynamic ones; use smaller tiles or fewer stages}}
  llvm.func @dynamic() attributes {gpu.kernel, nvvm.kernel, colt5.dynamic_shared_bytes = 165889 : i64} {
    %tile = llvm.mlir.addressof @tile : !llvm.ptr<3>
    %zero = llvm.mlir.constant(0 : i8) : i8
    llvm.store %zero, %tile : i8, !llvm.ptr<3>
    llvm.return
  }
}

// -----

gpu.module @colt5_kernels {
  llvm.func @early() attributes {gpu.kernel, nvvm.kernel} {
    // expected-error @+1 {{'arith.constant' op is not an op of the llvm or nvvm dialect; lower the module to stage nvvm first}}
    %zero = arith.constant 0 : i32
    llvm.return
  }
}
