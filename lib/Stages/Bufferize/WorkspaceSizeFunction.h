#ifndef COLT5_LIB_STAGES_BUFFERIZE_WORKSPACESIZEFUNCTION_H
#define COLT5_LIB_STAGES_BUFFERIZE_WORKSPACESIZEFUNCTION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::colt5 {

/// Adds the companion of `func` that returns `workspaceBytes + numThreads * scratchBytes` for the inputs of
/// `func`. Both are computed at the entry of `func` from its arguments.
LogicalResult emitWorkspaceSizeFunction(SymbolTable &symbols, func::FuncOp func, Value workspaceBytes,
                                        Value scratchBytes);

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_WORKSPACESIZEFUNCTION_H
