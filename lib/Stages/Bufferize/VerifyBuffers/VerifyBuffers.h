#ifndef COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_VERIFYBUFFERS_H
#define COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_VERIFYBUFFERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::colt5 {

/// Proves that `buffers` computes what `tensors` says: every numbered op finds in its operands the values of
/// the op with its number, and every output holds at the end what is returned. Reports what does not hold. A
/// function with something that is not modelled gets a warning and counts.
LogicalResult verifyBuffers(func::FuncOp tensors, func::FuncOp buffers, int64_t &numUnmodelled);

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_VERIFYBUFFERS_H
