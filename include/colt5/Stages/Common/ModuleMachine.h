// The machine that a module says it is for.
#ifndef COLT5_STAGES_COMMON_MODULEMACHINE_H
#define COLT5_STAGES_COMMON_MODULEMACHINE_H

#include "colt5/Machine/Machine.h"
#include "mlir/IR/Operation.h"

namespace mlir::colt5 {

/// What the nearest module around `op` with a `colt5.machine` says; nothing where none has one. Anything that
/// is no `#colt5.machine` is refused before.
std::optional<Machine> findMachineOf(Operation *op);

/// The same, or the default machine of `kind` where nothing is said. Reports a machine of the other kind, of
/// which `pass` can make nothing.
FailureOr<Machine> getMachineOf(Operation *op, MachineKind kind, StringRef pass);

} // namespace mlir::colt5

#endif // COLT5_STAGES_COMMON_MODULEMACHINE_H
