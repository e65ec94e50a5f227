// One panel of queries against a block of packed keys: scores, then a step of the online softmax.
#include "AttentionEmitter.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::colt5;

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
    multiplyPanels(b, scoreTile, keyPanels, panelsFrom(b, qPanels, panel, zero), count, width, at.cCount,
                   product, b.boolean(false), /*edge=*/Value());
    return;
  }
  Value head = b.size(request.q, 3);
  // The first step starts the scores: there is one, without columns too.
  b.loop(zero, b.max(head, b.index(1)), chunk, {}, [&](Value c0, ValueRange) -> SmallVector<Value> {
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
void AttentionEmitter::applyScoreRegion(const Position &at, const KeySet &set, const Keys &keys,
                                        Value panel) {
  Value zero = b.index(0);
  Value inPanel = b.min(b.index(lanes), b.sub(at.qCount, rowOf(panel, zero)));
  b.nest({b.sub(keys.to, keys.from), inPanel}, [&](ValueRange ivs) {
    Value j = b.add(keys.from, ivs[0]), lane = ivs[1];
    Value i = rowOf(panel, lane);
    KeyInfo key{b.load(keyRow, j), b.load(keyPos, j), Value()};
    Value score = colt5::applyScoreRegion(b, set, at, b.add(at.q0, i), key, b.load(scores, {j, lane}),
                                          b.load(reference, i));
    b.store(score, scores, {j, lane});
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
  Value newMax =
      b.loop(keys.from, keys.to, 1, oldMax, [&](Value j, ValueRange carried) -> SmallVector<Value> {
        Value score = loadVector(scores, {j, zero}, type);
        if (isChanged)
          score = scaleAndBias(score, j);
        Value allowed = lanesOk;
        auto require = [&](Value condition) {
          if (condition)
            allowed = allowed ? b.andI(allowed, condition) : condition;
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
  multiplyPanels(b, outputTile, panelsFrom(b, vPanels, zero, keys.from),
                 panelsFrom(b, weights, zero, keys.from), roundUp(b, at.cCount, outputTile.mr),
                 b.index(lanes), b.sub(keys.to, keys.from), product, b.boolean(true),
                 /*edge=*/Value());
}
