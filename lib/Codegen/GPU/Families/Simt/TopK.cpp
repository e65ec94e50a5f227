// topk: one row after the other. The key of the last selected token is found bit by bit, with one count over
// the block each; then the threads go along the row and place what is selected, in index order by sums over
// the block, in score order by counting what comes before.
#include "Lowerings.h"
#include "colt5/Codegen/GPU/Selection.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Selects from tokens [first, first + length) of a row into slots from `base` on.
class Selection {
public:
  Selection(BlockBuilder &b, TopKOp op, Value scratch, ValueRange row)
      : b(b), op(op), scratch(scratch), row(row),
        scoreType(cast<FloatType>(cast<MemRefType>(op.getScores().getType()).getElementType())),
        keyType(b.getIntegerType(scoreType.getWidth())) {}

  void select(Value first, Value length, Value base, Value slots);
  /// Empties `count` slots from `lo` on.
  void clear(Value lo, Value count);

private:
  Value loadKey(Value i);
  Value count(function_ref<Value(Value key)> condition);
  Value sumWarps();
  std::pair<Value, Value> countBefore(Value condition);
  Value findThreshold(Value wanted);
  Value countEarlier(Value i, Value key);
  void placeTokens(Value threshold, Value equals);
  void storeSlot(Value slot, Value i, Value key);

  SmallVector<Value> at(Value last) { return {row[0], row[1], last}; }
  Value i32(int64_t value) { return b.integer(b.getI32Type(), value); }
  Value bits(int64_t value) { return b.integer(keyType, value); }
  Value minusInf() { return b.real(scoreType, -std::numeric_limits<double>::infinity()); }
  Value toCount(Value condition) { return arith::ExtUIOp::create(b, b.getI32Type(), condition); }
  Value isAbove(Value key, Value other) { return b.compare(arith::CmpIPredicate::ugt, key, other); }
  Value isEqual(Value key, Value other) { return b.compare(arith::CmpIPredicate::eq, key, other); }

  BlockBuilder &b;
  TopKOp op;
  /// Shared memory, one i32 per warp.
  Value scratch;
  SmallVector<Value> row;
  FloatType scoreType;
  IntegerType keyType;
  /// Of the problem at hand.
  Value first, length, base;
};
} // namespace

/// The key of token `i` of the problem, 0 for a masked one.
Value Selection::loadKey(Value i) {
  Value token = b.add(first, i);
  Value key = makeSelectionKey(b, b.load(op.getScores(), at(token)));
  if (!op.getMask())
    return key;
  return b.select(loadMask(b, op.getMask(), row[0], row[1], token), key, bits(0));
}

/// Number of tokens whose key satisfies `condition` (i32), in every thread.
Value Selection::count(function_ref<Value(Value key)> condition) {
  Value own = b.loop(b.thread(), length, b.getNumThreads(), i32(0),
                     [&](Value i, ValueRange sum) -> SmallVector<Value> {
                       return {b.add(sum[0], toCount(condition(loadKey(i))))};
                     })[0];
  Value total =
      b.reduceBlock(own, scratch, [](LoopBuilder &builder, Value x, Value y) { return builder.add(x, y); });
  b.barrier();
  return total;
}

/// The key of the last of the `wanted` (i32) tokens: the largest with that many at it or above.
Value Selection::findThreshold(Value wanted) {
  Value top = bits(1);
  top = arith::ShLIOp::create(b, top, bits(keyType.getWidth() - 1));
  return b.loop(b.index(0), b.index(keyType.getWidth()), 1, {bits(0), top},
                [&](Value, ValueRange state) -> SmallVector<Value> {
                  Value tried = b.orI(state[0], state[1]);
                  Value reached =
                      count([&](Value key) { return b.compare(arith::CmpIPredicate::uge, key, tried); });
                  Value enough = b.compare(arith::CmpIPredicate::sge, reached, wanted);
                  return {b.select(enough, tried, state[0]), arith::ShRUIOp::create(b, state[1], bits(1))};
                })[0];
}

/// The sum of what `scanBlock` left in the scratch.
Value Selection::sumWarps() {
  Value total = i32(0);
  for (int64_t warp = 0; warp < b.getNumWarps(); ++warp)
    total = b.add(total, b.load(scratch, b.index(warp)));
  return total;
}

/// Number of threads before this one, and of all threads, in which `condition` holds (i32).
std::pair<Value, Value> Selection::countBefore(Value condition) {
  Value before = b.scanBlock(toCount(condition), scratch), total = sumWarps();
  b.barrier();
  return {before, total};
}

/// Number of tokens that come before token `i` in score order.
Value Selection::countEarlier(Value i, Value key) {
  auto tie = op.getTie() == TieBreak::LowestIndex ? arith::CmpIPredicate::ult : arith::CmpIPredicate::ugt;
  return b.loop(b.index(0), length, 1, i32(0), [&](Value j, ValueRange sum) -> SmallVector<Value> {
    Value other = loadKey(j);
    Value isEarlier = b.orI(isAbove(other, key), b.andI(isEqual(other, key), b.compare(tie, j, i)));
    return {b.add(sum[0], toCount(isEarlier))};
  })[0];
}

/// Places the tokens above `threshold` and `equals` (i32) of those at it.
void Selection::placeTokens(Value threshold, Value equals) {
  // Of the equal ones the first few are skipped when ties go to the highest index.
  Value skip = i32(0);
  if (op.getTie() == TieBreak::HighestIndex)
    skip = b.sub(count([&](Value key) { return isEqual(key, threshold); }), equals);
  b.loop(b.index(0), length, b.getNumThreads(), {i32(0), i32(0)},
         [&](Value start, ValueRange before) -> SmallVector<Value> {
           Value i = b.add(start, b.thread());
           Value isInside = b.compare(arith::CmpIPredicate::ult, i, length);
           Value key = b.ifElse(
               isInside, keyType, [&]() -> SmallVector<Value> { return {loadKey(i)}; },
               [&]() -> SmallVector<Value> { return {bits(0)}; })[0];
           Value above = b.andI(isInside, isAbove(key, threshold)),
                 equal = b.andI(isInside, isEqual(key, threshold));
           auto [aboveBefore, allAbove] = countBefore(above);
           auto [equalBefore, allEqual] = countBefore(equal);
           Value aboveRank = b.add(before[0], aboveBefore),
                 equalRank = b.sub(b.add(before[1], equalBefore), skip);
           Value isTaken = b.andI(b.compare(arith::CmpIPredicate::sge, equalRank, i32(0)),
                                  b.compare(arith::CmpIPredicate::slt, equalRank, equals));
           b.ifThen(b.orI(above, b.andI(equal, isTaken)), [&] {
             // In index order the equal tokens before this one that are taken count too.
             Value slot = op.getOrder() == SlotOrder::Score
                              ? countEarlier(i, key)
                              : b.add(aboveRank, b.max(b.min(equalRank, equals), i32(0)));
             storeSlot(b.add(base, b.toIndex(slot)), i, key);
           });
           return {b.add(before[0], allAbove), b.add(before[1], allEqual)};
         });
}

/// Writes what belongs to token `i` of the problem, whose key is `key`.
void Selection::storeSlot(Value slot, Value i, Value key) {
  Value token = b.add(first, i), valid = b.compare(arith::CmpIPredicate::ne, key, bits(0));
  b.store(b.fromIndex(b.getI32Type(), token), op.getIndicesInit(), at(slot));
  b.store(valid, op.getValidInit(), at(slot));
  if (!op.getValuesInit())
    return;
  Value score = b.load(op.getScores(), at(token));
  Value isShown = b.andI(valid, b.compare(arith::CmpFPredicate::ORD, score, score));
  b.store(b.select(isShown, score, minusInf()), op.getValuesInit(), at(slot));
}

void Selection::clear(Value lo, Value number) {
  b.distribute(number, [&](Value i) {
    SmallVector<Value> slot = at(b.add(lo, i));
    b.store(i32(kNoToken), op.getIndicesInit(), slot);
    b.store(b.boolean(false), op.getValidInit(), slot);
    if (op.getValuesInit())
      b.store(minusInf(), op.getValuesInit(), slot);
  });
}

void Selection::select(Value firstToken, Value numTokens, Value firstSlot, Value slots) {
  first = firstToken;
  length = numTokens;
  base = firstSlot;
  Value wanted = b.min(slots, length), wanted32 = b.fromIndex(b.getI32Type(), wanted);
  Value threshold = findThreshold(wanted32);
  Value equals = b.sub(wanted32, count([&](Value key) { return isAbove(key, threshold); }));
  placeTokens(threshold, equals);
  clear(b.add(base, wanted), b.sub(slots, wanted));
}

LogicalResult colt5::lowerSimtTopK(BlockBuilder &b, Operation *operation) {
  auto op = dyn_cast<TopKOp>(operation);
  if (!op)
    return failure();
  Value scores = op.getScores(), tokens = b.size(scores, 2), slots = b.size(op.getIndicesInit(), 2);
  Value zero = b.index(0), scratch = b.allocateShared(operation, {b.getNumWarps()}, b.getI32Type());
  b.nest({b.size(scores, 0), b.size(scores, 1)}, [&](ValueRange row) {
    Selection selection(b, op, scratch, row);
    if (!op.getBlock())
      return selection.select(zero, tokens, zero, slots);
    // Every full block is a problem of its own; slots that do not divide evenly stay empty.
    Value length = b.index(*op.getBlock()), blocks = b.floorDiv(tokens, length);
    Value share = b.floorDiv(slots, b.max(blocks, b.index(1)));
    b.loop(zero, blocks,
           [&](Value block) { selection.select(b.mul(block, length), length, b.mul(block, share), share); });
    Value used = b.mul(blocks, share);
    selection.clear(used, b.sub(slots, used));
  });
  return success();
}
