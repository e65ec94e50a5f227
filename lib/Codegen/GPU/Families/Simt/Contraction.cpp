// Contractions: tiles of outputs in the registers of the threads, operands staged in shared memory.
#include "ContractionEmitter.h"
#include "Lowerings.h"
#include "SimtSchedule.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace mlir::colt5;

/// Assumed for extents without a known bound.
static constexpr int64_t kUnknownExtent = 64;

void colt5::absorbZeroFills(Operation *kernel) {
  SmallVector<linalg::LinalgOp> ops;
  kernel->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
  for (linalg::LinalgOp op : ops) {
    StringRef reason;
    FailureOr<ContractionSpec> info = matchContraction(op, reason);
    if (failed(info))
      continue;
    SmallVector<linalg::FillOp> fills = findZeroFills(op, *info);
    if (fills.empty())
      continue;
    op->setAttr(kZeroInitAttr, UnitAttr::get(op.getContext()));
    for (linalg::FillOp fill : fills)
      fill->erase();
  }
}

static int64_t getUpperBound(linalg::LinalgOp op, const ContractionOperand &operand, unsigned loop) {
  int64_t dim = operand.dimOf(loop), size = op.getStaticLoopRanges()[loop];
  if (!ShapedType::isDynamic(size))
    return size;
  FailureOr<int64_t> bound = ValueBoundsConstraintSet::computeConstantBound(
      presburger::BoundType::UB, ValueBoundsConstraintSet::Variable(operand.memref, dim),
      /*stopCondition=*/nullptr, /*closedUB=*/true);
  return succeeded(bound) ? *bound : kUnknownExtent;
}

LogicalResult colt5::lowerSimtContraction(BlockBuilder &b, Operation *op) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  StringRef reason;
  FailureOr<ContractionSpec> info =
      linalgOp ? matchContraction(linalgOp, reason) : FailureOr<ContractionSpec>();
  if (failed(info))
    return failure();
  ContractionTiling tiling =
      chooseContractionTiling(*info, getUpperBound(linalgOp, info->a, info->m),
                              getUpperBound(linalgOp, info->b[0], info->n), getSimtSchedule(op));
  ContractionEmitter(b, linalgOp, *info, op->hasAttr(kZeroInitAttr), tiling).emit();
  return success();
}
