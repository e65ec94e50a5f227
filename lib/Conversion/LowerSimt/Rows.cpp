// rms_scale and router_scores: dot products along D, one warp per row.
#include "Lowerings.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::colt5;

/// <x, y> of two rows of `width` elements in `type`, in every lane.
static Value dot(BlockBuilder &b, Value width, Type type, function_ref<Value(Value)> loadX,
                 function_ref<Value(Value)> loadY) {
  Value partial = b.loop(b.lane(), width, kWarpSize, b.real(type, 0.0),
                         [&](Value i, ValueRange carried) -> SmallVector<Value> {
                           Value x = b.convertFloat(loadX(i), type), y = b.convertFloat(loadY(i), type);
                           return {math::FmaOp::create(b, x, y, carried[0])};
                         })[0];
  return b.reduceWarp(partial, [](LoopBuilder &builder, Value lhs, Value rhs) -> Value {
    return arith::AddFOp::create(builder, lhs, rhs);
  });
}

static Value loadAt(BlockBuilder &b, Value memref, ValueRange row, Value column) {
  SmallVector<Value> at(row);
  at.push_back(column);
  return b.load(memref, at);
}

/// Stores `value` from the first lane.
static void storeFromLane(BlockBuilder &b, Value value, Value memref, ValueRange at) {
  b.branch(b.compare(arith::CmpIPredicate::eq, b.lane(), b.index(0)), [&] { b.store(value, memref, at); });
}

static void lowerRmsScale(BlockBuilder &b, RmsScaleOp op) {
  Value out = op.getOuts()[0], x = op.getX();
  auto outType = cast<MemRefType>(out.getType());
  Type type = outType.getElementType();
  Value width = b.size(x, outType.getRank());
  Value count = arith::UIToFPOp::create(b, type, b.fromIndex(b.getI64Type(), width));
  Value one = b.real(type, 1.0), eps = b.real(type, op.getEps().convertToDouble());
  SmallVector<Value> sizes = b.sizesOf(out);
  b.distributeToWarps(b.product(sizes), [&](Value i) {
    SmallVector<Value> row = b.delinearize(i, sizes);
    auto load = [&](Value column) { return loadAt(b, x, row, column); };
    Value mean = arith::DivFOp::create(b, dot(b, width, type, load, load), count);
    Value root = math::SqrtOp::create(b, arith::AddFOp::create(b, mean, eps));
    Value scale = arith::DivFOp::create(b, one, root);
    if (op.getMask())
      scale = b.select(b.load(op.getMask(), row), scale, b.real(type, 0.0));
    storeFromLane(b, scale, out, row);
  });
}

static void lowerRouterScores(BlockBuilder &b, RouterScoresOp op) {
  Value out = op.getOuts()[0], x = op.getX(), u = op.getU();
  Type type = cast<MemRefType>(out.getType()).getElementType();
  bool batchedRouter = cast<MemRefType>(u.getType()).getRank() == 3;
  Value width = b.size(x, 2);
  Value factor = b.real(type, op.getScale().convertToDouble());
  Value masked = b.real(type, -std::numeric_limits<double>::infinity());
  SmallVector<Value> outSizes = b.sizesOf(out);
  SmallVector<Value> sizes{outSizes[0], outSizes[2], outSizes[1]};
  b.distributeToWarps(b.product(sizes), [&](Value i) {
    SmallVector<Value> at = b.delinearize(i, sizes);
    Value batch = at[0], token = at[1], route = at[2];
    SmallVector<Value> xRow{batch, token}, uRow{route};
    if (batchedRouter)
      uRow.insert(uRow.begin(), batch);
    auto loadX = [&](Value column) { return loadAt(b, x, xRow, column); };
    auto loadU = [&](Value column) { return loadAt(b, u, uRow, column); };
    Value score = dot(b, width, type, loadX, loadU);
    if (op.getSimilarity() == Similarity::Cosine) {
      auto norm = [&](function_ref<Value(Value)> load) -> Value {
        Value root = math::SqrtOp::create(b, dot(b, width, type, load, load));
        return arith::MaximumFOp::create(b, root, b.real(type, 1e-12));
      };
      score = arith::DivFOp::create(b, score, arith::MulFOp::create(b, norm(loadX), norm(loadU)));
    }
    score = arith::MulFOp::create(b, factor, score);
    if (op.getMask())
      score = b.select(loadMask(b, op.getMask(), batch, route, token), score, masked);
    storeFromLane(b, score, out, {batch, route, token});
  });
}

LogicalResult colt5::lowerSimtRows(BlockBuilder &b, Operation *op) {
  if (auto scale = dyn_cast<RmsScaleOp>(op))
    lowerRmsScale(b, scale);
  else if (auto scores = dyn_cast<RouterScoresOp>(op))
    lowerRouterScores(b, scores);
  else
    return failure();
  return success();
}
