#ifndef COLT5_KERNELS_PASSES_H
#define COLT5_KERNELS_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::colt5 {

#define GEN_PASS_DECL
#include "colt5/Kernels/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "colt5/Kernels/Passes.h.inc"

} // namespace mlir::colt5

#endif // COLT5_KERNELS_PASSES_H
