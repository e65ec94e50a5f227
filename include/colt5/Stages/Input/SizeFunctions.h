// Functions beside an entry that compute nothing but sizes.
#ifndef COLT5_STAGES_INPUT_SIZEFUNCTIONS_H
#define COLT5_STAGES_INPUT_SIZEFUNCTIONS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::colt5 {

/// No size is larger, so that products with the static sizes of a type fit 64 bits.
inline constexpr int64_t kMaxSize = int64_t(1) << 40;

/// Makes `func`, a copy of an entry, return `values` and nothing else.
void setReturnedValues(func::FuncOp func, ArrayRef<Value> values);

/// Moves `tensor.dim` up to the arguments of `func`, so that the compute becomes dead.
LogicalResult simplifySizes(func::FuncOp func);

} // namespace mlir::colt5

#endif // COLT5_STAGES_INPUT_SIZEFUNCTIONS_H
