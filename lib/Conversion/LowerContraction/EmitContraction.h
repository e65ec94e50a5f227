// The packed loops of a contraction on the CPU.
#ifndef COLT5_LIB_CONVERSION_LOWERCONTRACTION_EMITCONTRACTION_H
#define COLT5_LIB_CONVERSION_LOWERCONTRACTION_EMITCONTRACTION_H

#include "colt5/Conversion/ContractionInfo.h"

namespace mlir::colt5 {

/// Emits the packed loops at the position of `op`. With `zeroInit` the outputs start from zero instead of
/// being read.
void emitContraction(OpBuilder &builder, linalg::LinalgOp op, const ContractionInfo &info, bool zeroInit,
                     int64_t vectorBytes);

} // namespace mlir::colt5

#endif // COLT5_LIB_CONVERSION_LOWERCONTRACTION_EMITCONTRACTION_H
