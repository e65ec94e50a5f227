#ifndef COLT5_LIB_DIALECT_COLT5_INTERFACES_BUFFERIZATION_STRUCTURED_H
#define COLT5_LIB_DIALECT_COLT5_INTERFACES_BUFFERIZATION_STRUCTURED_H

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"

namespace mlir::colt5 {

/// Replaces `op`, in destination style, by the same op on buffers, which has no results. Its regions move.
LogicalResult bufferizeStructured(Operation *op, RewriterBase &rewriter,
                                  const bufferization::BufferizationOptions &options,
                                  bufferization::BufferizationState &state);

} // namespace mlir::colt5

#endif // COLT5_LIB_DIALECT_COLT5_INTERFACES_BUFFERIZATION_STRUCTURED_H
