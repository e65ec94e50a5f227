// Exact top-k by bisection over order-preserving integer keys, without scratch memory: keys are recomputed
// from the scores in each counting pass, which vectorises well and costs far less than the layer around it.
#include "Patterns.h"
#include "colt5/Codegen/Common/LoopBuilder.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {

/// One row of scores and everything needed to turn an element into its key.
struct KeyReader {
  mutable TopKOp op; // generated accessors are not const
  Value scores, mask, batch, route;
  FloatType scoreType;
  IntegerType keyType;
  int64_t width;

  KeyReader(LoopBuilder &b, TopKOp op, Value batch, Value route)
      : op(op), scores(b.row(op.getScores(), {batch, route})), mask(op.getMask()), batch(batch),
        route(route) {
    scoreType = cast<FloatType>(cast<MemRefType>(op.getScores().getType()).getElementType());
    keyType = b.getIntegerType(scoreType.getWidth());
    width = isContiguousLast(scores) ? (scoreType.isF64() ? 8 : 16) : 1;
  }

  /// Smallest possible key, of masked tokens; below the key of -inf.
  int64_t maskedKey() const { return keyType.getWidth() == 64 ? INT64_MIN : int64_t(INT32_MIN); }
  int64_t largestKey() const { return keyType.getWidth() == 64 ? INT64_MAX : int64_t(INT32_MAX); }

  /// Keys of `lanes` tokens from i: a signed integer that orders like the score, with NaN as -inf, -0 as +0
  /// and masked tokens below everything.
  Value load(LoopBuilder &b, Value i, int64_t lanes) const {
    Value score = lanes == 1
                      ? b.load(scores, i)
                      : vector::LoadOp::create(b, VectorType::get({lanes}, scoreType), scores, i).getResult();
    auto constant = [&](double value) { return b.splat(lanes, b.real(scoreType, value)); };
    auto bits = [&](int64_t value) { return b.splat(lanes, b.integer(keyType, value)); };
    // Adding +0 turns -0 into +0.
    Value canonical = arith::AddFOp::create(b, score, constant(0.0));
    Value isNaN = b.compare(arith::CmpFPredicate::UNO, score, score);
    canonical = b.select(isNaN, constant(-std::numeric_limits<double>::infinity()), canonical);
    Type type = lanes == 1 ? Type(keyType) : Type(VectorType::get({lanes}, keyType));
    Value pattern = arith::BitcastOp::create(b, type, canonical);
    Value sign = arith::ShRSIOp::create(b, pattern, bits(keyType.getWidth() - 1));
    Value key = arith::XOrIOp::create(b, pattern, arith::AndIOp::create(b, sign, bits(largestKey())));
    if (!mask)
      return key;
    return b.select(loadMask(b, mask, batch, route, i, lanes), key, bits(maskedKey()));
  }

  /// Number of tokens in [lo, hi) whose key satisfies `predicate` against `bound`.
  Value count(LoopBuilder &b, Value lo, Value hi, arith::CmpIPredicate predicate, Value bound) const {
    Value total = b.reduce(lo, hi, width, b.integer(keyType, 0), vector::CombiningKind::ADD,
                           [&](Value i, int64_t lanes, Value acc) -> Value {
                             Value hit = b.compare(predicate, load(b, i, lanes), b.splat(lanes, bound));
                             return b.add(acc, arith::ExtUIOp::create(b, acc.getType(), hit));
                           });
    return b.toIndex(total);
  }
};

/// Slots of one problem: `base + slot` along the last dimension of the outs.
struct Slots {
  mutable TopKOp op; // generated accessors are not const
  Value batch, route, base;

  Value at(LoopBuilder &b, Value slot) const { return b.add(base, slot); }
  Value loadIndex(LoopBuilder &b, Value slot) const {
    return b.load(op.getIndicesInit(), {batch, route, at(b, slot)});
  }
  void storeIndex(LoopBuilder &b, Value slot, Value index) const {
    b.store(index, op.getIndicesInit(), {batch, route, at(b, slot)});
  }
};

} // namespace

/// The largest key t for which at least `wanted` tokens of [lo, hi) have a key >= t.
static Value findThreshold(LoopBuilder &b, const KeyReader &keys, Value lo, Value hi, Value wanted) {
  Type type = keys.keyType;
  Value one = b.integer(type, 1);
  SmallVector<Value> bounds = b.whileLoop(
      {b.integer(type, keys.maskedKey()), b.integer(type, keys.largestKey())},
      [&](ValueRange range) { return b.compare(arith::CmpIPredicate::slt, range[0], range[1]); },
      [&](ValueRange range) -> SmallVector<Value> {
        // The middle, rounded up; the distance is unsigned because it may exceed the signed range.
        Value distance = b.sub(range[1], range[0]);
        Value half = b.add(arith::ShRUIOp::create(b, distance, one), arith::AndIOp::create(b, distance, one));
        Value middle = b.add(range[0], half);
        Value enough = b.compare(arith::CmpIPredicate::sge,
                                 keys.count(b, lo, hi, arith::CmpIPredicate::sge, middle), wanted);
        return {b.select(enough, middle, range[0]), b.select(enough, range[1], b.sub(middle, one))};
      });
  return bounds[0];
}

/// Writes the `wanted` selected indices of [lo, hi) in ascending order into the slots.
static void compact(LoopBuilder &b, const KeyReader &keys, const Slots &slots, Value lo, Value hi,
                    Value wanted, Value threshold) {
  bool fromEnd = keys.op.getTie() == TieBreak::HighestIndex;
  Value above = keys.count(b, lo, hi, arith::CmpIPredicate::sgt, threshold);
  Value equals = b.sub(wanted, above);
  // Ties go to the end from which the row is walked; slots are filled from the same end.
  Value length = b.sub(hi, lo);
  Value one = b.index(1);
  b.loop(b.index(0), length, 1, {b.index(0), equals},
         [&](Value step, ValueRange carried) -> SmallVector<Value> {
           Value filled = carried[0], left = carried[1];
           Value i = fromEnd ? b.sub(b.sub(hi, one), step) : b.add(lo, step);
           Value key = keys.load(b, i, 1);
           Value isAbove = b.compare(arith::CmpIPredicate::sgt, key, threshold);
           Value isTie = b.andI(b.compare(arith::CmpIPredicate::eq, key, threshold),
                                b.compare(arith::CmpIPredicate::sgt, left, b.index(0)));
           Value taken = b.orI(isAbove, isTie);
           Value slot = fromEnd ? b.sub(b.sub(wanted, one), filled) : filled;
           b.ifThen(taken, [&] { slots.storeIndex(b, slot, b.fromIndex(b.getI32Type(), i)); });
           return {b.select(taken, b.add(filled, one), filled), b.select(isTie, b.sub(left, one), left)};
         });
}

/// True when token `x` comes after token `y` in selection order.
static Value comesAfter(LoopBuilder &b, const KeyReader &keys, Value x, Value y) {
  Value keyX = keys.load(b, b.toIndex(x), 1), keyY = keys.load(b, b.toIndex(y), 1);
  auto tie =
      keys.op.getTie() == TieBreak::LowestIndex ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::slt;
  return b.orI(b.compare(arith::CmpIPredicate::slt, keyX, keyY),
               b.andI(b.compare(arith::CmpIPredicate::eq, keyX, keyY), b.compare(tie, x, y)));
}

/// Restores the heap order (latest token on top) below `root` among the first `count` slots.
static void siftDown(LoopBuilder &b, const KeyReader &keys, const Slots &slots, Value root, Value count) {
  Value one = b.index(1), two = b.index(2);
  auto firstChild = [&](Value node) { return b.add(b.mul(node, two), one); };
  b.whileLoop(
      root, [&](ValueRange node) { return b.compare(arith::CmpIPredicate::slt, firstChild(node[0]), count); },
      [&](ValueRange node) -> SmallVector<Value> {
        Value left = firstChild(node[0]), right = b.add(left, one);
        Value hasRight = b.compare(arith::CmpIPredicate::slt, right, count);
        Value safeRight = b.select(hasRight, right, left);
        Value leftToken = slots.loadIndex(b, left), rightToken = slots.loadIndex(b, safeRight);
        Value rightWins = comesAfter(b, keys, rightToken, leftToken);
        Value child = b.select(rightWins, safeRight, left);
        Value childToken = b.select(rightWins, rightToken, leftToken);
        Value token = slots.loadIndex(b, node[0]);
        Value mustSwap = comesAfter(b, keys, childToken, token);
        b.ifThen(mustSwap, [&] {
          slots.storeIndex(b, node[0], childToken);
          slots.storeIndex(b, child, token);
        });
        // Past the end stops the descent.
        return {b.select(mustSwap, child, count)};
      });
}

/// Sorts the first `count` slots into selection order, in place.
static void heapSort(LoopBuilder &b, const KeyReader &keys, const Slots &slots, Value count) {
  Value one = b.index(1);
  Value half = b.floorDiv(count, b.index(2));
  b.loop(b.index(0), half, [&](Value i) { siftDown(b, keys, slots, b.sub(b.sub(half, one), i), count); });
  b.loop(b.index(0), count, [&](Value i) {
    Value last = b.sub(b.sub(count, one), i);
    Value top = slots.loadIndex(b, b.index(0)), end = slots.loadIndex(b, last);
    slots.storeIndex(b, b.index(0), end);
    slots.storeIndex(b, last, top);
    siftDown(b, keys, slots, b.index(0), last);
  });
}

/// Writes validity and values of the `filled` slots, and the surplus up to `total`.
static void finishSlots(LoopBuilder &b, const KeyReader &keys, const Slots &slots, Value filled,
                        Value total) {
  TopKOp op = keys.op;
  Value minusInf = b.real(keys.scoreType, -std::numeric_limits<double>::infinity());
  b.loop(b.index(0), filled, [&](Value slot) {
    SmallVector<Value> at{slots.batch, slots.route, slots.at(b, slot)};
    Value token = b.toIndex(slots.loadIndex(b, slot));
    Value valid = loadMask(b, keys.mask, slots.batch, slots.route, token);
    b.store(valid, op.getValidInit(), at);
    if (!op.getValuesInit())
      return;
    Value score = b.load(keys.scores, token);
    Value shown = b.andI(valid, b.compare(arith::CmpFPredicate::ORD, score, score));
    b.store(b.select(shown, score, minusInf), op.getValuesInit(), at);
  });
  b.loop(filled, total, [&](Value slot) {
    SmallVector<Value> at{slots.batch, slots.route, slots.at(b, slot)};
    b.store(b.integer(b.getI32Type(), kNoToken), op.getIndicesInit(), at);
    b.store(b.boolean(false), op.getValidInit(), at);
    if (op.getValuesInit())
      b.store(minusInf, op.getValuesInit(), at);
  });
}

/// Selects `total` slots from tokens [lo, hi).
static void selectRange(LoopBuilder &b, const KeyReader &keys, const Slots &slots, Value lo, Value hi,
                        Value total) {
  Value wanted = b.min(total, b.sub(hi, lo));
  Value threshold = findThreshold(b, keys, lo, hi, wanted);
  compact(b, keys, slots, lo, hi, wanted, threshold);
  if (keys.op.getOrder() == SlotOrder::Score)
    heapSort(b, keys, slots, wanted);
  finishSlots(b, keys, slots, wanted, total);
}

namespace {
struct LowerTopK : OpRewritePattern<TopKOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TopKOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return rewriter.notifyMatchFailure(op, "expects memref operands");
    LoopBuilder b(op.getLoc(), rewriter);
    b.setInsertionPoint(op);
    Value tokens = b.size(op.getScores(), 2), slots = b.size(op.getIndicesInit(), 2);
    b.nest({b.size(op.getScores(), 0), b.size(op.getScores(), 1)}, [&](ValueRange row) {
      KeyReader keys(b, op, row[0], row[1]);
      if (!op.getBlock()) {
        selectRange(b, keys, {op, row[0], row[1], b.index(0)}, b.index(0), tokens, slots);
        return;
      }
      // Every full block is a problem of its own; slots that do not divide evenly stay empty.
      Value length = b.index(*op.getBlock());
      Value blocks = b.floorDiv(tokens, length);
      Value share = b.floorDiv(slots, arith::MaxSIOp::create(b, blocks, b.index(1)));
      b.loop(b.index(0), blocks, [&](Value block) {
        Value lo = b.mul(block, length);
        selectRange(b, keys, {op, row[0], row[1], b.mul(block, share)}, lo, b.add(lo, length), share);
      });
      Value used = b.mul(blocks, share);
      finishSlots(b, keys, {op, row[0], row[1], used}, b.index(0), b.sub(slots, used));
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void colt5::populateTopKToLoopsPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerTopK>(patterns.getContext());
}
