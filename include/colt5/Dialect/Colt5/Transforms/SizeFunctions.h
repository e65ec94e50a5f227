// Functions beside an entry that compute nothing but sizes.
#ifndef COLT5_DIALECT_COLT5_TRANSFORMS_SIZEFUNCTIONS_H
#define COLT5_DIALECT_COLT5_TRANSFORMS_SIZEFUNCTIONS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::colt5 {

/// On a private function: which companion of an entry it is.
inline constexpr llvm::StringLiteral kCompanionAttr = "colt5.companion";
/// On an entry: the symbol of its companion that returns pairs of sizes which have to be equal.
inline constexpr llvm::StringLiteral kSizeChecksAttr = "colt5.size_checks";

/// No size is larger, so that products with the static sizes of a type fit 64 bits.
inline constexpr int64_t kMaxSize = int64_t(1) << 40;

/// Makes `func`, a copy of an entry, return `values` and nothing else.
void setReturnedValues(func::FuncOp func, ArrayRef<Value> values);

/// Moves `tensor.dim` up to the arguments of `func`, so that the compute becomes dead.
LogicalResult simplifySizes(func::FuncOp func);

} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_TRANSFORMS_SIZEFUNCTIONS_H
