// The loops around a block of queries; what happens inside a key block is in KeyBlock.cpp.
#include "AttentionEmitter.h"
#include "../LoopsSchedule.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::colt5;

/// Largest static head size that is handled in one piece; larger and dynamic ones are cut into chunks.
static constexpr int64_t kLargestHead = 256;
/// Bounds the packed queries and the output of a block, each.
static constexpr int64_t kQueryBytes = 64 * 1024;

AttentionEmitter::AttentionEmitter(LoopBuilder &builder, const AttentionSpec &request, int64_t vectorBytes)
    : b(builder), request(request) {
  auto qType = cast<MemRefType>(request.q.getType());
  element = qType.getElementType();
  type = getScoreType(element);
  int64_t head = qType.getDimSize(3), queries = qType.getDimSize(2);
  LoopsScheduleAttr schedule = getLoopsSchedule(request.op);
  keyBlock = schedule.getKeyBlock();
  oneChunk = !ShapedType::isDynamic(head) && head <= kLargestHead;
  chunk = oneChunk ? std::max<int64_t>(head, 1) : schedule.getHeadChunk();
  scoreTile = getMicroTile(type, vectorBytes, keyBlock);
  outputTile = getMicroTile(type, vectorBytes, chunk);
  lanes = scoreTile.nr;
  int64_t fitting = llvm::alignDown(kQueryBytes / (chunk * type.getWidth() / 8), lanes);
  // Whole panels of queries.
  int64_t most = std::max<int64_t>(llvm::alignDown(schedule.getQueryBlock(), lanes), lanes);
  queryBlock = std::clamp<int64_t>(fitting, lanes, most);
  if (!ShapedType::isDynamic(queries))
    queryBlock = std::clamp<int64_t>(llvm::alignTo(queries, lanes), lanes, queryBlock);
}

void AttentionEmitter::allocateScratch() {
  OpBuilder::InsertionGuard guard(b);
  setInsertionPointToScratch(b, request.op);
  auto allocate = [&](ArrayRef<int64_t> shape, Type elementType) -> Value {
    return memref::AllocaOp::create(b, MemRefType::get(shape, elementType), ValueRange{},
                                    b.getI64IntegerAttr(64));
  };
  int64_t panels = queryBlock / lanes;
  qPanels = createPanels(b, type, queryBlock, chunk, lanes);
  kPanels = createPanels(b, type, keyBlock, chunk, scoreTile.mr);
  vPanels = createPanels(b, type, chunk, keyBlock, outputTile.mr);
  scores = allocate({int64_t(llvm::alignTo(keyBlock, scoreTile.mr)), lanes}, type);
  output = allocate({panels, int64_t(llvm::alignTo(chunk, outputTile.mr)), lanes}, type);
  maxima = allocate({panels, lanes}, type);
  sums = allocate({panels, lanes}, type);
  queryPos = allocate({queryBlock}, b.getI32Type());
  reference = allocate({queryBlock}, b.getI32Type());
  queryOk = allocate({queryBlock}, b.getI1Type());
  keyPos = allocate({keyBlock}, b.getI32Type());
  keyOk = allocate({keyBlock}, b.getI1Type());
  keyRow = allocate({keyBlock}, b.getIndexType());
  int64_t distances = 0;
  bool staged = false;
  for (const KeySet &set : request.sets) {
    staged |= set.isStaged();
    if (set.buckets)
      distances = std::max<int64_t>(distances, 2 * (set.buckets.getThresholds().back() + lanes) + 1 + lanes);
  }
  if (staged) {
    keyRows = allocate({keyBlock, chunk}, element);
    valueRows = allocate({keyBlock, chunk}, element);
  }
  if (distances)
    biasTable = allocate({distances}, type);
}

void AttentionEmitter::emit() {
  allocateScratch();
  Value zero = b.index(0);
  Value heads = b.size(request.q, 1), queries = b.size(request.q, 2), head = b.size(request.q, 3);
  Value groups = b.size(request.sets[0].k, 1);
  Value headsPerGroup = b.floorDiv(heads, arith::MaxSIOp::create(b, groups, b.index(1)));
  Value lists = request.sets[0].rows ? b.size(request.sets[0].rows, 2) : b.index(1);
  Value queriesPerList = b.floorDiv(queries, arith::MaxSIOp::create(b, lists, b.index(1)));

  b.nest({b.size(request.q, 0), heads, lists}, [&](ValueRange ivs) {
    Position at;
    at.batch = ivs[0];
    at.head = ivs[1];
    at.list = ivs[2];
    at.group = b.floorDiv(at.head, arith::MaxSIOp::create(b, headsPerGroup, b.index(1)));
    Value begin = b.mul(at.list, queriesPerList);
    Value end = b.add(begin, queriesPerList);
    b.loop(begin, end, queryBlock, {}, [&](Value q0, ValueRange) -> SmallVector<Value> {
      at.q0 = q0;
      at.qCount = b.min(b.index(queryBlock), b.sub(end, q0));
      readQueries(at);
      // Several chunks repeat the scores for each group of output columns; only very large heads need it. A
      // head without columns still has statistics.
      b.loop(zero, b.max(head, b.index(1)), chunk, {}, [&](Value c0, ValueRange) -> SmallVector<Value> {
        at.c0 = c0;
        at.cCount = b.min(b.index(chunk), b.sub(head, c0));
        emitQueryBlock(at);
        return {};
      });
      return {};
    });
  });
}

void AttentionEmitter::emitQueryBlock(const Position &at) {
  initialiseState(at);
  if (oneChunk) {
    MatrixView view{request.q, {at.batch, at.head, at.q0, b.index(0)}, 2, 3};
    packPanels(b, view, at.qCount, at.cCount, qPanels, b.index(0));
  }
  for (const KeySet &set : request.sets)
    processSet(at, set);
  finishBlock(at);
}

Value AttentionEmitter::panelCount(const Position &at) {
  return b.floorDiv(b.add(at.qCount, b.index(lanes - 1)), b.index(lanes));
}

/// Positions and validity of the queries of a block; lanes past its end are invalid.
void AttentionEmitter::readQueries(const Position &at) {
  Type i32 = b.getI32Type();
  b.loop(b.index(0), at.qCount, [&](Value i) {
    Value pos, ok;
    std::tie(pos, ok) = readQuery(b, request, at, b.add(at.q0, i));
    b.store(pos, queryPos, i);
    b.store(ok, queryOk, i);
  });
  b.loop(at.qCount, b.index(queryBlock), [&](Value i) {
    b.store(b.integer(i32, 0), queryPos, i);
    b.store(b.boolean(false), queryOk, i);
  });
}

void AttentionEmitter::initialiseState(const Position &at) {
  Value zero = b.real(type, 0.0), minusInf = b.real(type, -std::numeric_limits<double>::infinity());
  b.nest({panelCount(at), b.index(lanes)}, [&](ValueRange ivs) {
    Value panel = ivs[0], lane = ivs[1];
    Value i = rowOf(panel, lane);
    auto start = [&] {
      b.store(minusInf, maxima, {panel, lane});
      b.store(zero, sums, {panel, lane});
      b.loop(b.index(0), at.cCount, [&](Value c) { b.store(zero, output, {panel, c, lane}); });
    };
    if (!request.isOnline())
      return start();
    b.ifThen(
        b.compare(arith::CmpIPredicate::slt, i, at.qCount),
        [&] {
          SmallVector<Value> row{at.batch, at.head, b.add(at.q0, i)};
          b.store(b.load(request.max, row), maxima, {panel, lane});
          b.store(b.load(request.sum, row), sums, {panel, lane});
          b.loop(b.index(0), at.cCount, [&](Value c) {
            Value old = b.load(request.acc, {row[0], row[1], row[2], b.add(at.c0, c)});
            b.store(old, output, {panel, c, lane});
          });
        },
        start);
  });
}

/// Writes the results of a block. Invalid rows are 0 (lse -inf), or stay as they were in the online form.
void AttentionEmitter::finishBlock(const Position &at) {
  Value zero = b.real(type, 0.0), one = b.real(type, 1.0);
  Value minusInf = b.real(type, -std::numeric_limits<double>::infinity());
  Value isLastChunk = b.compare(arith::CmpIPredicate::eq, b.add(at.c0, at.cCount), b.size(request.q, 3));
  b.loop(b.index(0), at.qCount, [&](Value i) {
    Value panel = b.floorDiv(i, b.index(lanes)), lane = arith::RemUIOp::create(b, i, b.index(lanes));
    SmallVector<Value> row{at.batch, at.head, b.add(at.q0, i)};
    Value ok = b.load(queryOk, i);
    Value sum = b.load(sums, {panel, lane}), max = b.load(maxima, {panel, lane});
    auto column = [&](Value c) { return SmallVector<Value>{row[0], row[1], row[2], b.add(at.c0, c)}; };
    if (request.isOnline()) {
      b.ifThen(ok, [&] {
        b.loop(b.index(0), at.cCount,
               [&](Value c) { b.store(b.load(output, {panel, c, lane}), request.acc, column(c)); });
        b.ifThen(isLastChunk, [&] {
          b.store(max, request.max, row);
          b.store(sum, request.sum, row);
        });
      });
      return;
    }
    // An empty row is 0; a NaN sum is not empty.
    Value empty = b.compare(arith::CmpFPredicate::OEQ, sum, zero);
    Value some = b.andI(ok, arith::XOrIOp::create(b, empty, b.boolean(true)));
    Value inverse = arith::DivFOp::create(b, one, b.select(empty, one, sum));
    Type outType = cast<MemRefType>(request.out.getType()).getElementType();
    b.loop(b.index(0), at.cCount, [&](Value c) {
      Value value = arith::MulFOp::create(b, b.load(output, {panel, c, lane}), inverse);
      b.store(b.convertFloat(b.select(some, value, zero), outType), request.out, column(c));
    });
    if (!request.lse)
      return;
    Value lse = arith::AddFOp::create(b, max, math::LogOp::create(b, b.select(empty, one, sum)));
    b.ifThen(isLastChunk, [&] { b.store(b.select(some, lse, minusInf), request.lse, row); });
  });
}
