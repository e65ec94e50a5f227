// gather and scatter_combine: one element per thread, neighbours in a row.
#include "Lowerings.h"

using namespace mlir;
using namespace mlir::colt5;

static Value multiply(LoopBuilder &b, Value value, Value factor) {
  Type score = getScoreType(value.getType()), other = getScoreType(factor.getType());
  Type wide = score.getIntOrFloatBitWidth() >= other.getIntOrFloatBitWidth() ? score : other;
  return arith::MulFOp::create(b, b.convertFloat(value, wide), b.convertFloat(factor, wide));
}

static void lowerGather(BlockBuilder &b, GatherOp op) {
  int64_t batchDims = op.getBatchDims();
  Value source = op.getSource(), out = op.getOuts()[0];
  unsigned slotRank = cast<MemRefType>(op.getIndices().getType()).getRank();
  Value zero =
      arith::ConstantOp::create(b, b.getZeroAttr(cast<MemRefType>(source.getType()).getElementType()));
  Value limit = b.size(source, batchDims);
  b.distribute(b.sizesOf(out), [&](ValueRange at) {
    ValueRange slot = at.take_front(slotRank);
    auto checked = loadCheckedIndex(b, op, op.getIndices(), slot, limit, op.getTrusted(), op.getValid());
    Value row = checked.first, named = checked.second;
    auto read = [&]() -> SmallVector<Value> {
      SmallVector<Value> from(at.take_front(batchDims));
      from.push_back(row);
      llvm::append_range(from, at.drop_front(slotRank));
      Value value = b.load(source, from);
      if (!op.getScale())
        return {value};
      return {b.convertFloat(multiply(b, value, b.load(op.getScale(), slot)), value.getType())};
    };
    Value value = b.choose(named, zero.getType(), read, [&]() -> SmallVector<Value> { return {zero}; })[0];
    b.store(value, out, at);
  });
}

/// Slots are visited in order by the thread of their column, because several may name one row.
static void lowerScatter(BlockBuilder &b, ScatterCombineOp op) {
  Value base = op.getOuts()[0], updates = op.getUpdates();
  Value limit = b.size(base, 1);
  bool isAdd = op.getCombine() == CombineKind::Add;
  SmallVector<Value> slots = b.sizesOf(op.getIndices());
  auto update = [&](ValueRange slot, Value column) {
    auto checked = loadCheckedIndex(b, op, op.getIndices(), slot, limit, op.getTrusted(), op.getValid());
    Value row = checked.first, named = checked.second;
    b.branch(named, [&] {
      SmallVector<Value> from(slot), to{slot[0], row, column};
      from.push_back(column);
      Value value = b.load(updates, from);
      Type element = cast<MemRefType>(base.getType()).getElementType();
      Type wide = getScoreType(element);
      value = op.getWeight() ? multiply(b, value, b.load(op.getWeight(), slot)) : b.convertFloat(value, wide);
      if (isAdd)
        value = arith::AddFOp::create(b, b.convertFloat(b.load(base, to), value.getType()), value);
      b.store(b.convertFloat(value, element), base, to);
    });
  };
  Value columns = b.size(base, 2);
  // A row of slots names every token at most once; rows of different routes may share tokens.
  bool oneRoute = slots.size() == 2;
  if (op.getUnique() && oneRoute) {
    slots.push_back(columns);
    b.distribute(slots, [&](ValueRange at) { update(at.drop_back(), at.back()); });
    return;
  }
  b.distribute({slots[0], columns}, [&](ValueRange at) {
    b.nest(ArrayRef(slots).drop_front(), [&](ValueRange rest) {
      SmallVector<Value> slot{at[0]};
      llvm::append_range(slot, rest);
      update(slot, at[1]);
    });
  });
}

LogicalResult colt5::lowerSimtMovement(BlockBuilder &b, Operation *op) {
  if (auto gather = dyn_cast<GatherOp>(op))
    lowerGather(b, gather);
  else if (auto scatter = dyn_cast<ScatterCombineOp>(op))
    lowerScatter(b, scatter);
  else
    return failure();
  return success();
}
