#include "colt5/Codegen/Common/Contract.h"

using namespace mlir;
using namespace mlir::colt5;

static LogicalResult checkLower(Operation *root) {
  return checkEvery(root, [](Operation *op) -> LogicalResult {
    if (isWorkOp(op) && !isInKernelOp(op))
      return op->emitOpError("has not been lowered, expected loops; no lowering of stage 'lower' matched it");
    return success();
  });
}

const StageContract colt5::kLowerContract = {
    "no linalg and no colt5 compute op outside of the regions of colt5.kernel", checkLower};
