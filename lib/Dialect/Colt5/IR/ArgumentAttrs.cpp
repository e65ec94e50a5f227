// What arguments and results of functions may carry.
#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;

static bool isNoName(Attribute attr) {
  auto text = dyn_cast<StringAttr>(attr);
  return text && text.getValue() == kNoSizeName;
}

/// A name that can stand in C, or "?" for none.
static bool isSizeName(Attribute attr) {
  auto text = dyn_cast<StringAttr>(attr);
  if (!text)
    return false;
  StringRef name = text.getValue();
  return isNoName(attr) || (!name.empty() && !llvm::isDigit(name.front()) &&
                            llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; }));
}

static LogicalResult verifySizes(Operation *op, const Twine &place, Type type, Attribute value) {
  auto shaped = dyn_cast<RankedTensorType>(type);
  // Later stages have memrefs in place of tensors.
  if (auto memref = dyn_cast<MemRefType>(type))
    shaped = RankedTensorType::get(memref.getShape(), memref.getElementType());
  auto sizes = dyn_cast<ArrayAttr>(value);
  int64_t rank = shaped ? shaped.getRank() : 0;
  if (!shaped || !sizes || int64_t(sizes.size()) != rank)
    return op->emitOpError() << place << ": expected '" << kSizesAttr << "' to be an array of " << rank
                             << " sizes on a ranked tensor, found " << value << " on " << type;
  for (auto [dim, entry] : llvm::enumerate(sizes)) {
    auto number = dyn_cast<IntegerAttr>(entry);
    bool fits = number ? number.getInt() >= 0 : isSizeName(entry);
    if (!shaped.isDynamicDim(dim))
      fits = number ? number.getInt() == shaped.getDimSize(dim) : isNoName(entry);
    if (fits)
      continue;
    InFlightDiagnostic diag = op->emitOpError() << place << ": expected '" << kSizesAttr << "' to have ";
    if (shaped.isDynamicDim(dim))
      diag << "a C identifier, \"" << kNoSizeName << "\" or the size";
    else
      diag << shaped.getDimSize(dim) << ", the static size,";
    return diag << " for dimension " << dim << ", found " << entry;
  }
  return success();
}

/// Checks one attribute of an argument or result of type `type`. Functions of the LLVM dialect have another
/// list of arguments, of which these attributes say nothing.
static LogicalResult verifyAttribute(Operation *op, const Twine &place, Type type, NamedAttribute attr) {
  StringRef name = attr.getName();
  if (op->getName().getStringRef() != "func.func")
    return success();
  if (name == kNameAttr) {
    if (isa<StringAttr>(attr.getValue()))
      return success();
    return op->emitOpError() << place << ": expected '" << name << "' to be a string, found "
                             << attr.getValue();
  }
  if (name == kSizesAttr)
    return verifySizes(op, place, type, attr.getValue());
  if (name != kSizeAttr)
    return success();
  auto number = dyn_cast<IntegerAttr>(attr.getValue());
  bool fits = number ? number.getInt() >= 0 : isSizeName(attr.getValue());
  bool isInteger = type.isIndex() || type.isSignlessInteger(64) || type.isSignlessInteger(32);
  if (fits && isInteger)
    return success();
  return op->emitOpError() << place << ": expected '" << name
                           << "' to be a C identifier or a size on an index, i64 or i32, found "
                           << attr.getValue() << " on " << type;
}

LogicalResult Colt5Dialect::verifyRegionArgAttribute(Operation *op, unsigned regionIndex, unsigned argIndex,
                                                     NamedAttribute attr) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function || argIndex >= function.getNumArguments())
    return success();
  return verifyAttribute(op, "argument #" + Twine(argIndex), function.getArgumentTypes()[argIndex], attr);
}

LogicalResult Colt5Dialect::verifyRegionResultAttribute(Operation *op, unsigned regionIndex,
                                                        unsigned resultIndex, NamedAttribute attr) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function || resultIndex >= function.getNumResults())
    return success();
  return verifyAttribute(op, "result #" + Twine(resultIndex), function.getResultTypes()[resultIndex], attr);
}
