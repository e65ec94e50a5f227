#ifndef COLT5_CONVERSION_PASSES_H
#define COLT5_CONVERSION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::colt5 {

#define GEN_PASS_DECL
#include "colt5/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "colt5/Conversion/Passes.h.inc"

} // namespace mlir::colt5

#endif // COLT5_CONVERSION_PASSES_H
