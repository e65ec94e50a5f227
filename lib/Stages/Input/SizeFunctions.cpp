#include "colt5/Stages/Input/SizeFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace mlir::colt5;

void colt5::setReturnedValues(func::FuncOp func, ArrayRef<Value> values) {
  cast<func::ReturnOp>(func.front().getTerminator()).getOperandsMutable().assign(values);
  func.setResAttrsAttr(nullptr);
  func.setFunctionType(
      FunctionType::get(func.getContext(), func.getArgumentTypes(), TypeRange(ValueRange(values))));
}

namespace {
/// A size of a result of `scf.if` is what the branch yields as the size of its tensor.
struct YieldSizeOfBranch : OpRewritePattern<tensor::DimOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::DimOp dim, PatternRewriter &rewriter) const override {
    auto ifOp = dim.getSource().getDefiningOp<scf::IfOp>();
    if (!ifOp || !dim.getConstantIndex())
      return failure();
    unsigned number = cast<OpResult>(dim.getSource()).getResultNumber();
    SmallVector<Type> types(ifOp.getResultTypes());
    types.push_back(rewriter.getIndexType());
    // The size may be read in another region than the one of the branch.
    rewriter.setInsertionPoint(ifOp);
    auto extended =
        scf::IfOp::create(rewriter, ifOp.getLoc(), types, ifOp.getCondition(), /*withElseRegion=*/true);
    for (auto [from, to] : llvm::zip_equal(ifOp->getRegions(), extended->getRegions())) {
      if (!to.empty())
        rewriter.eraseBlock(&to.front());
      rewriter.inlineRegionBefore(from, to, to.end());
      Operation *yield = to.front().getTerminator();
      rewriter.setInsertionPoint(yield);
      Value size =
          tensor::DimOp::create(rewriter, dim.getLoc(), yield->getOperand(number), *dim.getConstantIndex());
      rewriter.modifyOpInPlace(yield, [&] { yield->insertOperands(yield->getNumOperands(), size); });
    }
    Value size = extended.getResults().back();
    rewriter.replaceOp(dim, size);
    rewriter.replaceOp(ifOp, extended.getResults().drop_back());
    return success();
  }
};

/// Loops keep the sizes of what they carry; bufferization refuses others.
struct SizeOfCarried : OpRewritePattern<tensor::DimOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::DimOp dim, PatternRewriter &rewriter) const override {
    auto result = dyn_cast<OpResult>(dim.getSource());
    if (!result || !isa<scf::ForOp, scf::WhileOp>(result.getOwner()))
      return failure();
    ValueRange inits = cast<LoopLikeOpInterface>(result.getOwner()).getInits();
    if (result.getResultNumber() >= inits.size() ||
        inits[result.getResultNumber()].getType() != result.getType())
      return failure();
    rewriter.modifyOpInPlace(dim, [&] { dim.getSourceMutable().assign(inits[result.getResultNumber()]); });
    return success();
  }
};
} // namespace

LogicalResult colt5::simplifySizes(func::FuncOp func) {
  MLIRContext *context = func.getContext();
  RewritePatternSet patterns(context);
  memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
  memref::populateResolveShapedTypeResultDimsPatterns(patterns);
  tensor::DimOp::getCanonicalizationPatterns(patterns, context);
  tensor::EmptyOp::getCanonicalizationPatterns(patterns, context);
  tensor::CastOp::getCanonicalizationPatterns(patterns, context);
  scf::ForallOp::getCanonicalizationPatterns(patterns, context);
  scf::ForOp::getCanonicalizationPatterns(patterns, context);
  scf::IfOp::getCanonicalizationPatterns(patterns, context);
  patterns.add<YieldSizeOfBranch, SizeOfCarried>(context);
  if (failed(applyPatternsGreedily(func, std::move(patterns))))
    return func.emitError("the sizes do not simplify to a fixed point");
  // These functions run before anything is refused.
  func.walk([](Operation *op) {
    if (!isa<arith::DivUIOp, arith::DivSIOp, arith::CeilDivUIOp, arith::CeilDivSIOp, arith::FloorDivSIOp,
             arith::RemUIOp, arith::RemSIOp>(op) ||
        !op->getOperand(1).getType().isIntOrIndex() || getConstantIntValue(op->getOperand(1)) ||
        op->getOperand(1).getDefiningOp<arith::MaxUIOp>())
      return;
    OpBuilder builder(op);
    Type type = op->getOperand(1).getType();
    Value one = arith::ConstantOp::create(builder, op->getLoc(), builder.getIntegerAttr(type, 1));
    op->setOperand(1, arith::MaxUIOp::create(builder, op->getLoc(), op->getOperand(1), one));
  });
  return success();
}
