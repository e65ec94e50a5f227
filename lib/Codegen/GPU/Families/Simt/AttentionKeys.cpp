// A block of keys: which keys a block of queries sees, and their tiles in shared memory.
#include "SimtAttention.h"

using namespace mlir;
using namespace mlir::colt5;

/// Elements a thread loads before it stores the first, at most.
static constexpr int64_t kLoadsInFlight = 4;

SmallVector<Value> SimtAttention::readReference(const Position &at, const KeySet &set) {
  if (!set.queryReference)
    return at.queryPos;
  Type i32 = b.getI32Type();
  SmallVector<Value> references;
  for (int64_t r = 0; r < rowsPerThread; ++r) {
    Value row = rowOf(r);
    auto read = [&]() -> SmallVector<Value> {
      return {loadPerGroup(b, set.queryReference, at, b.add(at.q0, row))};
    };
    auto nothing = [&]() -> SmallVector<Value> { return {b.integer(i32, 0)}; };
    references.push_back(b.ifElse(isBelow(row, at.qCount), i32, read, nothing)[0]);
  }
  return references;
}

/// The slots that the block of queries may see, equal in all threads: every warp looks at all queries.
std::pair<Value, Value> SimtAttention::keyRange(const Position &at, const KeySet &set) {
  if (!set.pattern || !set.isConsecutive())
    return {b.index(0), countSlots(b, set)};
  if (!set.queryReference) {
    Value from = request.qBase ? b.add(request.qBase, at.q0) : at.q0;
    return getSlotRange(b, set, from, b.add(from, at.qCount));
  }
  Type i32 = b.getI32Type();
  SmallVector<Value> ends =
      b.loop(b.lane(), at.qCount, kWarpSize, {b.integer(i32, 1 << 30), b.integer(i32, -(1 << 30))},
             [&](Value i, ValueRange carried) -> SmallVector<Value> {
               Value slot = b.add(at.q0, i);
               Value ok = readQuery(b, request, at, slot).second;
               Value pos = loadPerGroup(b, set.queryReference, at, slot);
               return {b.select(ok, arith::MinSIOp::create(b, carried[0], pos), carried[0]),
                       b.select(ok, arith::MaxSIOp::create(b, carried[1], pos), carried[1])};
             });
  Value least = b.reduceWarp(ends[0], [](LoopBuilder &builder, Value lhs, Value rhs) -> Value {
    return arith::MinSIOp::create(builder, lhs, rhs);
  });
  Value greatest = b.reduceWarp(ends[1], [](LoopBuilder &builder, Value lhs, Value rhs) -> Value {
    return arith::MaxSIOp::create(builder, lhs, rhs);
  });
  return getSlotRange(b, set, b.toIndex(least), b.add(b.toIndex(greatest), b.index(1)));
}

/// Writes the bias of head `at.head` for every distance `reference - key` up to `farthest` both ways.
void SimtAttention::expandBiasTable(const Position &at, const KeySet &set) {
  b.distribute(b.index(2 * farthest + 1), [&](Value i) {
    Value relative = b.sub(b.index(farthest), i);
    b.store(b.load(set.table, {at.head, getBucket(b, set.buckets, relative)}), biasTable, i);
  });
}

/// Row and position of each key of the block; absent and past its end -1.
void SimtAttention::readKeys(const Position &at, const KeySet &set, const Keys &keys) {
  Type i32 = b.getI32Type();
  b.distribute(b.index(keyBlock), [&](Value j) {
    auto read = [&]() -> SmallVector<Value> {
      KeyInfo key = readKey(b, request, set, at, b.add(keys.j0, j));
      return {b.select(key.isPresent, key.row, b.index(-1)), key.position};
    };
    auto nothing = [&]() -> SmallVector<Value> { return {b.index(-1), b.integer(i32, 0)}; };
    SmallVector<Value> key = b.ifElse(isBelow(j, keys.count), {b.getIndexType(), i32}, read, nothing);
    b.store(key[0], keyRow, j);
    b.store(key[1], keyPos, j);
  });
}

/// Key `j` of the block, counted from its start.
KeyInfo SimtAttention::getKey(const KeySet &set, const Keys &keys, Value j) {
  if (set.isStaged()) {
    Value row = b.load(keyRow, j);
    return {row, b.load(keyPos, j), b.compare(arith::CmpIPredicate::sge, row, b.index(0))};
  }
  Value slot = b.add(keys.j0, j);
  Value position = set.base ? b.add(set.base, slot) : slot;
  return {slot, b.fromIndex(b.getI32Type(), position), isBelow(j, keys.count)};
}

/// target[row][c] = source[locate(row)][c0 + c] for c < cCount in the type of scores; 0 for other columns and
/// for rows that `locate` says are not there, whose data is not read.
void SimtAttention::stage(Value target, int64_t rows, Value cCount,
                          function_ref<std::pair<Value, SmallVector<Value>>(Value row)> locate, Value source,
                          Value c0) {
  bool isFull = getConstantIntValue(cCount) == chunk;
  auto load = [&](Value row, Value c) -> Value {
    auto [inside, position] = locate(row);
    if (!isFull)
      inside = b.andI(inside, isBelow(c, cCount));
    SmallVector<Value> from(position);
    auto read = [&]() -> SmallVector<Value> {
      from.push_back(b.add(c0, c));
      return {b.convertFloat(b.load(source, from), type)};
    };
    return b.ifElse(inside, type, read, [&]() -> SmallVector<Value> { return {b.real(type, 0.0)}; })[0];
  };
  int64_t total = rows * chunk, threads = b.getNumThreads(), batch = kLoadsInFlight;
  while (batch > 1 && total % (threads * batch))
    batch /= 2;
  b.loop(b.thread(), b.index(total), threads * batch, {}, [&](Value i, ValueRange) -> SmallVector<Value> {
    SmallVector<std::pair<SmallVector<Value>, Value>> loaded;
    for (int64_t u = 0; u < batch; ++u) {
      SmallVector<Value> at = b.delinearize(b.add(i, b.index(u * threads)), {b.index(rows), b.index(chunk)});
      Value value = load(at[0], at[1]);
      loaded.push_back({at, value});
    }
    for (auto &[at, value] : loaded)
      b.store(value, target, at);
    return {};
  });
}

void SimtAttention::stageQueries(const Position &at, Value c0, Value cCount) {
  auto locate = [&](Value row) -> std::pair<Value, SmallVector<Value>> {
    return {isBelow(row, at.qCount), {at.batch, at.head, b.add(at.q0, row)}};
  };
  stage(queryTile, queryBlock, cCount, locate, request.q, c0);
}

void SimtAttention::stageKeys(const Position &at, const KeySet &set, const Keys &keys, Value source,
                              Value target, Value c0, Value cCount) {
  auto locate = [&](Value j) -> std::pair<Value, SmallVector<Value>> {
    if (!set.isStaged())
      return {isBelow(j, keys.count), {at.batch, at.group, b.add(keys.j0, j)}};
    Value row = b.load(keyRow, j);
    return {b.compare(arith::CmpIPredicate::sge, row, b.index(0)), {at.batch, at.group, row}};
  };
  stage(target, keyBlock, cCount, locate, source, c0);
}

SimtAttention::State SimtAttention::processSet(const Position &at, const KeySet &set, State state) {
  SmallVector<Value> reference = readReference(at, set);
  if (set.buckets && set.buckets.getThresholds().back() <= farthest) {
    expandBiasTable(at, set);
    b.barrier();
  }
  auto [first, last] = keyRange(at, set);
  Value lastKey = last;
  return state.with(
      b.loop(first, last, keyBlock, state.flatten(), [&](Value j0, ValueRange carried) -> SmallVector<Value> {
        Keys keys{j0, b.min(b.index(keyBlock), b.sub(lastKey, j0))};
        if (set.isStaged()) {
          readKeys(at, set, keys);
          b.barrier();
        }
        if (oneChunk)
          stageKeys(at, set, keys, set.k, keyTile, at.c0, at.cCount);
        stageKeys(at, set, keys, set.v, valueTile, at.c0, at.cCount);
        b.barrier();
        Table scores = computeScores(at, set, keys);
        finishScores(at, set, keys, reference, scores);
        State next = updateState(scores, state.with(carried));
        b.barrier();
        next = addValues(next);
        b.barrier();
        return next.flatten();
      }));
}
