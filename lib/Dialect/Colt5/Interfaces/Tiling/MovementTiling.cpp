#include "Models.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Dialect/Colt5/Interfaces/StructuredTiling.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5;

static int64_t getRank(Value value) { return cast<ShapedType>(value.getType()).getRank(); }

/// The loops `first`, `first + 1`, ..., `count` of them.
static SmallVector<DimMap> getLoops(unsigned first, unsigned count) {
  SmallVector<DimMap> dims;
  for (unsigned i = 0; i < count; ++i)
    dims.push_back(DimMap::of(first + i));
  return dims;
}

namespace {
/// One loop per dimension of the result: batch, slots, rest.
struct GatherTiling : StructuredTiling<GatherTiling, GatherOp> {
  static LoopSpace getLoopSpace(GatherOp op) {
    Value out = op.getOuts()[0];
    unsigned rank = getRank(out), batch = op.getBatchDims(), rest = getRank(op.getSource()) - batch - 1;
    LoopSpace space;
    space.iterators.assign(rank, utils::IteratorType::parallel);
    SmallVector<DimMap> source = getLoops(0, batch);
    source.push_back(DimMap::whole());
    source.append(getLoops(rank - rest, rest));
    SmallVector<DimMap> slots = getLoops(0, rank - rest);
    space.add(op.getSource(), source);
    space.add(op.getIndices(), slots);
    space.add(op.getValid(), slots);
    space.add(op.getScale(), slots);
    space.add(out, getLoops(0, rank));
    return space;
  }
};

/// One loop per batch dimension.
struct RmsScaleTiling : StructuredTiling<RmsScaleTiling, RmsScaleOp> {
  static LoopSpace getLoopSpace(RmsScaleOp op) {
    unsigned batch = getRank(op.getOuts()[0]);
    LoopSpace space;
    space.iterators.assign(batch, utils::IteratorType::parallel);
    SmallVector<DimMap> rows = getLoops(0, batch), x = rows;
    x.push_back(DimMap::whole());
    space.add(op.getX(), x);
    space.add(op.getMask(), rows);
    space.add(op.getOuts()[0], rows);
    return space;
  }
};

/// Loops (b, h, q).
struct RopeTiling : StructuredTiling<RopeTiling, RopeOp> {
  static LoopSpace getLoopSpace(RopeOp op) {
    DimMap b = DimMap::of(0), h = DimMap::of(1), q = DimMap::of(2);
    LoopSpace space;
    space.iterators.assign(3, utils::IteratorType::parallel);
    space.add(op.getX(), {b, h, q, DimMap::whole()});
    if (getRank(op.getPos()) == 3)
      space.add(op.getPos(), {b, DimMap::coarse(1), q});
    else
      space.add(op.getPos(), {b, q});
    space.add(op.getOuts()[0], {b, h, q, DimMap::whole()});
    return space;
  }
};

/// Loops (b, d). The loop over d is no parallel one: `valid` and `block` are the same for all of its tiles.
struct BlockSummaryTiling : StructuredTiling<BlockSummaryTiling, BlockSummaryOp> {
  static LoopSpace getLoopSpace(BlockSummaryOp op) {
    DimMap b = DimMap::of(0), d = DimMap::of(1), whole = DimMap::whole();
    LoopSpace space;
    space.iterators = {utils::IteratorType::parallel, utils::IteratorType::reduction};
    space.add(op.getX(), {b, whole, d});
    space.add(op.getMask(), {b, whole});
    space.add(op.getOuts()[0], {b, whole, d});
    space.add(op.getOuts()[1], {b, whole});
    space.add(op.getOuts()[2], {b, whole});
    return space;
  }
};
} // namespace

void colt5::attachMovementTiling(MLIRContext &context) {
  GatherOp::attachInterface<GatherTiling>(context);
  RmsScaleOp::attachInterface<RmsScaleTiling>(context);
  RopeOp::attachInterface<RopeTiling>(context);
  BlockSummaryOp::attachInterface<BlockSummaryTiling>(context);
}

std::optional<LoopSpace> colt5::getMovementLoopSpace(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<LoopSpace>>(op)
      .Case([](GatherOp typed) { return GatherTiling::getLoopSpace(typed); })
      .Case([](RmsScaleOp typed) { return RmsScaleTiling::getLoopSpace(typed); })
      .Case([](RopeOp typed) { return RopeTiling::getLoopSpace(typed); })
      .Case([](BlockSummaryOp typed) { return BlockSummaryTiling::getLoopSpace(typed); })
      .Default(std::nullopt);
}
