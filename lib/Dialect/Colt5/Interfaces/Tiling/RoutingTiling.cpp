// Loops of router_scores: (b, r, n). Loops of soft_topk and topk: (b, r).
#include "Models.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Dialect/Colt5/Interfaces/StructuredTiling.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5;

static int64_t getRank(Value value) { return cast<ShapedType>(value.getType()).getRank(); }
static const DimMap kWhole = DimMap::whole();

namespace {
struct RouterScoresTiling : StructuredTiling<RouterScoresTiling, RouterScoresOp> {
  static LoopSpace getLoopSpace(RouterScoresOp op) {
    DimMap b = DimMap::of(0), r = DimMap::of(1), n = DimMap::of(2);
    LoopSpace space;
    space.iterators.assign(3, utils::IteratorType::parallel);
    space.add(op.getX(), {b, n, kWhole});
    if (getRank(op.getU()) == 3)
      space.add(op.getU(), {b, r, kWhole});
    else
      space.add(op.getU(), {r, kWhole});
    if (Value mask = op.getMask())
      getRank(mask) == 3 ? space.add(mask, {b, r, n}) : space.add(mask, {b, n});
    space.add(op.getOuts()[0], {b, r, n});
    return space;
  }
};

/// `mask` is BxN or BxRxN.
void addMask(LoopSpace &space, Value mask) {
  if (!mask)
    return;
  if (getRank(mask) == 3)
    space.add(mask, {DimMap::of(0), DimMap::of(1), kWhole});
  else
    space.add(mask, {DimMap::of(0), kWhole});
}

struct SoftTopKTiling : StructuredTiling<SoftTopKTiling, SoftTopKOp> {
  static LoopSpace getLoopSpace(SoftTopKOp op) {
    DimMap b = DimMap::of(0), r = DimMap::of(1);
    LoopSpace space;
    space.iterators.assign(2, utils::IteratorType::parallel);
    space.add(op.getScores(), {b, r, kWhole});
    auto kNormType = dyn_cast<ShapedType>(op.getKNorm().getType());
    if (kNormType && kNormType.getRank() == 2)
      space.add(op.getKNorm(), {b, r});
    else
      space.add(op.getKNorm(), {});
    addMask(space, op.getMask());
    space.add(op.getOuts()[0], {b, r, kWhole});
    return space;
  }
};

struct TopKTiling : StructuredTiling<TopKTiling, TopKOp> {
  static LoopSpace getLoopSpace(TopKOp op) {
    DimMap b = DimMap::of(0), r = DimMap::of(1);
    LoopSpace space;
    space.iterators.assign(2, utils::IteratorType::parallel);
    space.add(op.getScores(), {b, r, kWhole});
    addMask(space, op.getMask());
    for (Value out : op.getOuts())
      space.add(out, {b, r, kWhole});
    return space;
  }
};
} // namespace

void colt5::attachRoutingTiling(MLIRContext &context) {
  RouterScoresOp::attachInterface<RouterScoresTiling>(context);
  SoftTopKOp::attachInterface<SoftTopKTiling>(context);
  TopKOp::attachInterface<TopKTiling>(context);
}

std::optional<LoopSpace> colt5::getRoutingLoopSpace(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<LoopSpace>>(op)
      .Case([](RouterScoresOp typed) { return RouterScoresTiling::getLoopSpace(typed); })
      .Case([](SoftTopKOp typed) { return SoftTopKTiling::getLoopSpace(typed); })
      .Case([](TopKOp typed) { return TopKTiling::getLoopSpace(typed); })
      .Default(std::nullopt);
}
