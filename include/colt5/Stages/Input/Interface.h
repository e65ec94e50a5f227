#ifndef COLT5_STAGES_INPUT_INTERFACE_H
#define COLT5_STAGES_INPUT_INTERFACE_H

#include "mlir/IR/Operation.h"

namespace mlir::colt5 {

/// The types of scalars and of elements that compiled functions take and return, for messages.
inline constexpr llvm::StringLiteral kInterfaceTypes = "i1, i8, i16, i32, i64, index, f16, bf16, f32 or f64";

/// Whether `type` is one of those above.
bool isInterfaceType(Type type);

/// Reports every argument and result of a public function under `root` that C code cannot pass, and every
/// tensor or memref with elements of another type, for which no memory is planned, or with an encoding, which
/// would be dropped.
LogicalResult checkInterface(Operation *root);

} // namespace mlir::colt5

#endif // COLT5_STAGES_INPUT_INTERFACE_H
