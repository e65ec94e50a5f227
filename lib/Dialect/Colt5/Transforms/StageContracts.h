#ifndef COLT5_LIB_DIALECT_COLT5_TRANSFORMS_STAGECONTRACTS_H
#define COLT5_LIB_DIALECT_COLT5_TRANSFORMS_STAGECONTRACTS_H

#include "mlir/IR/Operation.h"

namespace mlir::colt5 {

/// What must hold after one stage; `check` reports every violation under `root`.
struct StageContract {
  StringRef stage;
  LogicalResult (*check)(Operation *root);
};

/// One contract per stage, in the order of the stages.
ArrayRef<StageContract> getStageContracts();

} // namespace mlir::colt5

#endif // COLT5_LIB_DIALECT_COLT5_TRANSFORMS_STAGECONTRACTS_H
