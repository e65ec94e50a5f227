// What holds for a module after a stage, in words and as a check, and what the checks share.
#ifndef COLT5_STAGES_COMMON_CONTRACT_H
#define COLT5_STAGES_COMMON_CONTRACT_H

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Operation.h"

namespace mlir::colt5 {

/// What must hold after a stage.
struct StageContract {
  /// For users.
  StringRef text;
  /// Reports every violation under `root`.
  LogicalResult (*check)(Operation *root);
};

/// Runs `check` on every op under `root`; every op that fails has been reported.
LogicalResult checkEvery(Operation *root, function_ref<LogicalResult(Operation *)> check);

/// An op that does the work of a kernel, on tensors or memrefs: linalg, or a primitive or composite of colt5.
/// `colt5.launch` and `colt5.kernel` are kernels themselves.
bool isWorkOp(Operation *op);

/// Whether `forall` is mapped to anything.
bool isMapped(scf::ForallOp forall);

/// Whether a mapped `scf.forall` stands around `op`.
bool isInMappedForall(Operation *op);

/// Whether `op` is in the region of a `colt5.kernel`, which says what the kernel computes and is no code.
bool isInKernelOp(Operation *op);

} // namespace mlir::colt5

#endif // COLT5_STAGES_COMMON_CONTRACT_H
