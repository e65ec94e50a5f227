// gather and scatter_combine: one element per thread, neighbours in a row.
#include "Lowerings.h"

#include "colt5/Codegen/Common/Divisibility.h"
using namespace mlir;
using namespace mlir::colt5;

static void lowerGather(BlockBuilder &b, GatherOp op) {
  int64_t batchDims = op.getBatchDims();
  Value source = op.getSource(), out = op.getOuts()[0];
  unsigned slotRank = cast<MemRefType>(op.getIndices().getType()).getRank();
  auto sourceType = cast<MemRefType>(source.getType());
  int64_t last = sourceType.getRank() - 1, outLast = cast<MemRefType>(out.getType()).getRank() - 1;
  bool hasRows = last > batchDims && outLast >= int64_t(slotRank);
  int64_t width = hasRows ? std::min(getVectorWidth(source, last), getVectorWidth(out, outLast)) : 1;
  Type element = sourceType.getElementType();
  Type type = width == 1 ? element : VectorType::get({width}, element);
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
  Value limit = b.size(source, batchDims);
  b.distribute(b.sizesOf(out), width, [&](ValueRange at) {
    ValueRange slot = at.take_front(slotRank);
    auto checked = loadCheckedIndex(b, op, op.getIndices(), slot, limit, op.getTrusted(), op.getValid());
    Value row = checked.first, named = checked.second;
    auto read = [&]() -> SmallVector<Value> {
      SmallVector<Value> from(at.take_front(batchDims));
      from.push_back(row);
      llvm::append_range(from, at.drop_front(slotRank));
      Value value = b.loadAligned(source, from, width);
      if (!op.getScale())
        return {value};
      return {b.convertFloat(b.multiplyFloats(value, b.load(op.getScale(), slot)), element)};
    };
    Value value = b.ifElse(named, type, read, [&]() -> SmallVector<Value> { return {zero}; })[0];
    b.storeAligned(value, out, at);
  });
}

/// Slots are visited in order by the thread of their column, because several may name one row.
static void lowerScatter(BlockBuilder &b, ScatterCombineOp op) {
  Value base = op.getOuts()[0], updates = op.getUpdates();
  Value limit = b.size(base, 1);
  bool isAdd = op.getCombine() == CombineKind::Add;
  SmallVector<Value> slots = b.sizesOf(op.getIndices());
  int64_t width = std::min(getVectorWidth(base, 2), getVectorWidth(updates, slots.size()));
  auto update = [&](ValueRange slot, Value column) {
    auto checked = loadCheckedIndex(b, op, op.getIndices(), slot, limit, op.getTrusted(), op.getValid());
    Value row = checked.first, named = checked.second;
    b.ifThen(named, [&] {
      SmallVector<Value> from(slot), to{slot[0], row, column};
      from.push_back(column);
      Value value = b.loadAligned(updates, from, width);
      Type element = cast<MemRefType>(base.getType()).getElementType();
      Type wide = getScoreType(element);
      value = op.getWeight() ? b.multiplyFloats(value, b.load(op.getWeight(), slot))
                             : b.convertFloat(value, wide);
      if (isAdd)
        value = arith::AddFOp::create(
            b, b.convertFloat(b.loadAligned(base, to, width), getElementTypeOrSelf(value.getType())), value);
      b.storeAligned(b.convertFloat(value, element), base, to);
    });
  };
  Value columns = b.size(base, 2);
  // A row of slots names every token at most once; rows of different routes may share tokens.
  bool oneRoute = slots.size() == 2;
  if (op.getUnique() && oneRoute) {
    slots.push_back(columns);
    b.distribute(slots, width, [&](ValueRange at) { update(at.drop_back(), at.back()); });
    return;
  }
  b.distribute({slots[0], columns}, width, [&](ValueRange at) {
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
