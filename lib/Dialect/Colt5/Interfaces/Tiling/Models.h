#ifndef COLT5_LIB_DIALECT_COLT5_INTERFACES_TILING_MODELS_H
#define COLT5_LIB_DIALECT_COLT5_INTERFACES_TILING_MODELS_H

#include "colt5/Dialect/Colt5/Interfaces/StructuredTiling.h"

namespace mlir::colt5 {
/// Each attaches the models of one family of ops.
void attachRoutingTiling(MLIRContext &context);
void attachMovementTiling(MLIRContext &context);
void attachScatterTiling(MLIRContext &context);
void attachAttentionTiling(MLIRContext &context);

/// The loops of the ops of one family; nothing for other ops.
std::optional<LoopSpace> getRoutingLoopSpace(Operation *op);
std::optional<LoopSpace> getMovementLoopSpace(Operation *op);
std::optional<LoopSpace> getScatterLoopSpace(Operation *op);
std::optional<LoopSpace> getAttentionLoopSpace(Operation *op);
} // namespace mlir::colt5

#endif // COLT5_LIB_DIALECT_COLT5_INTERFACES_TILING_MODELS_H
