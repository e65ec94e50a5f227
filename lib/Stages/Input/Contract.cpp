#include "colt5/Stages/Input/Contract.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Common/Kernels.h"
#include "colt5/Stages/Input/Interface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ShapedOpInterfaces.h"

using namespace mlir;
using namespace mlir::colt5;

/// Sizes in bytes must not overflow 64 bits later.
static LogicalResult checkElementCount(Operation *op) {
  constexpr int64_t kLimit = int64_t(1) << 48;
  auto check = [&](Type type) -> LogicalResult {
    auto shaped = dyn_cast<ShapedType>(type);
    if (!shaped || !shaped.hasRank())
      return success();
    int64_t count = 1;
    for (int64_t size : shaped.getShape()) {
      if (size <= 0) // dynamic or empty
        continue;
      if (size > kLimit / count)
        return op->emitOpError("has a value of type ") << type << ", expected at most 2^48 elements";
      count *= size;
    }
    return success();
  };
  if (auto function = dyn_cast<FunctionOpInterface>(op))
    for (Type type : function.getArgumentTypes())
      if (failed(check(type)))
        return failure();
  for (Type type : op->getResultTypes())
    if (failed(check(type)))
      return failure();
  return success();
}

/// A function works on tensors and scalars, and what stands beside its arguments says what they are called.
static LogicalResult checkFunction(FunctionOpInterface function) {
  auto check = [&](const Twine &place, Type type, DictionaryAttr attrs) -> LogicalResult {
    if (isa<BaseMemRefType>(type))
      return function.emitOpError() << place << ": expected a tensor or a scalar, found " << type
                                    << "; buffers come after stage bufferize";
    for (NamedAttribute attr : attrs ? attrs : DictionaryAttr::get(function.getContext()))
      if (StringRef name = attr.getName();
          name.starts_with("colt5.") && name != kNameAttr && name != kSizesAttr && name != kSizeAttr)
        return function.emitOpError() << place << ": expected " << kNameAttr << ", " << kSizesAttr << " or "
                                      << kSizeAttr << ", found " << name;
    return success();
  };
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
    if (failed(check("argument #" + Twine(i), type, function.getArgAttrDict(i))))
      return failure();
  for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
    if (failed(check("result #" + Twine(i), type, function.getResultAttrDict(i))))
      return failure();
  return success();
}

/// Attributes of colt5 are a closed list, as options are: what nobody reads is a mistake.
static LogicalResult checkAttributes(Operation *op) {
  static const StringRef ofKernel[] = {kFamilyAttr, kBytesAttr, kMinBytesAttr, kFlopsAttr};
  for (NamedAttribute attr : op->getDiscardableAttrs()) {
    StringRef name = attr.getName();
    bool isKnown = name == kPlanAttr || name == kPartAttr || (name == kMachineAttr && isa<ModuleOp>(op)) ||
                   ((isKernelLoop(op) || isa<KernelOp>(op)) && llvm::is_contained(ofKernel, name));
    if (name.starts_with("colt5.") && !isKnown)
      return op->emitOpError("expected ")
             << kPlanAttr << " or " << kPartAttr << " among its attributes, found " << name
             << ", which nothing reads";
  }
  return success();
}

/// Upstream accepts a constant number of a dimension that is not there.
static LogicalResult checkDim(Operation *op) {
  auto dim = dyn_cast<ShapedDimOpInterface>(op);
  auto type = dim ? dyn_cast<ShapedType>(dim.getShapedValue().getType()) : ShapedType();
  if (!type || !type.hasRank())
    return success();
  std::optional<int64_t> index = getConstantIntValue(dim.getDimension());
  if (index ? *index >= 0 && *index < type.getRank() : type.getRank() > 0)
    return success();
  InFlightDiagnostic diag = op->emitOpError("expected a dimension of ") << type;
  if (type.getRank() > 0)
    diag << ", 0 to " << type.getRank() - 1;
  else
    diag << ", which has none";
  if (index)
    diag << ", found " << *index;
  return diag;
}

static LogicalResult checkInput(Operation *root) {
  if (failed(checkInterface(root)) || failed(checkPlacesOfPlans(root, /*isDecomposed=*/false)))
    return failure();
  return checkEvery(root, [](Operation *op) -> LogicalResult {
    auto function = dyn_cast<func::FuncOp>(op);
    return failure((function && failed(checkFunction(function))) || failed(checkDim(op)) ||
                   failed(checkElementCount(op)) || failed(checkAttributes(op)));
  });
}

const StageContract colt5::kInputContract = {
    "parses and verifies; C code can call its public functions; functions of tensors and scalars; every "
    "dimension that is asked for is there; at most 2^48 elements per value; every attribute of colt5 is "
    "where something reads it",
    checkInput};
