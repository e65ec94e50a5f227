// rms_scale and router_scores: one or more dot products along D per row.
#include "Patterns.h"
#include "colt5/Codegen/Common/LoopBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::colt5;

/// Elements [i, i + lanes) of the rank-1 memref `row`, in the score type.
static Value loadLanes(LoopBuilder &b, Value row, Value i, int64_t lanes) {
  Type element = cast<MemRefType>(row.getType()).getElementType();
  Value value = lanes == 1 ? b.load(row, i)
                           : vector::LoadOp::create(b, VectorType::get({lanes}, element), row, i).getResult();
  return b.convertFloat(value, getScoreType(element));
}

/// <x, y> of two rank-1 memrefs in the score type.
static Value dot(LoopBuilder &b, Value x, Value y) {
  Type type = getScoreType(cast<MemRefType>(x.getType()).getElementType());
  int64_t width = isContiguousLast(x) && isContiguousLast(y) ? (type.isF64() ? 8 : 16) : 1;
  return b.reduce(b.index(0), b.size(x, 0), width, b.real(type, 0.0), vector::CombiningKind::ADD,
                  [&](Value i, int64_t lanes, Value acc) -> Value {
                    return math::FmaOp::create(b, loadLanes(b, x, i, lanes), loadLanes(b, y, i, lanes), acc);
                  });
}

namespace {
struct LowerRmsScale : OpRewritePattern<RmsScaleOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RmsScaleOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return rewriter.notifyMatchFailure(op, "expects memref operands");
    LoopBuilder b(op.getLoc(), rewriter);
    b.setInsertionPoint(op);
    Value out = op.getOuts()[0];
    auto outType = cast<MemRefType>(out.getType());
    Type type = outType.getElementType();
    SmallVector<Value> sizes;
    for (int64_t dim = 0; dim < outType.getRank(); ++dim)
      sizes.push_back(b.size(out, dim));
    Value width = b.size(op.getX(), outType.getRank());
    // The mean of a row without elements is 0.
    Value divisor = b.max(width, b.index(1));
    Value count = arith::UIToFPOp::create(b, type, b.fromIndex(b.getI64Type(), divisor));
    Value one = b.real(type, 1.0), zero = b.real(type, 0.0);
    Value eps = b.real(type, op.getEps().convertToDouble());
    b.nest(sizes, [&](ValueRange at) {
      auto scale = [&]() -> SmallVector<Value> {
        Value row = b.row(op.getX(), at);
        Value mean = arith::DivFOp::create(b, dot(b, row, row), count);
        Value square = arith::AddFOp::create(b, mean, eps);
        Value factor = arith::DivFOp::create(b, one, math::SqrtOp::create(b, square));
        // The comparison is false for NaN.
        return {b.select(b.compare(arith::CmpFPredicate::OEQ, square, zero), zero, factor)};
      };
      Value result = op.getMask() ? b.ifElse(b.load(op.getMask(), at), type, scale,
                                             [&]() -> SmallVector<Value> { return {zero}; })[0]
                                  : scale()[0];
      b.store(result, out, at);
    });
    rewriter.eraseOp(op);
    return success();
  }
};

struct LowerRouterScores : OpRewritePattern<RouterScoresOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RouterScoresOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return rewriter.notifyMatchFailure(op, "expects memref operands");
    LoopBuilder b(op.getLoc(), rewriter);
    b.setInsertionPoint(op);
    Value out = op.getOuts()[0];
    Type type = cast<MemRefType>(out.getType()).getElementType();
    bool batchedRouter = cast<MemRefType>(op.getU().getType()).getRank() == 3;
    Value factor = b.real(type, op.getScale().convertToDouble());
    Value masked = b.real(type, -std::numeric_limits<double>::infinity());
    // Routes innermost: the routes of a token share its row of x while it is in cache.
    b.nest({b.size(out, 0), b.size(out, 2), b.size(out, 1)}, [&](ValueRange at) {
      Value batch = at[0], token = at[1], route = at[2];
      auto score = [&]() -> SmallVector<Value> {
        Value x = b.row(op.getX(), {batch, token});
        Value u = batchedRouter ? b.row(op.getU(), {batch, route}) : b.row(op.getU(), route);
        Value s = dot(b, x, u);
        if (op.getSimilarity() == Similarity::Cosine) {
          auto norm = [&](Value row) -> Value {
            Value root = math::SqrtOp::create(b, dot(b, row, row));
            return arith::MaximumFOp::create(b, root, b.real(type, 1e-12));
          };
          s = arith::DivFOp::create(b, s, arith::MulFOp::create(b, norm(x), norm(u)));
        }
        return {arith::MulFOp::create(b, factor, s)};
      };
      Value result = op.getMask() ? b.ifElse(loadMask(b, op.getMask(), batch, route, token), type, score,
                                             [&]() -> SmallVector<Value> { return {masked}; })[0]
                                  : score()[0];
      b.store(result, out, {batch, route, token});
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void colt5::populateRowsToLoopsPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerRmsScale, LowerRouterScores>(patterns.getContext());
}
