#ifndef COLT5_LIB_CODEGEN_GPU_OUTLINE_KERNELMEMORY_H
#define COLT5_LIB_CODEGEN_GPU_OUTLINE_KERNELMEMORY_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace mlir::colt5 {

/// Fails when `launch`, which stands in host code, hands host memory to its kernel.
LogicalResult checkKernelMemory(gpu::LaunchFuncOp launch);

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_GPU_OUTLINE_KERNELMEMORY_H
