// block_summary: the threads check the mask together, then take one element of a summary each.
#include "Lowerings.h"

using namespace mlir;
using namespace mlir::colt5;

/// Length of the prefix of ones of row `batch`, equal in all threads; a one after a zero sets the error word.
static Value prefixLength(BlockBuilder &b, BlockSummaryOp op, Value batch, Value tokens, Value scratch) {
  if (!op.getMask())
    return tokens;
  // The length is the position of the first zero.
  Value firstZero = b.loop(b.thread(), tokens, b.getNumThreads(), tokens,
                           [&](Value i, ValueRange carried) -> SmallVector<Value> {
                             Value isOne = b.load(op.getMask(), {batch, i});
                             return {b.select(isOne, carried[0], b.min(carried[0], i))};
                           })[0];
  Value length = b.reduceBlock(firstZero, scratch, [](LoopBuilder &builder, Value lhs, Value rhs) -> Value {
    return builder.min(lhs, rhs);
  });
  b.distribute(tokens, [&](Value i) {
    Value isBehind = b.compare(arith::CmpIPredicate::sgt, i, length);
    setErrorWord(b, op, b.andI(isBehind, b.load(op.getMask(), {batch, i})));
  });
  // The scratch is free for the next row.
  b.barrier();
  return length;
}

LogicalResult colt5::lowerSimtBlockSummary(BlockBuilder &b, Operation *operation) {
  auto op = dyn_cast<BlockSummaryOp>(operation);
  if (!op)
    return failure();
  Value x = op.getX(), summary = op.getOuts()[0], valid = op.getOuts()[1], ids = op.getOuts()[2];
  Type element = cast<MemRefType>(x.getType()).getElementType(), i32 = b.getI32Type();
  Type type = getScoreType(element);
  Value tokens = b.size(x, 1), width = b.size(x, 2), slots = b.size(summary, 1);
  Value size = b.index(op.getSize()), zero = b.index(0), one = b.index(1);
  bool adopt = op.getOrphans() == Orphans::Adopt;
  Value scratch = op.getMask() ? b.allocateShared(operation, {b.getNumWarps()}, b.getIndexType()) : Value();

  b.loop(zero, b.size(x, 0), [&](Value batch) {
    Value length = prefixLength(b, op, batch, tokens, scratch);
    Value full = b.floorDiv(length, size);
    Value last = b.sub(full, one), covered = adopt ? length : b.mul(full, size);
    Value isSome = b.compare(arith::CmpIPredicate::sgt, full, zero);
    b.distribute(tokens, [&](Value i) {
      Value inside = b.andI(b.compare(arith::CmpIPredicate::slt, i, covered), isSome);
      Value block = b.fromIndex(i32, b.min(b.floorDiv(i, size), last));
      b.store(b.select(inside, block, b.integer(i32, kNoToken)), ids, {batch, i});
    });
    b.distribute(slots, [&](Value slot) {
      b.store(b.compare(arith::CmpIPredicate::slt, slot, full), valid, {batch, slot});
    });
    b.distribute({slots, width}, [&](ValueRange at) {
      Value slot = at[0], column = at[1];
      Value live = b.compare(arith::CmpIPredicate::slt, slot, full);
      Value lo = b.mul(slot, size), hi = b.add(lo, size);
      if (adopt)
        hi = b.select(b.compare(arith::CmpIPredicate::eq, slot, last), length, hi);
      // A dead block is an empty range of tokens.
      hi = b.select(live, hi, lo);
      Value sum =
          b.loop(lo, hi, 1, b.real(type, 0.0), [&](Value i, ValueRange carried) -> SmallVector<Value> {
            Value value = b.convertFloat(b.load(x, {batch, i, column}), type);
            return {arith::AddFOp::create(b, carried[0], value)};
          })[0];
      if (op.getReduce() == BlockReduce::Mean) {
        Value count = arith::UIToFPOp::create(b, type, b.fromIndex(b.getI64Type(), b.sub(hi, lo)));
        sum = arith::DivFOp::create(b, sum, b.select(live, count, b.real(type, 1.0)));
      }
      b.store(b.convertFloat(sum, element), summary, {batch, slot, column});
    });
  });
  return success();
}
