#ifndef COLT5_LIB_DIALECT_COLT5_TILINGINTERFACE_MODELS_H
#define COLT5_LIB_DIALECT_COLT5_TILINGINTERFACE_MODELS_H

namespace mlir {
class MLIRContext;
} // namespace mlir

namespace mlir::colt5 {
/// Each attaches the models of one family of ops.
void attachRoutingTiling(MLIRContext &context);
void attachMovementTiling(MLIRContext &context);
void attachScatterTiling(MLIRContext &context);
void attachAttentionTiling(MLIRContext &context);
} // namespace mlir::colt5

#endif // COLT5_LIB_DIALECT_COLT5_TILINGINTERFACE_MODELS_H
