#ifndef COLT5_CODEGEN_COMMON_PASSES_H
#define COLT5_CODEGEN_COMMON_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::colt5 {

#define GEN_PASS_DECL
#include "colt5/Codegen/Common/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "colt5/Codegen/Common/Passes.h.inc"

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_COMMON_PASSES_H
