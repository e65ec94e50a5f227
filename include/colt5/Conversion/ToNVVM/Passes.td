//===- Passes.td - From gpu.func to NVVM and host entries --*- tablegen -*-===//

#ifndef COLT5_CONVERSION_TONVVM_PASSES_TD
#define COLT5_CONVERSION_TONVVM_PASSES_TD

include "mlir/Pass/PassBase.td"

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

#endif // COLT5_CONVERSION_TONVVM_PASSES_TD
