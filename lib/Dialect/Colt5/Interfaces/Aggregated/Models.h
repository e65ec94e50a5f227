#ifndef COLT5_LIB_DIALECT_COLT5_INTERFACES_AGGREGATED_MODELS_H
#define COLT5_LIB_DIALECT_COLT5_INTERFACES_AGGREGATED_MODELS_H

namespace mlir {
class MLIRContext;
} // namespace mlir

/// One function per composite: attaches its `linalg::AggregatedOpInterface`.
namespace mlir::colt5::detail {
void attachConditionalAttentionModel(MLIRContext &context);
void attachConditionalFfnModel(MLIRContext &context);
void attachConditionalModel(MLIRContext &context);
void attachFfnModel(MLIRContext &context);
void attachRmsNormModel(MLIRContext &context);
} // namespace mlir::colt5::detail

#endif // COLT5_LIB_DIALECT_COLT5_INTERFACES_AGGREGATED_MODELS_H
