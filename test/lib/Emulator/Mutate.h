#ifndef COLT5_TEST_LIB_EMULATOR_MUTATE_H
#define COLT5_TEST_LIB_EMULATOR_MUTATE_H

#include "mlir/IR/BuiltinOps.h"
#include <functional>
#include <string>

namespace mlir::colt5::test {

/// Damage to what a kernel is launched with; `set` does it and takes it back.
struct LaunchMutant {
  std::string name;
  std::function<void(bool)> set;
};

/// Calls `run` on each copy of `module` that is broken in `kernel`, and on `module` with each of `launches`;
/// `run` tells how the damage was noticed, or nothing.
int runMutants(ModuleOp module, StringRef kernel, ArrayRef<LaunchMutant> launches,
               llvm::function_ref<std::string(ModuleOp)> run);

} // namespace mlir::colt5::test

#endif // COLT5_TEST_LIB_EMULATOR_MUTATE_H
