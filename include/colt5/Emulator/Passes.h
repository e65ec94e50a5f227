#ifndef COLT5_EMULATOR_PASSES_H
#define COLT5_EMULATOR_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::colt5 {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "colt5/Emulator/Passes.h.inc"

} // namespace mlir::colt5

#endif // COLT5_EMULATOR_PASSES_H
