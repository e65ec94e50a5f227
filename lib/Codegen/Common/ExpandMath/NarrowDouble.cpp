// f64 to and from f16 and bf16 by way of f32.
#include "NarrowDouble.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Rounding twice to nearest would be wrong near ties, so f32 takes what is not exact to the neighbour with
/// an odd last bit; see Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums: proved
/// algorithms using rounding to odd", IEEE Transactions on Computers 57(4), 2008.
struct NarrowDouble : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncFOp op, PatternRewriter &rewriter) const override {
    Type from = op.getIn().getType(), to = getElementTypeOrSelf(op.getType());
    if (!getElementTypeOrSelf(from).isF64() || !(to.isF16() || to.isBF16()))
      return rewriter.notifyMatchFailure(op, "not from f64 to f16 or bf16");
    if (isa<ShapedType>(from) && !isa<VectorType>(from))
      return rewriter.notifyMatchFailure(op, "neither a scalar nor a vector");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto withElement = [&](Type element) {
      auto vector = dyn_cast<VectorType>(from);
      return vector ? Type(vector.clone(element)) : element;
    };
    Type f32 = withElement(b.getF32Type()), i32 = withElement(b.getI32Type());
    Value x = op.getIn();
    Value nearest = arith::TruncFOp::create(b, f32, x), back = arith::ExtFOp::create(b, from, nearest);
    Value bits = arith::BitcastOp::create(b, i32, nearest);
    Value isInexact = arith::CmpFOp::create(b, arith::CmpFPredicate::ONE, back, x);
    Value isAway = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, math::AbsFOp::create(b, back),
                                         math::AbsFOp::create(b, x));
    Value one = arith::ConstantOp::create(b, i32, b.getOneAttr(i32));
    Value towardsZero = arith::SubIOp::create(b, bits, arith::ExtUIOp::create(b, i32, isAway));
    Value odd = arith::OrIOp::create(b, towardsZero, one);
    Value rounded = arith::SelectOp::create(b, isInexact, odd, bits);
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, op.getType(), arith::BitcastOp::create(b, f32, rounded));
    return success();
  }
};
/// Every number of 16 bits is an f32.
struct WidenToDouble : OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::ExtFOp op, PatternRewriter &rewriter) const override {
    Type to = op.getType(), from = getElementTypeOrSelf(op.getIn().getType());
    if (!getElementTypeOrSelf(to).isF64() || !(from.isF16() || from.isBF16()))
      return rewriter.notifyMatchFailure(op, "not from f16 or bf16 to f64");
    if (isa<ShapedType>(to) && !isa<VectorType>(to))
      return rewriter.notifyMatchFailure(op, "neither a scalar nor a vector");
    auto vector = dyn_cast<VectorType>(to);
    Type f32 = vector ? Type(vector.clone(rewriter.getF32Type())) : rewriter.getF32Type();
    Value middle = arith::ExtFOp::create(rewriter, op.getLoc(), f32, op.getIn());
    rewriter.replaceOpWithNewOp<arith::ExtFOp>(op, to, middle);
    return success();
  }
};
} // namespace

void colt5::populateNarrowDoublePatterns(RewritePatternSet &patterns) {
  patterns.add<NarrowDouble, WidenToDouble>(patterns.getContext());
}
