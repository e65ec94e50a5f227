// One block of queries against one block of keys: scores in registers, then a step of the online softmax.
#include "SimtAttention.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::colt5;

/// 16-byte vectors of each operand that one step of a product's loop reads.
static constexpr int64_t kVectorsPerStep = 2;

Value SimtAttention::loadVector(Value memref, ValueRange at, int64_t width) {
  int64_t bytes = width * type.getWidth() / 8;
  return vector::LoadOp::create(b, VectorType::get({width}, type), memref, at, /*nontemporal=*/false,
                                llvm::MaybeAlign(bytes));
}

static Value element(LoopBuilder &b, Value vector, int64_t i) {
  return vector::ExtractOp::create(b, vector, i);
}

/// start[r][jj] + <q, k> over the staged columns.
SimtAttention::Table SimtAttention::multiplyKeys(Value cCount, const Table &start) {
  SmallVector<Value> flat;
  for (const SmallVector<Value> &row : start)
    llvm::append_range(flat, row);
  // Columns between cCount and the end of the chunk are 0.
  flat = b.loop(b.index(0), cCount, kVectorsPerStep * vector, flat, [&](Value c, ValueRange carried) {
    SmallVector<Value> sums(carried);
    for (int64_t u = 0; u < kVectorsPerStep; ++u) {
      Value from = b.add(c, b.index(u * vector));
      SmallVector<Value> q, k;
      for (int64_t r = 0; r < rowsPerThread; ++r)
        q.push_back(loadVector(queryTile, {rowOf(r), from}, vector));
      for (int64_t jj = 0; jj < getKeysPerThread(); ++jj)
        k.push_back(loadVector(keyTile, {keyOf(jj), from}, vector));
      for (int64_t x = 0; x < vector; ++x)
        for (int64_t r = 0; r < rowsPerThread; ++r)
          for (int64_t jj = 0; jj < getKeysPerThread(); ++jj) {
            Value &sum = sums[r * getKeysPerThread() + jj];
            sum = math::FmaOp::create(b, element(b, q[r], x), element(b, k[jj], x), sum);
          }
    }
    return sums;
  });
  Table result;
  for (int64_t r = 0; r < rowsPerThread; ++r)
    result.emplace_back(ArrayRef(flat).slice(r * getKeysPerThread(), getKeysPerThread()));
  return result;
}

SimtAttention::Table SimtAttention::computeScores(const Position &at, const KeySet &set, const Keys &keys) {
  Table scores(rowsPerThread, SmallVector<Value>(getKeysPerThread(), b.real(type, 0.0)));
  if (oneChunk)
    return multiplyKeys(at.cCount, scores);
  SmallVector<Value> flat(rowsPerThread * getKeysPerThread(), b.real(type, 0.0));
  Value head = b.size(request.q, 3);
  flat = b.loop(b.index(0), head, chunk, flat, [&](Value c0, ValueRange carried) -> SmallVector<Value> {
    Value cCount = b.min(b.index(chunk), b.sub(head, c0));
    stageQueries(at, c0, cCount);
    stageKeys(at, set, keys, set.k, keyTile, c0, cCount);
    b.barrier();
    Table start;
    for (int64_t r = 0; r < rowsPerThread; ++r)
      start.emplace_back(carried.slice(r * getKeysPerThread(), getKeysPerThread()));
    SmallVector<Value> next;
    for (const SmallVector<Value> &row : multiplyKeys(cCount, start))
      llvm::append_range(next, row);
    b.barrier();
    return next;
  });
  for (int64_t r = 0; r < rowsPerThread; ++r)
    llvm::copy(ArrayRef(flat).slice(r * getKeysPerThread(), getKeysPerThread()), scores[r].begin());
  return scores;
}

Value SimtAttention::loadBias(const Position &at, const KeySet &set, Value reference, Value keyPosition) {
  Type i32 = b.getI32Type();
  if (set.buckets.getThresholds().back() > farthest) {
    Value relative = b.sub(b.toIndex(keyPosition), b.toIndex(reference));
    return b.load(set.table, {at.head, getBucket(b, set.buckets, relative)});
  }
  Value distance = b.sub(reference, keyPosition);
  distance = arith::MaxSIOp::create(b, distance, b.integer(i32, -farthest));
  distance = arith::MinSIOp::create(b, distance, b.integer(i32, farthest));
  return b.load(biasTable, b.toIndex(b.add(distance, b.integer(i32, farthest))));
}

/// Scale, bias, score region and masks; -inf where the query must not see the key.
void SimtAttention::finishScores(const Position &at, const KeySet &set, const Keys &keys,
                                 ValueRange reference, Table &scores) {
  Value minusInf = b.real(type, -std::numeric_limits<double>::infinity());
  for (int64_t jj = 0; jj < getKeysPerThread(); ++jj) {
    KeyInfo key = getKey(set, keys, keyOf(jj));
    for (int64_t r = 0; r < rowsPerThread; ++r) {
      Value &score = scores[r][jj];
      if (request.scale != 1.0)
        score = arith::MulFOp::create(b, score, b.real(type, request.scale));
      if (set.buckets)
        score = arith::AddFOp::create(b, score, loadBias(at, set, reference[r], key.position));
      Value allowed = b.andI(at.queryOk[r], key.isPresent);
      if (set.pattern)
        if (Value seen = set.pattern.buildAllowed(b, b.getLoc(), reference[r], key.position))
          allowed = b.andI(allowed, seen);
      if (!set.hasScore()) {
        score = b.select(allowed, score, minusInf);
        continue;
      }
      auto change = [&]() -> SmallVector<Value> {
        return {applyScoreRegion(b, set, at, b.add(at.q0, rowOf(r)), key, score, reference[r])};
      };
      score = b.ifElse(allowed, type, change, [&]() -> SmallVector<Value> { return {minusInf}; })[0];
    }
  }
}

/// Weights of the block's keys into shared memory; statistics and output of the earlier keys fade.
SimtAttention::State SimtAttention::updateState(const Table &scores, const State &state) {
  Value zero = b.real(type, 0.0), minusInf = b.real(type, -std::numeric_limits<double>::infinity());
  auto greater = [](LoopBuilder &builder, Value lhs, Value rhs) -> Value {
    return arith::MaxNumFOp::create(builder, lhs, rhs);
  };
  State next = state;
  for (int64_t r = 0; r < rowsPerThread; ++r) {
    Value best = scores[r][0];
    for (int64_t jj = 1; jj < getKeysPerThread(); ++jj)
      best = greater(b, best, scores[r][jj]);
    Value max = greater(b, state.max[r], reduceRow(best, greater));
    // While the maximum is -inf both exponentials are 0: subtract 0 instead of -inf.
    Value none = b.compare(arith::CmpFPredicate::OEQ, max, minusInf);
    Value subtract = b.select(none, zero, max);
    Value decay = math::ExpOp::create(b, arith::SubFOp::create(b, state.max[r], subtract));
    Value sum = arith::MulFOp::create(b, state.sum[r], decay);
    for (int64_t jj = 0; jj < getKeysPerThread(); ++jj) {
      Value weight = math::ExpOp::create(b, arith::SubFOp::create(b, scores[r][jj], subtract));
      b.store(weight, weights, {rowOf(r), keyOf(jj)});
      sum = arith::AddFOp::create(b, sum, weight);
    }
    next.max[r] = max;
    next.sum[r] = sum;
    for (int64_t i = r * countColumns(); i < (r + 1) * countColumns(); ++i)
      next.output[i] = arith::MulFOp::create(b, state.output[i], decay);
  }
  return next;
}

/// output[r][c] += weight[r][key] * v[key][c]; absent keys have weight and values 0.
SimtAttention::State SimtAttention::addValues(const State &state) {
  State next = state;
  auto results =
      b.loop(b.index(0), b.index(keyBlock), vector, state.output,
             [&](Value j, ValueRange carried) -> SmallVector<Value> {
               SmallVector<Value> sums(carried), weight;
               for (int64_t r = 0; r < rowsPerThread; ++r)
                 weight.push_back(loadVector(weights, {rowOf(r), j}, vector));
               for (int64_t u = 0; u < vector; ++u)
                 for (int64_t g = 0; g < columnGroups; ++g) {
                   Value v = loadVector(valueTile, {b.add(j, b.index(u)), columnOf(g)}, columnVector);
                   for (int64_t r = 0; r < rowsPerThread; ++r)
                     for (int64_t x = 0; x < columnVector; ++x) {
                       Value &sum = sums[r * countColumns() + g * columnVector + x];
                       sum = math::FmaOp::create(b, element(b, weight[r], u), element(b, v, x), sum);
                     }
                 }
               return sums;
             });
  next.output = results;
  return next;
}
