#include "colt5/Dialect/Colt5/Transforms/SizeFunctions.h"

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
  return success();
}
