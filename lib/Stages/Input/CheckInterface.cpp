#include "colt5/Stages/Input/Interface.h"
#include "colt5/Stages/Input/Passes.h"
#include "colt5/Support/ElementKind.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5CHECKINTERFACE
#include "colt5/Stages/Input/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

/// Tensors and memrefs hold what memory is planned for; encodings would be dropped.
static LogicalResult checkShaped(Type type, Location loc, const Twine &what) {
  if (!isa<TensorType, BaseMemRefType>(type))
    return success();
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (tensor && tensor.getEncoding())
    return emitError(loc) << what << ": expected a tensor type without an encoding, found " << type;
  if (getElementKind(cast<ShapedType>(type).getElementType()))
    return success();
  return emitError(loc) << what << ": expected elements of type " << kElementTypes << ", found " << type;
}

static LogicalResult checkPublic(Type type, Location loc, const Twine &what) {
  if (isa<RankedTensorType>(type))
    return checkShaped(type, loc, what);
  if (getElementKind(type))
    return success();
  return emitError(loc) << what << ": expected a ranked tensor or a scalar of type " << kElementTypes
                        << ", found " << type;
}

/// The arguments of a function; the result types of a public one, which no value need have.
static LogicalResult checkSignature(func::FuncOp func) {
  std::string name = ("@" + func.getSymName()).str();
  bool isFine = true;
  for (BlockArgument argument : func.getArguments())
    isFine &= succeeded((func.isPublic() ? checkPublic : checkShaped)(
        argument.getType(), argument.getLoc(), name + ", argument #" + Twine(argument.getArgNumber())));
  if (func.isPublic())
    for (auto [number, type] : llvm::enumerate(func.getResultTypes()))
      isFine &= succeeded(checkPublic(type, func.getLoc(), name + ", result #" + Twine(number)));
  return success(isFine);
}

LogicalResult colt5::checkInterface(Operation *root) {
  bool isFine = true;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    for (OpResult result : op->getResults())
      isFine &= succeeded(
          checkShaped(result.getType(), op->getLoc(),
                      "'" + op->getName().getStringRef() + "', result #" + Twine(result.getResultNumber())));
    auto func = dyn_cast<func::FuncOp>(op);
    if (func && !func.isDeclaration())
      isFine &= succeeded(checkSignature(func));
  });
  return success(isFine);
}

namespace {
struct CheckInterface final : colt5::impl::Colt5CheckInterfaceBase<CheckInterface> {
  void runOnOperation() override {
    markAllAnalysesPreserved();
    if (failed(checkInterface(getOperation())))
      signalPassFailure();
  }
};
} // namespace
