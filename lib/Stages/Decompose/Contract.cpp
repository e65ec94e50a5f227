#include "colt5/Stages/Decompose/Contract.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Common/Accumulators.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::colt5;

/// Nothing is accumulated in a type that would round every partial result.
static LogicalResult checkAccumulators(Operation *op) {
  if (auto scatter = dyn_cast<ScatterCombineOp>(op))
    return checkRepeatedRows(scatter);
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  for (unsigned output = 0; linalgOp && output < linalgOp.getNumDpsInits(); ++output)
    if (roundsPartialResults(linalgOp, output))
      return op->emitOpError("accumulates in ") << linalgOp.getRegionOutputArgs()[output].getType()
                                                << ", expected f32; run colt5-widen-accumulators";
  return success();
}

static LogicalResult checkDecompose(Operation *root) {
  return checkEvery(root, [](Operation *op) -> LogicalResult {
    if (isa<linalg::AggregatedOpInterface>(op))
      return op->emitOpError("is a composite op, expected primitives and linalg only; run colt5-decompose");
    return checkAccumulators(op);
  });
}

const StageContract colt5::kDecomposeContract = {
    "no composite op; partial results of sums and scatters are not rounded to 16 bits", checkDecompose};
