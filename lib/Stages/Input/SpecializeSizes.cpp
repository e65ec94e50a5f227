#include "colt5/Stages/Input/Passes.h"
#include "colt5/Stages/Input/SizeFunctions.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5SPECIALIZESIZES
#include "colt5/Stages/Input/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct SpecializeSizes final : colt5::impl::Colt5SpecializeSizesBase<SpecializeSizes> {
  using Colt5SpecializeSizesBase::Colt5SpecializeSizesBase;

  void runOnOperation() override {
    if (failed(parseOption()))
      return signalPassFailure();
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (!func.isPublic() || func.isDeclaration() || !func.getBody().hasOneBlock())
        continue;
      specialize(func);
      // The companion has the same arguments.
      if (auto checks = func->getAttrOfType<FlatSymbolRefAttr>(kSizeChecksAttr))
        if (auto companion = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(func, checks))
          specialize(companion);
    }
    for (const auto &entry : wanted)
      if (!used.contains(entry.first())) {
        emitUnknown(entry.first());
        return signalPassFailure();
      }
  }

private:
  LogicalResult parseOption();
  void emitUnknown(StringRef name);
  void specialize(func::FuncOp func);
  std::optional<int64_t> lookup(Attribute entry);
  /// The type with the sizes that `names` have, and these as attributes; null when nothing changes.
  RankedTensorType refine(Type type, ArrayAttr names, ArrayAttr &newNames);

  llvm::StringMap<int64_t> wanted;
  llvm::StringSet<> used, known;
};
} // namespace

LogicalResult SpecializeSizes::parseOption() {
  wanted.clear();
  used.clear();
  known.clear();
  for (StringRef text : sizes) {
    auto [name, number] = text.split('=');
    int64_t size;
    if (name.empty() || number.getAsInteger(10, size) || size < 0)
      return getOperation().emitError("option 'sizes' expects NAME=SIZE with a size of 0 or more, found '")
             << text << "'";
    if (!wanted.try_emplace(name, size).second)
      return getOperation().emitError("option 'sizes' has '") << name << "' twice";
  }
  return success();
}

void SpecializeSizes::emitUnknown(StringRef name) {
  InFlightDiagnostic diag = getOperation().emitError("no public function has a size named '")
                            << name << "'; ";
  SmallVector<StringRef> names(known.keys());
  llvm::sort(names);
  if (names.empty())
    diag << "all sizes are static";
  else
    diag << "expected one of: " << llvm::join(names, ", ");
}

std::optional<int64_t> SpecializeSizes::lookup(Attribute entry) {
  auto name = dyn_cast_or_null<StringAttr>(entry);
  if (!name || name.getValue() == kNoSizeName)
    return std::nullopt;
  known.insert(name.getValue());
  auto found = wanted.find(name.getValue());
  if (found == wanted.end())
    return std::nullopt;
  used.insert(name.getValue());
  return found->second;
}

RankedTensorType SpecializeSizes::refine(Type type, ArrayAttr names, ArrayAttr &newNames) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !names)
    return {};
  SmallVector<int64_t> shape(tensor.getShape());
  SmallVector<Attribute> entries(names.begin(), names.end());
  Builder builder(&getContext());
  for (auto [size, entry] : llvm::zip(shape, entries)) {
    if (std::optional<int64_t> found = lookup(entry)) {
      size = *found;
      entry = builder.getI64IntegerAttr(*found);
    } else if (auto number = dyn_cast<IntegerAttr>(entry)) {
      size = number.getInt();
    }
  }
  newNames = builder.getArrayAttr(entries);
  return shape == tensor.getShape() ? RankedTensorType() : tensor.clone(shape);
}

void SpecializeSizes::specialize(func::FuncOp func) {
  OpBuilder builder = OpBuilder::atBlockBegin(&func.front());
  for (BlockArgument argument : func.getArguments()) {
    unsigned index = argument.getArgNumber();
    if (std::optional<int64_t> size = lookup(func.getArgAttr(index, kSizeAttr))) {
      Value constant = arith::ConstantOp::create(builder, func.getLoc(),
                                                 builder.getIntegerAttr(argument.getType(), *size));
      argument.replaceAllUsesWith(constant);
      func.setArgAttr(index, kSizeAttr, builder.getI64IntegerAttr(*size));
    }
    ArrayAttr names;
    RankedTensorType type =
        refine(argument.getType(), func.getArgAttrOfType<ArrayAttr>(index, kSizesAttr), names);
    if (!type)
      continue;
    auto cast = tensor::CastOp::create(builder, func.getLoc(), argument.getType(), argument);
    argument.replaceAllUsesExcept(cast, cast);
    argument.setType(type);
    func.setArgAttr(index, kSizesAttr, names);
  }
  Operation *terminator = func.front().getTerminator();
  builder.setInsertionPoint(terminator);
  SmallVector<Type> results(func.getResultTypes());
  for (auto [index, result] : llvm::enumerate(results)) {
    ArrayAttr names;
    RankedTensorType type = refine(result, func.getResultAttrOfType<ArrayAttr>(index, kSizesAttr), names);
    if (!type)
      continue;
    terminator->setOperand(
        index, tensor::CastOp::create(builder, func.getLoc(), type, terminator->getOperand(index)));
    result = type;
    func.setResultAttr(index, kSizesAttr, names);
  }
  func.setFunctionType(FunctionType::get(&getContext(), TypeRange(func.front().getArgumentTypes()), results));
}
