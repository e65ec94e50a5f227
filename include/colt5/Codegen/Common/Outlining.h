// What moving code into functions of its own has in common on every target.
#ifndef COLT5_CODEGEN_COMMON_OUTLINING_H
#define COLT5_CODEGEN_COMMON_OUTLINING_H

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::colt5 {

/// Cheaper to compute again in a function than to hand over.
bool isRematerializable(Operation *op);

/// Functions by what they compute: with equal attributes but for the name, and equal bodies.
class DistinctFunctions {
public:
  /// The function equal to `function` that came first, or null; then `function` is remembered.
  FunctionOpInterface findOrInsert(FunctionOpInterface function);

private:
  /// By a hash that is cheap enough to compute for all.
  llvm::DenseMap<size_t, SmallVector<FunctionOpInterface>> known;
};

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_COMMON_OUTLINING_H
