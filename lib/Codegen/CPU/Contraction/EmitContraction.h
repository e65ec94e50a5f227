// The packed loops of a contraction on the CPU.
#ifndef COLT5_LIB_CODEGEN_CPU_CONTRACTION_EMITCONTRACTION_H
#define COLT5_LIB_CODEGEN_CPU_CONTRACTION_EMITCONTRACTION_H

#include "colt5/Codegen/Common/ContractionSpec.h"

namespace mlir::colt5 {

/// Emits the packed loops at the position of `op`. With `zeroInit` the outputs start from zero instead of
/// being read.
void emitContraction(OpBuilder &builder, linalg::LinalgOp op, const ContractionSpec &info, bool zeroInit,
                     int64_t vectorBytes);

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_CPU_CONTRACTION_EMITCONTRACTION_H
