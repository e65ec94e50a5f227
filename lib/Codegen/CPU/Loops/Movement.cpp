// gather and scatter_combine: one checked index per slot, then a whole row at once.
#include "Patterns.h"
#include "colt5/Codegen/Common/LoopBuilder.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::colt5;

static SmallVector<Value> sizesOf(LoopBuilder &b, Value memref) {
  SmallVector<Value> sizes;
  for (int64_t dim = 0, rank = cast<MemRefType>(memref.getType()).getRank(); dim < rank; ++dim)
    sizes.push_back(b.size(memref, dim));
  return sizes;
}

static Value widest(LoopBuilder &b, Value value, Type other, Type &wide) {
  Type type = value.getType();
  Type score = getScoreType(type), otherScore = getScoreType(other);
  wide = score.getIntOrFloatBitWidth() >= otherScore.getIntOrFloatBitWidth() ? score : otherScore;
  return b.convertFloat(value, wide);
}

namespace {
struct LowerGather : OpRewritePattern<GatherOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GatherOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return rewriter.notifyMatchFailure(op, "expects memref operands");
    LoopBuilder b(op.getLoc(), rewriter);
    b.setInsertionPoint(op);
    int64_t batchDims = op.getBatchDims();
    Value source = op.getSource(), out = op.getOuts()[0];
    Type element = cast<MemRefType>(source.getType()).getElementType();
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(element));
    Value limit = b.size(source, batchDims);
    b.nest(sizesOf(b, op.getIndices()), [&](ValueRange slot) {
      auto [index, named] =
          loadCheckedIndex(b, op, op.getIndices(), slot, limit, op.getTrusted(), op.getValid());
      SmallVector<Value> from(slot.take_front(batchDims));
      from.push_back(index);
      bool scalar = cast<MemRefType>(source.getType()).getRank() == batchDims + 1;
      auto scaled = [&](LoopBuilder &inner, Value value, Value scale) -> Value {
        if (!scale)
          return value;
        Type wide;
        Value wideValue = widest(inner, value, scale.getType(), wide);
        Value product = arith::MulFOp::create(inner, wideValue, inner.convertFloat(scale, wide));
        return inner.convertFloat(product, value.getType());
      };
      Value scale = op.getScale() ? b.load(op.getScale(), slot) : Value();
      b.ifThen(
          named,
          [&] {
            if (scalar)
              return b.store(scaled(b, b.load(source, from), scale), out, slot);
            elementwise(
                b, b.row(source, from), b.row(out, slot),
                [&](LoopBuilder &inner, ValueRange in, Value) { return scaled(inner, in[0], scale); });
          },
          [&] {
            if (scalar)
              return b.store(zero, out, slot);
            linalg::FillOp::create(b, zero, b.row(out, slot));
          });
    });
    rewriter.eraseOp(op);
    return success();
  }
};

struct LowerScatterCombine : OpRewritePattern<ScatterCombineOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScatterCombineOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return rewriter.notifyMatchFailure(op, "expects memref operands");
    LoopBuilder b(op.getLoc(), rewriter);
    b.setInsertionPoint(op);
    Value base = op.getOuts()[0];
    Value limit = b.size(base, 1);
    bool isAdd = op.getCombine() == CombineKind::Add;
    b.nest(sizesOf(b, op.getIndices()), [&](ValueRange slot) {
      std::pair<Value, Value> checked =
          loadCheckedIndex(b, op, op.getIndices(), slot, limit, op.getTrusted(), op.getValid());
      Value index = checked.first, named = checked.second;
      b.ifThen(named, [&] {
        Value weight = op.getWeight() ? b.load(op.getWeight(), slot) : Value();
        elementwise(b, b.row(op.getUpdates(), slot), b.row(base, {slot[0], index}),
                    [&](LoopBuilder &inner, ValueRange in, Value old) {
                      Type wide;
                      Value value = widest(inner, in[0], old.getType(), wide);
                      if (weight)
                        value = arith::MulFOp::create(inner, value, inner.convertFloat(weight, wide));
                      if (isAdd)
                        value = arith::AddFOp::create(inner, inner.convertFloat(old, wide), value);
                      return inner.convertFloat(value, old.getType());
                    });
      });
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void colt5::populateMovementToLoopsPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerGather, LowerScatterCombine>(patterns.getContext());
}
