#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::colt5;

/// The number of `row` called `name`, or null.
static const MachineNumber *findNumber(const Machine &row, StringRef name) {
  const MachineNumber *found =
      llvm::find_if(getNumbers(), [&](const MachineNumber &number) { return number.name == name; });
  return found != getNumbers().end() && found->kind.value_or(row.kind) == row.kind ? found : nullptr;
}

static LogicalResult verifyNumber(llvm::function_ref<InFlightDiagnostic()> emitError, const Machine &row,
                                  NamedAttribute entry) {
  const MachineNumber *number = findNumber(row, entry.getName());
  if (!number) {
    InFlightDiagnostic diag = emitError()
                              << "machine_c2: expected a number of " << row.name << " to override, one of ";
    SmallVector<StringRef> names;
    for (const MachineNumber &known : getNumbers())
      if (findNumber(row, known.name))
        names.push_back(known.name);
    llvm::interleaveComma(names, diag);
    return diag << ", found " << entry.getName();
  }
  auto value = dyn_cast<IntegerAttr>(entry.getValue());
  bool isFine = value && value.getType().isSignlessInteger(64) && value.getInt() >= number->min &&
                value.getInt() <= number->max &&
                (!number->isPowerOfTwo || llvm::isPowerOf2_64(value.getInt()));
  if (isFine)
    return success();
  InFlightDiagnostic diag = emitError()
                            << "machine_c2: expected " << number->name << " of " << row.name << " to be ";
  if (number->isPowerOfTwo)
    diag << "a power of two ";
  return diag << "from " << number->min << " to " << number->max << ", an i64, found " << entry.getValue();
}

LogicalResult MachineAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, StringRef name,
                                  DictionaryAttr overrides) {
  const Machine *row = findMachine(name);
  if (!row)
    return emitError() << "machine_c1: expected a machine called " << listMachines(MachineKind::CPU) << ", "
                       << listMachines(MachineKind::GPU) << ", found '" << name << "'";
  if (!overrides)
    return success();
  for (NamedAttribute entry : overrides)
    if (failed(verifyNumber(emitError, *row, entry)))
      return failure();
  return success();
}

Machine MachineAttr::getMachine() const {
  const Machine &row = *findMachine(getName());
  Machine machine = row;
  if (DictionaryAttr overrides = getOverrides())
    for (NamedAttribute entry : overrides)
      machine.*findNumber(row, entry.getName())->field = cast<IntegerAttr>(entry.getValue()).getInt();
  return machine;
}

LogicalResult Colt5Dialect::verifyOperationAttribute(Operation *op, NamedAttribute attr) {
  if (attr.getName() != kMachineAttr || (isa<MachineAttr>(attr.getValue()) && isa<ModuleOp>(op)))
    return success();
  return op->emitOpError("expected ")
         << kMachineAttr << " to be a #colt5.machine on a module, found " << attr.getValue();
}
