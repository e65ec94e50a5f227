// The loops around a block of queries; what happens with a block of keys is in AttentionKeys.cpp and
// AttentionScores.cpp.
#include "Lowerings.h"
#include "SimtAttention.h"
#include "SimtSchedule.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::colt5;

static constexpr int64_t kMaxRowsPerThread = 4;
/// Bytes of the widest row of a head that is handled in one piece; other heads are cut into chunks.
static constexpr int64_t kLargestRowBytes = 512;
/// Larger tables of biases by distance are not kept; buckets are then searched for each pair.
static constexpr int64_t kLargestDistance = 1024;

SimtAttention::SimtAttention(BlockBuilder &builder, const AttentionSpec &request)
    : b(builder), request(request) {
  auto qType = cast<MemRefType>(request.q.getType());
  type = getScoreType(qType.getElementType());
  int64_t bytes = type.getWidth() / 8, head = qType.getDimSize(3), queries = qType.getDimSize(2);
  SimtScheduleAttr schedule = getSimtSchedule(request.op);
  keyBlock = schedule.getKeyBlock();
  int64_t rowGroups = b.getNumThreads() / kThreadsPerRow;
  rowsPerThread = std::clamp<int64_t>(schedule.getQueryBlock() / rowGroups, 1, kMaxRowsPerThread);
  if (!ShapedType::isDynamic(queries))
    rowsPerThread = std::clamp<int64_t>(llvm::divideCeil(queries, rowGroups), 1, rowsPerThread);
  queryBlock = rowGroups * rowsPerThread;
  vector = 16 / bytes;
  oneChunk = !ShapedType::isDynamic(head) && head * bytes <= kLargestRowBytes;
  chunk = oneChunk ? std::max<int64_t>(llvm::alignTo(head, kThreadsPerRow), kThreadsPerRow)
                   : schedule.getHeadChunk();
  columnVector = vector;
  while (chunk % (kThreadsPerRow * columnVector))
    columnVector /= 2;
  columnGroups = chunk / (kThreadsPerRow * columnVector);
}

void SimtAttention::allocateScratch() {
  auto allocate = [&](ArrayRef<int64_t> shape, Type element) {
    return b.allocateShared(request.op, shape, element);
  };
  queryTile = allocate({queryBlock, chunk + vector}, type);
  keyTile = allocate({keyBlock, chunk + vector}, type);
  valueTile = allocate({keyBlock, chunk}, type);
  weights = allocate({queryBlock, keyBlock + vector}, type);
  bool staged = false;
  for (const KeySet &set : request.sets) {
    staged |= set.isStaged();
    if (set.buckets && set.buckets.getThresholds().back() <= kLargestDistance)
      farthest = std::max<int64_t>(farthest, set.buckets.getThresholds().back());
  }
  if (staged) {
    keyRow = allocate({keyBlock}, b.getIndexType());
    keyPos = allocate({keyBlock}, b.getI32Type());
  }
  if (farthest)
    biasTable = allocate({2 * farthest + 1}, type);
}

SmallVector<Value> SimtAttention::State::flatten() const {
  SmallVector<Value> flat(max);
  llvm::append_range(flat, sum);
  llvm::append_range(flat, output);
  return flat;
}

SimtAttention::State SimtAttention::State::with(ValueRange flat) const {
  size_t rows = max.size();
  return {SmallVector<Value>(flat.take_front(rows)), SmallVector<Value>(flat.slice(rows, rows)),
          SmallVector<Value>(flat.drop_front(2 * rows))};
}

Value SimtAttention::columnOf(int64_t g) {
  return b.add(b.mul(column, b.index(columnVector)), b.index(g * kThreadsPerRow * columnVector));
}

Value SimtAttention::isColumn(const Position &at, Value c) {
  if (getConstantIntValue(at.cCount) == chunk)
    return b.boolean(true);
  return isBelow(c, at.cCount);
}

Value SimtAttention::reduceRow(Value value, BlockBuilder::Combine combine) {
  for (int64_t distance = kThreadsPerRow / 2; distance > 0; distance /= 2)
    value = combine(b, value, b.shuffleXor(value, distance));
  return value;
}

void SimtAttention::emit() {
  allocateScratch();
  Value zero = b.index(0), one = b.index(1);
  Value threadsPerRow = b.index(kThreadsPerRow), thread = b.thread();
  column = arith::RemUIOp::create(b, thread, threadsPerRow);
  firstRow = b.mul(b.floorDiv(thread, threadsPerRow), b.index(rowsPerThread));
  int64_t staticHead = cast<MemRefType>(request.q.getType()).getDimSize(3);
  Value heads = b.size(request.q, 1), queries = b.size(request.q, 2);
  Value head = oneChunk ? b.index(staticHead) : b.size(request.q, 3);
  Value groups = arith::MaxSIOp::create(b, b.size(request.sets[0].k, 1), one);
  Value headsPerGroup = arith::MaxSIOp::create(b, b.floorDiv(heads, groups), one);
  Value lists = request.sets[0].rows ? b.size(request.sets[0].rows, 2) : one;
  Value queriesPerList = b.floorDiv(queries, arith::MaxSIOp::create(b, lists, one));

  b.nest({b.size(request.q, 0), heads, lists}, [&](ValueRange ivs) {
    Position at;
    at.batch = ivs[0];
    at.head = ivs[1];
    at.list = ivs[2];
    at.group = b.floorDiv(at.head, headsPerGroup);
    Value begin = b.mul(at.list, queriesPerList);
    Value end = b.add(begin, queriesPerList);
    b.loop(begin, end, queryBlock, {}, [&](Value q0, ValueRange) -> SmallVector<Value> {
      at.q0 = q0;
      at.qCount = b.min(b.index(queryBlock), b.sub(end, q0));
      readQueries(at);
      if (oneChunk) {
        at.c0 = zero;
        at.cCount = head;
        emitQueryBlock(at);
        return {};
      }
      // Several chunks repeat the scores for each group of output columns; only very large heads need it. A
      // head without columns still has statistics.
      b.loop(zero, b.max(head, one), chunk, {}, [&](Value c0, ValueRange) -> SmallVector<Value> {
        at.c0 = c0;
        at.cCount = b.min(b.index(chunk), b.sub(head, c0));
        emitQueryBlock(at);
        return {};
      });
      return {};
    });
  });
}

void SimtAttention::readQueries(Position &at) {
  Type i32 = b.getI32Type();
  at.queryPos.clear();
  at.queryOk.clear();
  for (int64_t r = 0; r < rowsPerThread; ++r) {
    Value row = rowOf(r);
    auto read = [&]() -> SmallVector<Value> {
      auto [pos, ok] = readQuery(b, request, at, b.add(at.q0, row));
      return {pos, ok};
    };
    auto nothing = [&]() -> SmallVector<Value> { return {b.integer(i32, 0), b.boolean(false)}; };
    SmallVector<Value> query = b.ifElse(isBelow(row, at.qCount), {i32, b.getI1Type()}, read, nothing);
    at.queryPos.push_back(query[0]);
    at.queryOk.push_back(query[1]);
  }
}

void SimtAttention::emitQueryBlock(const Position &at) {
  if (oneChunk)
    stageQueries(at, at.c0, at.cCount);
  State state = initialState(at);
  for (const KeySet &set : request.sets)
    state = processSet(at, set, state);
  finishBlock(at, state);
}

SimtAttention::State SimtAttention::initialState(const Position &at) {
  Value zero = b.real(type, 0.0), minusInf = b.real(type, -std::numeric_limits<double>::infinity());
  State state;
  if (!request.isOnline()) {
    state.max.assign(rowsPerThread, minusInf);
    state.sum.assign(rowsPerThread, zero);
    state.output.assign(rowsPerThread * countColumns(), zero);
    return state;
  }
  Value isFirst = b.compare(arith::CmpIPredicate::eq, column, b.index(0));
  for (int64_t r = 0; r < rowsPerThread; ++r) {
    Value inside = isBelow(rowOf(r), at.qCount);
    SmallVector<Value> row{at.batch, at.head, b.add(at.q0, rowOf(r))};
    auto loadOr = [&](Value condition, Value memref, ValueRange position, Value otherwise) -> Value {
      return b.ifElse(
          condition, type, [&]() -> SmallVector<Value> { return {b.load(memref, position)}; },
          [&]() -> SmallVector<Value> { return {otherwise}; })[0];
    };
    state.max.push_back(loadOr(inside, request.max, row, minusInf));
    state.sum.push_back(loadOr(b.andI(inside, isFirst), request.sum, row, zero));
    for (int64_t g = 0; g < columnGroups; ++g)
      for (int64_t x = 0; x < columnVector; ++x) {
        Value c = b.add(columnOf(g), b.index(x));
        SmallVector<Value> position{row[0], row[1], row[2], b.add(at.c0, c)};
        state.output.push_back(loadOr(b.andI(inside, isColumn(at, c)), request.acc, position, zero));
      }
  }
  // The first thread of a row replaces what the others have read.
  b.barrier();
  return state;
}

void SimtAttention::storeOutput(const Position &at, const State &state, int64_t r) {
  Value target = request.isOnline() ? request.acc : request.out;
  Type element = cast<MemRefType>(target.getType()).getElementType();
  for (int64_t g = 0; g < columnGroups; ++g)
    for (int64_t x = 0; x < columnVector; ++x) {
      Value c = b.add(columnOf(g), b.index(x));
      Value value = state.output[r * countColumns() + g * columnVector + x];
      b.ifThen(isColumn(at, c), [&] {
        SmallVector<Value> to{at.batch, at.head, b.add(at.q0, rowOf(r)), b.add(at.c0, c)};
        b.store(b.convertFloat(value, element), target, to);
      });
    }
}

/// Writes the results of a block. Invalid rows are 0 (lse -inf), or stay as they were in the online form.
void SimtAttention::finishBlock(const Position &at, const State &state) {
  Value zero = b.real(type, 0.0), one = b.real(type, 1.0);
  Value minusInf = b.real(type, -std::numeric_limits<double>::infinity());
  Value isLastChunk = b.compare(arith::CmpIPredicate::eq, b.add(at.c0, at.cCount), b.size(request.q, 3));
  Value isFirst = b.compare(arith::CmpIPredicate::eq, column, b.index(0));
  Value writesStatistics = b.andI(isFirst, isLastChunk);
  for (int64_t r = 0; r < rowsPerThread; ++r) {
    SmallVector<Value> row{at.batch, at.head, b.add(at.q0, rowOf(r))};
    Value max = state.max[r], ok = at.queryOk[r];
    Value sum = reduceRow(state.sum[r], [](LoopBuilder &builder, Value lhs, Value rhs) -> Value {
      return arith::AddFOp::create(builder, lhs, rhs);
    });
    if (request.isOnline()) {
      b.ifThen(ok, [&] {
        storeOutput(at, state, r);
        b.ifThen(writesStatistics, [&] {
          b.store(max, request.max, row);
          b.store(sum, request.sum, row);
        });
      });
      continue;
    }
    // An empty row is 0; a NaN sum is not empty.
    Value empty = b.compare(arith::CmpFPredicate::OEQ, sum, zero);
    Value some = b.andI(ok, arith::XOrIOp::create(b, empty, b.boolean(true)));
    Value inverse = arith::DivFOp::create(b, one, b.select(empty, one, sum));
    State scaled = state;
    for (int64_t i = r * countColumns(); i < (r + 1) * countColumns(); ++i)
      scaled.output[i] = b.select(some, arith::MulFOp::create(b, state.output[i], inverse), zero);
    b.ifThen(isBelow(rowOf(r), at.qCount), [&] {
      storeOutput(at, scaled, r);
      if (!request.lse)
        return;
      b.ifThen(writesStatistics, [&] {
        Value lse = arith::AddFOp::create(b, max, math::LogOp::create(b, b.select(empty, one, sum)));
        b.store(b.select(some, lse, minusInf), request.lse, row);
      });
    });
  }
}

LogicalResult colt5::lowerSimtAttention(BlockBuilder &b, Operation *op) {
  if (auto attention = dyn_cast<AttentionOp>(op))
    SimtAttention(b, makeRequest(attention)).emit();
  else if (auto online = dyn_cast<OnlineAttentionOp>(op))
    SimtAttention(b, makeRequest(online)).emit();
  else
    return failure();
  return success();
}
