// rms_scale and router_scores: dot products along D, one warp per row.
#include "Lowerings.h"

#include "colt5/Codegen/Common/Divisibility.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// One row of a buffer.
struct RowView {
  Value memref;
  SmallVector<Value> at;
};
} // namespace

/// <x, y> of two rows of `width` elements in `type`, in every lane.
static Value dot(BlockBuilder &b, Value width, Type type, const RowView &x, const RowView &y) {
  int64_t vector = std::min(getVectorWidth(x.memref, x.at.size()), getVectorWidth(y.memref, y.at.size()));
  auto load = [&](const RowView &row, Value column) {
    SmallVector<Value> at(row.at);
    at.push_back(column);
    return b.convertFloat(b.loadAligned(row.memref, at, vector), type);
  };
  Value start = b.mul(b.lane(), b.index(vector)), zero = b.splat(vector, b.real(type, 0.0));
  Value partial =
      b.loop(start, width, kWarpSize * vector, zero, [&](Value i, ValueRange carried) -> SmallVector<Value> {
        return {math::FmaOp::create(b, load(x, i), load(y, i), carried[0])};
      })[0];
  auto add = [](LoopBuilder &builder, Value lhs, Value rhs) -> Value {
    return arith::AddFOp::create(builder, lhs, rhs);
  };
  Value sum = vector == 1 ? partial : vector::ExtractOp::create(b, partial, 0).getResult();
  for (int64_t i = 1; i < vector; ++i)
    sum = add(b, sum, vector::ExtractOp::create(b, partial, i));
  return b.reduceWarp(sum, add);
}

/// Stores `value` from the first lane.
static void storeFromLane(BlockBuilder &b, Value value, Value memref, ValueRange at) {
  b.ifThen(b.compare(arith::CmpIPredicate::eq, b.lane(), b.index(0)), [&] { b.store(value, memref, at); });
}

static void lowerRmsScale(BlockBuilder &b, RmsScaleOp op) {
  Value out = op.getOuts()[0], x = op.getX();
  auto outType = cast<MemRefType>(out.getType());
  Type type = outType.getElementType();
  Value width = b.size(x, outType.getRank());
  // The mean of a row without elements is 0.
  Value divisor = b.max(width, b.index(1));
  Value count = arith::UIToFPOp::create(b, type, b.fromIndex(b.getI64Type(), divisor));
  Value one = b.real(type, 1.0), zero = b.real(type, 0.0);
  Value eps = b.real(type, op.getEps().convertToDouble());
  SmallVector<Value> sizes = b.sizesOf(out);
  b.distributeToWarps(b.product(sizes), [&](Value i) {
    SmallVector<Value> row = b.delinearize(i, sizes);
    RowView view{x, row};
    Value mean = arith::DivFOp::create(b, dot(b, width, type, view, view), count);
    Value square = arith::AddFOp::create(b, mean, eps);
    Value scale = arith::DivFOp::create(b, one, math::SqrtOp::create(b, square));
    // The comparison is false for NaN.
    scale = b.select(b.compare(arith::CmpFPredicate::OEQ, square, zero), zero, scale);
    if (op.getMask())
      scale = b.select(b.load(op.getMask(), row), scale, zero);
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
    RowView xView{x, xRow}, uView{u, uRow};
    Value score = dot(b, width, type, xView, uView);
    if (op.getSimilarity() == Similarity::Cosine) {
      auto norm = [&](const RowView &row) -> Value {
        Value root = math::SqrtOp::create(b, dot(b, width, type, row, row));
        return arith::MaximumFOp::create(b, root, b.real(type, 1e-12));
      };
      score = arith::DivFOp::create(b, score, arith::MulFOp::create(b, norm(xView), norm(uView)));
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
