//===- Passes.td - From tiles to kernels in nvvm form ------*- tablegen -*-===//

#ifndef COLT5_CODEGEN_GPU_PASSES_TD
#define COLT5_CODEGEN_GPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def Colt5ClaimKernels : Pass<"colt5-claim-kernels"> {
  let summary = "Let the families that write whole kernels claim the ops of theirs";
  let description = [{
    **Precondition.** `colt5-plan`, and no pass since. **Effect.** The ops of each planned kernel of a family that writes
    whole kernels (`select`) become the region of one `colt5.kernel`: the results that are used elsewhere are its
    outs, with the destinations that the ops start from, and what else the ops use from outside are its inputs. The
    family adds outs as scratch memory. A constant that the body of an op uses, and an undefined tensor that no result
    starts from, are copied into the region. A kernel that its family does not take is an error, which says why.
    **Postcondition.** `colt5-tile` finds kernels of the other families only. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::colt5::Colt5Dialect", "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"numClaimed", "claimed", "Kernels claimed by a family">];
}

def Colt5EmitKernels : Pass<"colt5-emit-kernels", "::mlir::ModuleOp"> {
  let summary = "Let the families write the kernels that they claimed";
  let description = [{
    **Precondition.** `colt5.kernel` ops on memrefs. **Effect.** The family that the plan of the op names writes a
    `gpu.func` for it into `gpu.module @colt5_kernels`, and a `colt5.launch` replaces the op. The parameters have the
    types of the operands, so that sizes, strides and offsets that are known are constants. Shared memory is an alloca
    of the function, up to what the chip has. **Postcondition.** No `colt5.kernel` is left. Numbers do not change.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::colt5::Colt5Dialect", "::mlir::gpu::GPUDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
    "::mlir::nvgpu::NVGPUDialect", "::mlir::NVVM::NVVMDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
  let statistics = [Statistic<"numEmitted", "emitted", "Kernels written by a family">];
}

def LowerSimt : Pass<"colt5-lower-simt"> {
  let summary = "Lower kernels on memrefs to code executed by the threads of a GPU block";
  let description = [{
    **Precondition.** Bufferized code with kernels that are mapped `scf.forall` ops. **Effect.** In every kernel, each
    linalg op, colt5 primitive and copy becomes code that the threads of a block execute together (`gpu.thread_id x`), followed by
    a barrier; control flow around the ops is the same in all threads. Parallel loops are spread over the
    threads, row statistics over the lanes of a warp. Index errors set the error word of the function. The forall gets
    the attribute `colt5.threads`. **Postcondition.** No compute op is left in a kernel. Numbers may change by the
    order of summation, which depends on sizes and the number of threads only.
  }];
  let statistics = [Statistic<"numLowered", "lowered", "Ops lowered">];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect", 
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"
  ];
}

def Colt5CopiesToKernels : Pass<"colt5-copies-to-kernels", "::mlir::ModuleOp"> {
  let summary = "Let kernels do what host code would do to device memory";
  let description = [{
    **Precondition.** Bufferized code for a GPU, with buffers in device memory. **Effect.** Outside of kernels,
    every copy between buffers becomes a mapped `scf.forall` over tiles of a copy, and every store a kernel of one
    block. A load cannot become a kernel: it is an error that names the buffer. **Postcondition.** Host code
    computes sizes and views only. Numbers do not change.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::colt5::Colt5Dialect",
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
  let statistics = [Statistic<"numKernels", "kernels", "Copies and stores turned into kernels">];
}

def Colt5OutlineGpu : Pass<"colt5-outline-gpu", "::mlir::ModuleOp"> {
  let summary = "Turn mapped foralls and colt5.launch into gpu.launch_func";
  let description = [{
    **Precondition.** Kernels are mapped `scf.forall` ops with `colt5.threads` and the code of a thread block as
    their bodies, or `colt5.launch` ops on memrefs. **Effect.** The body of each forall becomes a `gpu.func` of
    `gpu.module @colt5_kernels` and is launched with one block per iteration, numbered in row-major order along x;
    the kernel of each `colt5.launch` gets the types of its operands. A kernel has one pointer (`!llvm.ptr`, to the
    first element, but for an offset that the type names) per buffer and one i64 per dynamic size, dynamic stride and
    index. A constant of the module, or a view of one, is no argument: the kernel module has a copy. Launches of empty
    grids are skipped. Public functions have one more argument, `%launcher`. **Postcondition.** No `scf.forall`,
    `colt5.launch` or `colt5.thread_id` is left. Numbers do not change.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::gpu::GPUDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
  let statistics = [Statistic<"numKernels", "kernels", "Kernels outlined">];
}

def Colt5AssignSharedMemory : Pass<"colt5-assign-shared-memory", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Give every shared buffer of a kernel its place";
  let description = [{
    **Precondition.** Shared memory is a `memref.alloca` in `#gpu.address_space<workgroup>` at the top of a
    `gpu.func`. **Effect.** Up to 48 KiB per kernel become workgroup attributions. A kernel that needs more takes
    all of it from dynamic shared memory; its size in bytes is the kernel's attribute `colt5.dynamic_shared_bytes`.
    **Postcondition.** No such alloca is left; one anywhere else is an error, because it would become a heap
    allocation. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect", "::mlir::memref::MemRefDialect"];
}

def Colt5MergeGpuKernels : Pass<"colt5-merge-gpu-kernels", "::mlir::ModuleOp"> {
  let summary = "Keep one of several equal gpu.func kernels";
  let description = [{
    **Precondition.** `colt5-outline-gpu`. **Effect.** Of kernels with equal attributes and bodies, locations
    and names aside, the first stays and all launches name it: layers of one shape share their kernels.
    **Postcondition.** No two kernels of a `gpu.module` are equal. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect"];
  let statistics = [Statistic<"numMerged", "merged", "Kernels merged into an equal one">];
}

def Colt5ConvertDevice : Pass<"colt5-convert-device", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Convert a gpu.module to the llvm and nvvm dialects";
  let description = [{
    **Precondition.** Kernels of gpu, cf, arith, math, vector, memref and nvvm ops; transcendental math is expanded.
    **Effect.** Converts all of it; index is 64 bit. Unlike upstream's pass nothing becomes a call of libdevice:
    what has no instruction is an error that names the op. Workgroup attributions become globals in shared memory.
    **Postcondition.** The module holds llvm and nvvm ops only. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::NVVM::NVVMDialect"];
}

def Colt5LaunchesToCalls : Pass<"colt5-launches-to-calls", "::mlir::ModuleOp"> {
  let summary = "Call the launcher of colt5-abi/gpu.h for every gpu.launch_func";
  let description = [{
    **Precondition.** `colt5-outline-gpu`. **Effect.** Each launch fills an array of parameter addresses and calls
    the launcher with the kernel's number, which is its position in its `gpu.module`. After a launch that failed, no
    other one is started. **Postcondition.** No `gpu.launch_func` is left. Numbers do not change.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::scf::SCFDialect"
  ];
}

#endif // COLT5_CODEGEN_GPU_PASSES_TD
