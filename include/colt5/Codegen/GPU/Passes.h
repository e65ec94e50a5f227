#ifndef COLT5_CODEGEN_GPU_PASSES_H
#define COLT5_CODEGEN_GPU_PASSES_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::colt5 {

/// The one module that holds the kernels.
inline constexpr llvm::StringLiteral kKernelModuleName = "colt5_kernels";

/// The `gpu.module @colt5_kernels` of `module`, made when there is none.
gpu::GPUModuleOp getOrCreateKernelModule(ModuleOp module);

#define GEN_PASS_DECL
#include "colt5/Codegen/GPU/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "colt5/Codegen/GPU/Passes.h.inc"

/// Stage `gpu`: kernels become `gpu.func`, merged where equal.
void buildGPUStage(OpPassManager &pm);

/// Stage `nvvm`: kernels become llvm and nvvm ops, host functions the LLVM dialect with C entries.
void buildNVVMStage(OpPassManager &pm);

/// Registers the two as `colt5-gpu-stage` and `colt5-nvvm-stage`.
void registerGPUStage();
void registerNVVMStage();

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_GPU_PASSES_H
