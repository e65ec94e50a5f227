// One block of keys against one block of queries: stage, pack, score, update the running softmax.
#include "AttentionEmitter.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::colt5;

Value AttentionEmitter::loadVector(Value memref, ValueRange at, Type elementType) {
  return vector::LoadOp::create(b, VectorType::get({lanes}, elementType), memref, at);
}

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
  SmallVector<Value> ends = b.loop(
      lo, hi, 1, {b.integer(i32, 1 << 30), b.integer(i32, -(1 << 30))},
      [&](Value i, ValueRange carried) -> SmallVector<Value> {
        Value pos = b.load(reference, i), ok = b.load(queryOk, i);
        return {b.select(ok, arith::MinSIOp::create(b, carried[0], pos), carried[0]),
                b.select(ok, arith::MaxSIOp::create(b, carried[1], pos), carried[1])};
      });
  return {ends[0], ends[1]};
}

/// The slots that queries [lo, hi) of the block may see.
std::pair<Value, Value> AttentionEmitter::keyRange(const Position &at, const KeySet &set, Value lo, Value hi) {
  Value slots = set.rows ? b.size(set.rows, 3) : b.size(set.k, 2);
  Value first = b.index(0), last = slots;
  if (!set.pattern || !set.isConsecutive())
    return {first, last};
  auto [from, to] = referenceRange(set, lo, hi);
  auto [keyLo, keyHi] = set.pattern.buildKeyRange(b, b.getLoc(), from, to);
  Value base = set.base ? set.base : b.index(0);
  if (keyLo)
    first = arith::MaxSIOp::create(b, first, b.sub(keyLo, base));
  if (keyHi)
    last = b.min(last, b.sub(keyHi, base));
  return {first, last};
}

void AttentionEmitter::readReference(const Position &at, const KeySet &set) {
  b.loop(b.index(0), b.index(queryBlock), [&](Value i) {
    Value inside = b.compare(arith::CmpIPredicate::slt, i, at.qCount);
    Value value = b.choose(
        inside, b.getI32Type(),
        [&]() -> SmallVector<Value> {
          if (!set.queryReference)
            return {b.load(queryPos, i)};
          return {perGroup(set.queryReference, at, b.add(at.q0, i))};
        },
        [&]() -> SmallVector<Value> { return {b.integer(b.getI32Type(), 0)}; })[0];
    b.store(value, reference, i);
  });
}

/// Writes the bias of head `at.head` for every distance `reference - key` from -(D + lanes) to D + 2 * lanes, where
/// D is the distance beyond which it is constant. A vector of consecutive queries is then one load.
void AttentionEmitter::expandBiasTable(const Position &at, const KeySet &set) {
  SmallVector<int64_t> thresholds = set.buckets.getThresholds();
  int64_t first = -(thresholds.back() + lanes);
  int64_t count = cast<MemRefType>(biasTable.getType()).getDimSize(0);
  bool bidirectional = set.buckets.getDirection() == Direction::Bidirectional;
  Value zero = b.index(0);
  b.loop(zero, b.index(count), [&](Value i) {
    // relative = key - reference
    Value relative = b.sub(b.index(-first), i);
    Value backward = b.sub(zero, relative);
    Value distance = bidirectional ? arith::MaxSIOp::create(b, relative, backward).getResult()
                                   : arith::MaxSIOp::create(b, backward, zero).getResult();
    Value bucket = zero;
    if (bidirectional)
      bucket = b.select(b.compare(arith::CmpIPredicate::sgt, relative, zero),
                        b.index(set.buckets.getNumBuckets() / 2), zero);
    for (int64_t threshold : thresholds) {
      Value reached = b.compare(arith::CmpIPredicate::sge, distance, b.index(threshold));
      bucket = b.add(bucket, b.select(reached, b.index(1), zero));
    }
    b.store(b.load(set.table, {at.head, bucket}), biasTable, i);
  });
}

/// Bias of the queries of `panel` for a key at `keyPosition` (i32). `nearest` are the least and the greatest reference
/// of the panel's valid queries; unused when references are consecutive.
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
  Value farBefore = b.compare(arith::CmpIPredicate::sge, b.sub(nearest.first, keyPosition), b.integer(i32, far));
  Value farAfter = b.compare(arith::CmpIPredicate::sge, b.sub(keyPosition, nearest.second), b.integer(i32, far));
  auto gather = [&]() -> SmallVector<Value> {
    Value queries = loadVector(reference, rowOf(panel, b.index(0)), i32);
    Value distances = clampTo(b.sub(queries, b.splat(lanes, keyPosition)), -far, far, lanes);
    Value offsets = b.add(distances, b.splat(lanes, b.integer(i32, far)));
    Value mask = b.splat(lanes, b.boolean(true));
    Value nothing = b.splat(lanes, b.real(type, 0.0));
    return {vector::GatherOp::create(b, vectorType, biasTable, b.index(0), offsets, mask, nothing)};
  };
  return b.choose(b.either(farBefore, farAfter), vectorType,
                  [&]() -> SmallVector<Value> {
                    Value slot = b.select(farBefore, b.index(2 * far), b.index(0));
                    return {b.splat(lanes, b.load(biasTable, slot))};
                  },
                  gather)[0];
}

/// Row, position and validity of each key of the block.
void AttentionEmitter::readKeys(const Position &at, const KeySet &set, const Keys &keys) {
  Type i32 = b.getI32Type();
  Value rows = b.size(set.k, 2);
  Value base = set.base ? set.base : b.index(0);
  b.loop(b.index(0), keys.count, [&](Value j) {
    Value row = b.add(keys.j0, j), ok = b.boolean(true);
    if (set.rows) {
      std::tie(row, ok) = loadCheckedIndex(b, request.op, set.rows, {at.batch, at.group, at.list, row}, rows,
                                           request.trusted);
      // An absent key reads row 0 below, and ignores what it reads.
      row = b.select(ok, row, b.index(0));
    }
    if (set.valid)
      ok = b.both(ok, perGroup(set.valid, at, row));
    Value pos = set.positions ? perGroup(set.positions, at, row) : b.fromIndex(i32, b.add(base, row));
    if (set.positions)
      ok = b.both(ok, b.compare(arith::CmpIPredicate::ne, pos, b.integer(i32, kNoToken)));
    b.store(row, keyRow, j);
    b.store(pos, keyPos, j);
    b.store(ok, keyOk, j);
  });
}

/// Copies columns [c0, c0 + cCount) of the block's rows into `target`, zeros for absent keys, so that data behind a
/// mask is never read.
void AttentionEmitter::stageRows(const Position &at, Value source, Value target, const Keys &keys, Value c0,
                                 Value cCount) {
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(element));
  auto columns = [&](Value memref, ValueRange leading, Value offset) -> Value {
    int64_t rank = cast<MemRefType>(memref.getType()).getRank();
    SmallVector<OpFoldResult> offsets(leading.begin(), leading.end()), sizes(rank, b.getIndexAttr(1)),
        strides(rank, b.getIndexAttr(1));
    offsets.push_back(offset);
    sizes.back() = cCount;
    MemRefType rowType = memref::SubViewOp::inferRankReducedResultType(
        {ShapedType::kDynamic}, cast<MemRefType>(memref.getType()), offsets, sizes, strides);
    return memref::SubViewOp::create(b, rowType, memref, offsets, sizes, strides);
  };
  b.loop(b.index(0), keys.count, [&](Value j) {
    Value to = columns(target, j, b.index(0));
    b.branch(
        b.load(keyOk, j),
        [&] {
          Value from = columns(source, {at.batch, at.group, b.load(keyRow, j)}, c0);
          linalg::CopyOp::create(b, from, to);
        },
        [&] { linalg::FillOp::create(b, zero, to); });
  });
}

void AttentionEmitter::packValues(const Position &at, const KeySet &set, const Keys &keys) {
  MatrixView view{set.v, {at.batch, at.group, keys.j0, at.c0}, 3, 2};
  if (set.isStaged()) {
    stageRows(at, set.v, valueRows, keys, at.c0, at.cCount);
    view = {valueRows, {b.index(0), b.index(0)}, 1, 0};
  }
  packPanels(b, view, at.cCount, keys.count, vPanels, b.index(0));
}

void AttentionEmitter::packKeys(const Position &at, const KeySet &set, const Keys &keys, Value c0, Value cCount) {
  MatrixView view{set.k, {at.batch, at.group, keys.j0, c0}, 2, 3};
  if (set.isStaged()) {
    stageRows(at, set.k, keyRows, keys, c0, cCount);
    view = {keyRows, {b.index(0), b.index(0)}, 0, 1};
  }
  packPanels(b, view, keys.count, cCount, kPanels, b.index(0));
}

/// `panels` from panel `panel` and from `k` on.
static Value panelsFrom(LoopBuilder &b, Value panels, Value panel, Value k) {
  auto type = cast<MemRefType>(panels.getType());
  SmallVector<OpFoldResult> offsets{panel, k, b.getIndexAttr(0)},
      sizes{b.sub(b.index(type.getDimSize(0)), panel), b.sub(b.index(type.getDimSize(1)), k),
            b.getIndexAttr(type.getDimSize(2))},
      strides(3, b.getIndexAttr(1));
  return memref::SubViewOp::create(b, panels, offsets, sizes, strides);
}

static Value roundUp(LoopBuilder &b, Value value, int64_t step) {
  Value steps = b.floorDiv(b.add(value, b.index(step - 1)), b.index(step));
  return b.mul(steps, b.index(step));
}

/// scores[key][lane] = <k, q> of the queries of `panel`.
void AttentionEmitter::computeScores(const Position &at, const KeySet &set, const Keys &keys, Value panel) {
  Value width = b.index(lanes), zero = b.index(0);
  ProductView product{scores, {keys.from, zero}, 0, 1};
  // Whole tiles: the buffer has room for them, and rows past the end are not looked at.
  Value count = roundUp(b, b.sub(keys.to, keys.from), scoreTile.mr);
  Value keyPanels = panelsFrom(b, kPanels, b.floorDiv(keys.from, b.index(scoreTile.mr)), zero);
  if (oneChunk) {
    multiplyPanels(b, scoreTile, keyPanels, panelsFrom(b, qPanels, panel, zero), count, width, at.cCount, product,
                   b.boolean(false), /*edge=*/Value());
    return;
  }
  Value head = b.size(request.q, 3);
  b.loop(zero, head, chunk, {}, [&](Value c0, ValueRange) -> SmallVector<Value> {
    Value cCount = b.min(b.index(chunk), b.sub(head, c0));
    Value first = b.mul(panel, width);
    MatrixView view{request.q, {at.batch, at.head, b.add(at.q0, first), c0}, 2, 3};
    packPanels(b, view, b.min(width, b.sub(at.qCount, first)), cCount, qPanels, zero);
    packKeys(at, set, keys, c0, cCount);
    multiplyPanels(b, scoreTile, keyPanels, qPanels, count, width, cCount, product,
                   b.compare(arith::CmpIPredicate::ne, c0, zero), /*edge=*/Value());
    return {};
  });
}

/// Replaces each score of the panel by what the op's region makes of it, one by one.
void AttentionEmitter::applyScoreRegion(const Position &at, const KeySet &set, const Keys &keys, Value panel) {
  Value zero = b.index(0);
  Value inPanel = b.min(b.index(lanes), b.sub(at.qCount, rowOf(panel, zero)));
  b.nest({b.sub(keys.to, keys.from), inPanel}, [&](ValueRange ivs) {
    Value j = b.add(keys.from, ivs[0]), lane = ivs[1];
    Value i = rowOf(panel, lane);
    SmallVector<Value> full{at.batch, at.head, b.add(at.q0, i), b.load(keyRow, j)};
    SmallVector<Value> arguments{b.load(scores, {j, lane}), b.load(reference, i), b.load(keyPos, j)};
    for (Value extra : set.extra) {
      SmallVector<Value> subscripts;
      for (int64_t dim = 0; dim < 4; ++dim) {
        Value isOne = b.compare(arith::CmpIPredicate::eq, b.size(extra, dim), b.index(1));
        subscripts.push_back(b.select(isOne, zero, full[dim]));
      }
      arguments.push_back(b.load(extra, subscripts));
    }
    Block &body = set.score->front();
    IRMapping mapping;
    mapping.map(body.getArguments(), arguments);
    for (Operation &nested : body.without_terminator())
      b.clone(nested, mapping);
    b.store(mapping.lookupOrDefault(body.getTerminator()->getOperand(0)), scores, {j, lane});
  });
}

/// Scores of one panel against the block, then one step of the online softmax.
void AttentionEmitter::updatePanel(const Position &at, const KeySet &set, const Keys &keys, Value panel) {
  Value zero = b.index(0);
  Value minusInf = b.splat(lanes, b.real(type, -std::numeric_limits<double>::infinity()));
  Value nothing = b.splat(lanes, b.real(type, 0.0));
  Value firstRow = rowOf(panel, zero);
  computeScores(at, set, keys, panel);

  std::pair<Value, Value> nearest;
  if (set.buckets && set.queryReference)
    nearest = referenceEnds(firstRow, b.min(b.add(firstRow, b.index(lanes)), at.qCount));
  auto scaleAndBias = [&](Value score, Value j) -> Value {
    if (request.scale != 1.0)
      score = arith::MulFOp::create(b, score, b.splat(lanes, b.real(type, request.scale)));
    if (set.buckets)
      score = arith::AddFOp::create(b, score, loadBias(set, panel, b.load(keyPos, j), nearest));
    return score;
  };
  // Without a region this is part of the next pass.
  bool isChanged = request.scale != 1.0 || set.buckets;
  if (set.hasScore()) {
    if (isChanged)
      b.loop(keys.from, keys.to, [&](Value j) {
        Value score = scaleAndBias(loadVector(scores, {j, zero}, type), j);
        vector::StoreOp::create(b, score, scores, ValueRange{j, zero});
      });
    applyScoreRegion(at, set, keys, panel);
    isChanged = false;
  }

  // Lanes of queries that take no part see no key.
  Value lanesOk;
  if (request.qValid || request.qPos)
    lanesOk = loadMask(b, queryOk, ValueRange{firstRow}, lanes);
  Value queries = loadVector(reference, firstRow, b.getI32Type());
  Value oldMax = loadVector(maxima, {panel, zero}, type);
  Value newMax = b.loop(keys.from, keys.to, 1, oldMax, [&](Value j, ValueRange carried) -> SmallVector<Value> {
    Value score = loadVector(scores, {j, zero}, type);
    if (isChanged)
      score = scaleAndBias(score, j);
    Value allowed = lanesOk;
    auto require = [&](Value condition) {
      if (condition)
        allowed = allowed ? b.both(allowed, condition) : condition;
    };
    if (set.isStaged())
      require(b.splat(lanes, b.load(keyOk, j)));
    if (set.pattern)
      require(set.pattern.buildAllowed(b, b.getLoc(), queries, b.splat(lanes, b.load(keyPos, j))));
    if (allowed)
      score = b.select(allowed, score, minusInf);
    if (allowed || isChanged)
      vector::StoreOp::create(b, score, scores, ValueRange{j, zero});
    return {arith::MaxNumFOp::create(b, carried[0], score)};
  })[0];

  // While the maximum is -inf both exponentials are 0: subtract 0 instead of -inf.
  Value none = b.compare(arith::CmpFPredicate::OEQ, newMax, minusInf);
  Value subtract = b.select(none, nothing, newMax);
  Value decay = math::ExpOp::create(b, arith::SubFOp::create(b, oldMax, subtract));
  Value start = arith::MulFOp::create(b, loadVector(sums, {panel, zero}, type), decay);
  Value newSum = b.loop(keys.from, keys.to, 1, start, [&](Value j, ValueRange carried) -> SmallVector<Value> {
    Value score = loadVector(scores, {j, zero}, type);
    Value weight = math::ExpOp::create(b, arith::SubFOp::create(b, score, subtract));
    vector::StoreOp::create(b, weight, scores, ValueRange{j, zero});
    return {arith::AddFOp::create(b, carried[0], weight)};
  })[0];
  vector::StoreOp::create(b, newMax, maxima, ValueRange{panel, zero});
  vector::StoreOp::create(b, newSum, sums, ValueRange{panel, zero});
  b.loop(zero, at.cCount, [&](Value c) {
    Value old = loadVector(output, {panel, c, zero}, type);
    vector::StoreOp::create(b, arith::MulFOp::create(b, old, decay), output, ValueRange{panel, c, zero});
  });

  // output[c][lane] += v^T[c][key] * weight[key][lane]; the weights already have the layout of a B panel.
  auto panelType = MemRefType::get({1, cast<MemRefType>(scores.getType()).getDimSize(0), lanes}, type);
  SmallVector<ReassociationIndices> groups{{0, 1}, {2}};
  Value weights = memref::ExpandShapeOp::create(b, panelType, scores, groups);
  ProductView product{output, {panel, zero, zero}, 1, 2};
  multiplyPanels(b, outputTile, panelsFrom(b, vPanels, zero, keys.from), panelsFrom(b, weights, zero, keys.from),
                 roundUp(b, at.cCount, outputTile.mr), b.index(lanes), b.sub(keys.to, keys.from), product, b.boolean(true),
                 /*edge=*/Value());
}

void AttentionEmitter::processSet(const Position &at, const KeySet &set) {
  Value zero = b.index(0);
  readReference(at, set);
  if (set.buckets)
    expandBiasTable(at, set);
  auto [first, last] = keyRange(at, set, zero, at.qCount);
  Value lastKey = last;
  b.loop(first, last, keyBlock, {}, [&](Value j0, ValueRange) -> SmallVector<Value> {
    Keys keys{j0, b.min(b.index(keyBlock), b.sub(lastKey, j0)), zero, Value()};
    keys.to = keys.count;
    readKeys(at, set, keys);
    if (oneChunk)
      packKeys(at, set, keys, zero, at.cCount);
    packValues(at, set, keys);
    b.loop(zero, panelCount(at), [&](Value panel) {
      Value from = rowOf(panel, zero);
      Value to = b.min(b.add(from, b.index(lanes)), at.qCount);
      auto [lo, hi] = keyRange(at, set, from, to);
      // A panel of a long block of queries may see a part of this block of keys, or nothing of it.
      Keys seen = keys;
      Value rows = b.index(scoreTile.mr);
      seen.from = arith::MaxSIOp::create(b, b.sub(lo, j0), zero);
      seen.from = b.mul(b.floorDiv(seen.from, rows), rows);
      seen.to = b.min(b.sub(hi, j0), keys.count);
      b.branch(b.compare(arith::CmpIPredicate::slt, seen.from, seen.to), [&] { updatePanel(at, set, seen, panel); });
    });
    return {};
  });
}
