#include "colt5/Dialect/Colt5/Transforms/SizeFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace mlir::colt5;

void colt5::setReturnedValues(func::FuncOp func, ArrayRef<Value> values) {
  cast<func::ReturnOp>(func.front().getTerminator()).getOperandsMutable().assign(values);
  func.setResAttrsAttr(nullptr);
  func.setFunctionType(
      FunctionType::get(func.getContext(), func.getArgumentTypes(), TypeRange(ValueRange(values))));
}

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
