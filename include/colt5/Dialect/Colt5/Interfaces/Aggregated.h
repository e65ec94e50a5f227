#ifndef COLT5_DIALECT_COLT5_INTERFACES_AGGREGATED_H
#define COLT5_DIALECT_COLT5_INTERFACES_AGGREGATED_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"

namespace mlir::colt5 {

/// Attaches `linalg::AggregatedOpInterface` to every composite.
void registerAggregatedOpInterfaceExternalModels(DialectRegistry &registry);

/// Emits `op`, on tensors, as online attention over the local keys, then over the side keys, and the final
/// division. Returns one value per result of `op` (o BxHxQxC and, if asked for, lse BxHxQ); `op` stays.
/// Fails, without any change, when `op` works on memrefs.
FailureOr<SmallVector<Value>> decomposeToOnlineAttention(OpBuilder &builder, AttentionOp op);

} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_INTERFACES_AGGREGATED_H
