#include "colt5/Stages/Common/Accumulators.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::colt5;

bool colt5::roundsPartialResults(linalg::LinalgOp op, unsigned output) {
  BlockArgument accumulator = op.getRegionOutputArgs()[output];
  auto type = dyn_cast<FloatType>(accumulator.getType());
  if (!type || type.getWidth() >= 32 || op.getNumReductionLoops() == 0)
    return false;
  SetVector<Operation *> steps;
  getForwardSlice(accumulator, &steps);
  return !llvm::all_of(steps,
                       llvm::IsaPred<arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp, arith::MinNumFOp,
                                     arith::CmpFOp, arith::SelectOp, linalg::YieldOp>);
}

bool colt5::roundsRepeatedRows(ScatterCombineOp op) {
  if (op.getCombine() != CombineKind::Add || op.getUnique())
    return false;
  Type row = getElementTypeOrSelf(op.getOuts()[0]), update = getElementTypeOrSelf(op.getUpdates());
  return row.getIntOrFloatBitWidth() <
         std::max(getScoreType(row).getIntOrFloatBitWidth(), getScoreType(update).getIntOrFloatBitWidth());
}

LogicalResult colt5::checkRepeatedRows(ScatterCombineOp op) {
  if (!roundsRepeatedRows(op))
    return success();
  return op.emitOpError("may add several slots to one row of ")
         << getElementTypeOrSelf(op.getOuts()[0])
         << ", expected `unique` or a base that holds their sum; run colt5-widen-accumulators on tensors";
}
