#include "colt5/Stages/Common/ModuleMachine.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"

using namespace mlir;
using namespace mlir::colt5;

std::optional<Machine> colt5::findMachineOf(Operation *op) {
  for (; op; op = op->getParentOp())
    if (auto machine = op->getAttrOfType<MachineAttr>(kMachineAttr))
      return machine.getMachine();
  return std::nullopt;
}

FailureOr<Machine> colt5::getMachineOf(Operation *op, MachineKind kind, StringRef pass) {
  std::optional<Machine> machine = findMachineOf(op);
  if (!machine)
    return getDefaultMachine(kind);
  if (machine->kind != kind)
    return emitError(op->getLoc()) << pass << ": expected a module for a "
                                   << (kind == MachineKind::GPU ? "GPU" : "CPU") << ", one of "
                                   << listMachines(kind) << ", found one for " << machine->name;
  return *machine;
}
