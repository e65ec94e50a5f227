#ifndef COLT5_STAGES_INPUT_INTERFACE_H
#define COLT5_STAGES_INPUT_INTERFACE_H

#include "mlir/IR/Operation.h"

namespace mlir::colt5 {

/// Reports every argument and result of a public function under `root` that C code cannot pass, and every
/// tensor or memref with elements of another type, for which no memory is planned, or with an encoding, which
/// would be dropped.
LogicalResult checkInterface(Operation *root);

} // namespace mlir::colt5

#endif // COLT5_STAGES_INPUT_INTERFACE_H
