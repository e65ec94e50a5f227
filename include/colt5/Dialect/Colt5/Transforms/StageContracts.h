// What holds for a module after each stage, in words and as a check.
#ifndef COLT5_DIALECT_COLT5_TRANSFORMS_STAGECONTRACTS_H
#define COLT5_DIALECT_COLT5_TRANSFORMS_STAGECONTRACTS_H

#include "mlir/IR/Operation.h"

namespace mlir::colt5 {

/// What must hold after one stage. A stage of this name has this contract for every target.
struct StageContract {
  StringRef stage;
  /// For users.
  StringRef text;
  /// Reports every violation under `root`.
  LogicalResult (*check)(Operation *root);
};

/// One contract per stage; those of a target keep the order of its stages.
ArrayRef<StageContract> getStageContracts();

/// The contract of `stage`, or null.
const StageContract *findStageContract(StringRef stage);

} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_TRANSFORMS_STAGECONTRACTS_H
