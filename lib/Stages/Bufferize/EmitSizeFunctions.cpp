#include "colt5/Stages/Bufferize/Passes.h"
#include "colt5/Stages/Input/SizeFunctions.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5EMITSIZEFUNCTIONS
#include "colt5/Stages/Bufferize/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

std::string colt5::getResultSizesName(StringRef name) { return (name + ".result_sizes").str(); }

namespace {

/// Replaces the returned values of `func` by the sizes of the tensors among them.
LogicalResult returnSizes(func::FuncOp func) {
  if (!func.getBody().hasOneBlock())
    return func.emitError("expected one block in the body of a public function, found ")
           << func.getBody().getBlocks().size() << "; use scf instead of branches";
  auto ret = cast<func::ReturnOp>(func.front().getTerminator());
  OpBuilder builder(ret);
  SmallVector<Value> sizes;
  for (Value result : ret.getOperands()) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type)
      continue;
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      if (type.isDynamicDim(dim))
        sizes.push_back(tensor::DimOp::create(builder, ret.getLoc(), result, dim));
      else
        sizes.push_back(arith::ConstantIndexOp::create(builder, ret.getLoc(), type.getDimSize(dim)));
    }
  }
  setReturnedValues(func, sizes);
  return success();
}

struct EmitSizeFunctions : colt5::impl::Colt5EmitSizeFunctionsBase<EmitSizeFunctions> {
  using Base::Base;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (auto func : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
      if (!func.isPublic() || func.isDeclaration())
        continue;
      func::FuncOp companion = cloneSignature(func);
      companion.setName(getResultSizesName(func.getName()));
      companion.setPrivate();
      companion->removeAttr(kSizeChecksAttr);
      companion->setAttr(kCompanionAttr, StringAttr::get(&getContext(), "result_sizes"));
      symbols.insert(companion, std::next(Block::iterator(func)));
      if (failed(returnSizes(companion)) || failed(simplifySizes(companion)))
        return signalPassFailure();
    }
  }

  /// A copy of `func`; of the body only what is needed when no size is dynamic.
  func::FuncOp cloneSignature(func::FuncOp func) {
    bool isStatic = llvm::all_of(func.getResultTypes(), [](Type type) {
      auto shaped = dyn_cast<ShapedType>(type);
      return !shaped || shaped.hasStaticShape();
    });
    if (!isStatic || !func.getBody().hasOneBlock())
      return func.clone();
    auto result = cast<func::FuncOp>(func->cloneWithoutRegions());
    Block *body = result.addEntryBlock();
    OpBuilder builder = OpBuilder::atBlockEnd(body);
    SmallVector<Value> values;
    for (Type type : func.getResultTypes())
      if (auto tensor = dyn_cast<RankedTensorType>(type))
        values.push_back(tensor::EmptyOp::create(builder, func.getLoc(), tensor, ValueRange()));
    func::ReturnOp::create(builder, func.getLoc(), values);
    return result;
  }
};

} // namespace
