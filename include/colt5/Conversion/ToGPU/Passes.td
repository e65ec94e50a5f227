//===- Passes.td - From tiled loops to gpu.launch_func -----*- tablegen -*-===//

#ifndef COLT5_CONVERSION_TOGPU_PASSES_TD
#define COLT5_CONVERSION_TOGPU_PASSES_TD

include "mlir/Pass/PassBase.td"

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

#endif // COLT5_CONVERSION_TOGPU_PASSES_TD
