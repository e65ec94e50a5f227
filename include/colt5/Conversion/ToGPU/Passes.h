#ifndef COLT5_CONVERSION_TOGPU_PASSES_H
#define COLT5_CONVERSION_TOGPU_PASSES_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::colt5 {

/// The one module that holds the kernels.
inline constexpr llvm::StringLiteral kKernelModuleName = "colt5_kernels";
/// On a kernel: bytes of dynamic shared memory of a launch (i64).
inline constexpr llvm::StringLiteral kDynamicSharedAttr = "colt5.dynamic_shared_bytes";
/// What a kernel may have as static shared memory, in bytes.
inline constexpr int64_t kStaticSharedLimit = 48 << 10;

/// The `gpu.module @colt5_kernels` of `module`, made when there is none.
gpu::GPUModuleOp getOrCreateKernelModule(ModuleOp module);

#define GEN_PASS_DECL
#include "colt5/Conversion/ToGPU/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "colt5/Conversion/ToGPU/Passes.h.inc"

/// Stage `gpu`: kernels become `gpu.func`, merged where equal.
void buildToGPUPipeline(OpPassManager &pm);

/// Registers `buildToGPUPipeline` as `colt5-to-gpu-pipeline`.
void registerColt5ToGPUPipelines();

} // namespace mlir::colt5

#endif // COLT5_CONVERSION_TOGPU_PASSES_H
