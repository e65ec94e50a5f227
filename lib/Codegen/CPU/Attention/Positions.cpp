// Where queries and keys stand: the keys that a range of queries may see, and the bias of a distance.
#include "AttentionEmitter.h"

using namespace mlir;
using namespace mlir::colt5;

/// The smallest range of reference positions of the valid queries [lo, hi) of the block.
std::pair<Value, Value> AttentionEmitter::referenceRange(const KeySet &set, Value lo, Value hi) {
  if (!set.queryReference) {
    Value one = b.index(1);
    Value last = arith::MaxSIOp::create(b, b.sub(hi, one), b.index(0));
    return {b.toIndex(b.load(queryPos, lo)), b.add(b.toIndex(b.load(queryPos, last)), one)};
  }
  auto [least, greatest] = referenceEnds(lo, hi);
  return {b.toIndex(least), b.add(b.toIndex(greatest), b.index(1))};
}

/// The least and the greatest reference (i32) of the valid queries [lo, hi) of the block.
std::pair<Value, Value> AttentionEmitter::referenceEnds(Value lo, Value hi) {
  Type i32 = b.getI32Type();
  SmallVector<Value> ends =
      b.loop(lo, hi, 1, {b.integer(i32, 1 << 30), b.integer(i32, -(1 << 30))},
             [&](Value i, ValueRange carried) -> SmallVector<Value> {
               Value pos = b.load(reference, i), ok = b.load(queryOk, i);
               return {b.select(ok, arith::MinSIOp::create(b, carried[0], pos), carried[0]),
                       b.select(ok, arith::MaxSIOp::create(b, carried[1], pos), carried[1])};
             });
  return {ends[0], ends[1]};
}

/// The slots that queries [lo, hi) of the block may see.
std::pair<Value, Value> AttentionEmitter::keyRange(const Position &at, const KeySet &set, Value lo,
                                                   Value hi) {
  if (!set.pattern || !set.isConsecutive())
    return {b.index(0), countSlots(b, set)};
  auto [from, to] = referenceRange(set, lo, hi);
  return getSlotRange(b, set, from, to);
}

void AttentionEmitter::readReference(const Position &at, const KeySet &set) {
  b.loop(b.index(0), b.index(queryBlock), [&](Value i) {
    Value inside = b.compare(arith::CmpIPredicate::slt, i, at.qCount);
    Value value = b.ifElse(
        inside, b.getI32Type(),
        [&]() -> SmallVector<Value> {
          if (!set.queryReference)
            return {b.load(queryPos, i)};
          return {loadPerGroup(b, set.queryReference, at, b.add(at.q0, i))};
        },
        [&]() -> SmallVector<Value> { return {b.integer(b.getI32Type(), 0)}; })[0];
    b.store(value, reference, i);
  });
}

/// Writes the bias of head `at.head` for every distance `reference - key` from -(D + lanes) to D + 2 * lanes,
/// where D is the distance beyond which it is constant. A vector of consecutive queries is then one load.
void AttentionEmitter::expandBiasTable(const Position &at, const KeySet &set) {
  SmallVector<int64_t> thresholds = set.buckets.getThresholds();
  int64_t first = -(thresholds.back() + lanes);
  int64_t count = cast<MemRefType>(biasTable.getType()).getDimSize(0);
  b.loop(b.index(0), b.index(count), [&](Value i) {
    // relative = key - reference
    Value relative = b.sub(b.index(-first), i);
    b.store(b.load(set.table, {at.head, getBucket(b, set.buckets, relative)}), biasTable, i);
  });
}

/// Bias of the queries of `panel` for a key at `keyPosition` (i32). `nearest` are the least and the greatest
/// reference of the panel's valid queries; unused when references are consecutive.
Value AttentionEmitter::loadBias(const KeySet &set, Value panel, Value keyPosition,
                                 std::pair<Value, Value> nearest) {
  int64_t far = set.buckets.getThresholds().back() + lanes;
  Type i32 = b.getI32Type();
  auto clampTo = [&](Value value, int64_t lo, int64_t hi, int64_t width) -> Value {
    Value low = arith::MaxSIOp::create(b, value, b.splat(width, b.integer(i32, lo)));
    return arith::MinSIOp::create(b, low, b.splat(width, b.integer(i32, hi)));
  };
  if (!set.queryReference) {
    Value first = b.load(reference, rowOf(panel, b.index(0)));
    Value distance = clampTo(b.sub(first, keyPosition), -far, far - lanes, 1);
    return loadVector(biasTable, b.add(b.toIndex(distance), b.index(far)), type);
  }
  // Most pairs of gathered tokens are so far apart that the bias is the same for the whole panel.
  auto vectorType = VectorType::get({lanes}, type);
  Value farBefore =
      b.compare(arith::CmpIPredicate::sge, b.sub(nearest.first, keyPosition), b.integer(i32, far));
  Value farAfter =
      b.compare(arith::CmpIPredicate::sge, b.sub(keyPosition, nearest.second), b.integer(i32, far));
  auto gather = [&]() -> SmallVector<Value> {
    Value queries = loadVector(reference, rowOf(panel, b.index(0)), i32);
    Value distances = clampTo(b.sub(queries, b.splat(lanes, keyPosition)), -far, far, lanes);
    Value offsets = b.add(distances, b.splat(lanes, b.integer(i32, far)));
    Value mask = b.splat(lanes, b.boolean(true));
    Value nothing = b.splat(lanes, b.real(type, 0.0));
    return {vector::GatherOp::create(b, vectorType, biasTable, b.index(0), offsets, mask, nothing)};
  };
  return b.ifElse(
      b.orI(farBefore, farAfter), vectorType,
      [&]() -> SmallVector<Value> {
        Value slot = b.select(farBefore, b.index(2 * far), b.index(0));
        return {b.splat(lanes, b.load(biasTable, slot))};
      },
      gather)[0];
}
