// Static sizes move through structured ops, from the types of casts.
#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::colt5;

/// `op` with other types of operands and results; its regions move to the new op.
static Operation *rebuild(PatternRewriter &rewriter, Operation *op, TypeRange types, ValueRange operands) {
  Operation *result = mlir::cloneWithoutRegions(rewriter, op, types, operands);
  for (auto [from, to] : llvm::zip_equal(op->getRegions(), result->getRegions()))
    rewriter.inlineRegionBefore(from, to, to.end());
  return result;
}

namespace {
/// `tensor.cast(op)` to a more static type becomes an op with that type: result types are refined, as in
/// linalg.
struct RefineResultType : OpRewritePattern<tensor::CastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::CastOp castOp, PatternRewriter &rewriter) const override {
    auto result = dyn_cast<OpResult>(castOp.getSource());
    Operation *op = result ? result.getOwner() : nullptr;
    if (!op || !op->hasTrait<StructuredOpTrait>() || !tensor::canFoldIntoProducerOp(castOp))
      return rewriter.notifyMatchFailure(castOp, "not a refinement of a structured op");
    rewriter.setInsertionPoint(op);
    OpOperand *init = cast<DestinationStyleOpInterface>(op).getTiedOpOperand(result);
    Type type = castOp.getType();
    SmallVector<Value> operands(op->getOperands());
    operands[init->getOperandNumber()] = tensor::CastOp::create(rewriter, castOp.getLoc(), type, init->get());
    SmallVector<Type> types(op->getResultTypes());
    types[result.getResultNumber()] = type;
    Operation *refined = rebuild(rewriter, op, types, operands);
    SmallVector<Value> replacements(refined->getResults());
    Value &back = replacements[result.getResultNumber()];
    rewriter.replaceOp(castOp, back);
    back = tensor::CastOp::create(rewriter, op->getLoc(), result.getType(), back);
    rewriter.replaceOp(op, replacements);
    return success();
  }
};

/// A structured op takes what a cast made less static. Comes before upstream's pattern for all ops in
/// destination style, which crashes on an empty region.
struct TakeCastOperands : OpTraitRewritePattern<StructuredOpTrait> {
  explicit TakeCastOperands(MLIRContext *context) : OpTraitRewritePattern(context, /*benefit=*/2) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (!tensor::hasFoldableTensorCastOperand(op))
      return rewriter.notifyMatchFailure(op, "no operand is a cast to a less static type");
    SmallVector<Type> types(op->getResultTypes());
    SmallVector<Value> operands =
        tensor::getUpdatedOperandsAfterCastOpFolding(cast<DestinationStyleOpInterface>(op), types);
    Operation *refined = rebuild(rewriter, op, types, operands);
    SmallVector<Value> replacements;
    for (auto [result, before] : llvm::zip_equal(refined->getResults(), op->getResults()))
      replacements.push_back(
          result.getType() == before.getType()
              ? Value(result)
              : tensor::CastOp::create(rewriter, op->getLoc(), before.getType(), result).getResult());
    rewriter.replaceOp(op, replacements);
    return success();
  }
};
} // namespace

void colt5::detail::populateCastPatterns(RewritePatternSet &patterns) {
  patterns.add<RefineResultType, TakeCastOperands>(patterns.getContext());
}
