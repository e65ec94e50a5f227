#ifndef COLT5_LIB_DIALECT_COLT5_TRANSFORMS_STAGECONTRACTS_H
#define COLT5_LIB_DIALECT_COLT5_TRANSFORMS_STAGECONTRACTS_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/Operation.h"

namespace mlir::colt5 {

/// What must hold after one stage; `check` reports every violation under `root`.
struct StageContract {
  StringRef stage;
  LogicalResult (*check)(Operation *root);
};

/// One contract per stage, in the order of the stages.
ArrayRef<StageContract> getStageContracts();

/// Fails when `launch`, which stands in host code, hands host memory to its kernel.
LogicalResult checkKernelMemory(gpu::LaunchFuncOp launch);

} // namespace mlir::colt5

#endif // COLT5_LIB_DIALECT_COLT5_TRANSFORMS_STAGECONTRACTS_H
