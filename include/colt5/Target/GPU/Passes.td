//===- Passes.td - From the nvvm dialect to GPU code -------*- tablegen -*-===//

#ifndef COLT5_TARGET_GPU_PASSES_TD
#define COLT5_TARGET_GPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def Colt5GpuBinary : Pass<"colt5-gpu-binary", "::mlir::ModuleOp"> {
  let summary = "Compile the kernels to PTX and cubin";
  let description = [{
    **Precondition.** The contract of stage `nvvm`, in a module for a GPU (`colt5-set-machine`). **Effect.** Every `gpu.module` becomes a `gpu.binary` of its name
    with an object that holds PTX and, by `format`, one that holds a cubin; the metadata of its kernels tells shared
    memory and, with a cubin, registers, stack and spills. The PTX does not depend on what is installed. It is an
    error when an op needs another chip, shared memory does not fit, LLVM cannot select an instruction, the PTX calls
    what it does not define, or ptxas serializes instructions or spills in a kernel of the family
    `mma_sync` or `wgmma`. **Postcondition.** No `gpu.module` is left. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect", "::mlir::LLVM::LLVMDialect", "::mlir::NVVM::NVVMDialect"];
  let options = [
    Option<"format", "format", "std::string", "\"ptx\"",
           "How far: ptx; cubin, an error without ptxas; or auto, a warning without ptxas">,
    Option<"ptxVersion", "ptx-version", "int", "0",
           "PTX version to write, times ten; 0: that of the chip, which is the same on every machine">,
    Option<"toolkit", "toolkit", "std::string", "\"\"",
           "Folder of the CUDA toolkit; empty: COLT5_CUDA, else CUDA_HOME, CUDA_PATH, CUDA_ROOT, PATH, /usr/local/cuda">
  ];
}

#endif // COLT5_TARGET_GPU_PASSES_TD
