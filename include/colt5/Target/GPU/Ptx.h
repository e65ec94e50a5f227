#ifndef COLT5_TARGET_GPU_PTX_H
#define COLT5_TARGET_GPU_PTX_H

#include "colt5/Machine/Machine.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace mlir::colt5 {

/// Fails with a message at the op unless `kernels` (stage nvvm) can become PTX for `chip`: its ops exist
/// there, PTX version `ptxVersion` knows the chip, and static and dynamic shared memory of every kernel fit.
LogicalResult checkKernels(gpu::GPUModuleOp kernels, const Machine &chip, int ptxVersion);

/// Writes `kernels`, which passed `checkKernels`, as PTX. What makes LLVM abort is a message that names the
/// kernel. The text calls nothing that it does not define. Same module, same text.
FailureOr<std::string> emitPtx(gpu::GPUModuleOp kernels, const Machine &chip, int ptxVersion);

/// Bytes of static shared memory of `kernel`: all that it and what it calls refer to.
int64_t getStaticSharedBytes(LLVM::LLVMFuncOp kernel);

/// The kernels of `module` in order.
SmallVector<LLVM::LLVMFuncOp> getKernels(gpu::GPUModuleOp module);

} // namespace mlir::colt5

#endif // COLT5_TARGET_GPU_PTX_H
