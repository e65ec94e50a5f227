#ifndef COLT5_CODEGEN_HOST_CONTRACT_H
#define COLT5_CODEGEN_HOST_CONTRACT_H

#include "colt5/Stages/Common/Contract.h"

namespace mlir::colt5 {

/// Reports an op that is not of the LLVM dialect, or that needs a symbol from outside.
LogicalResult checkLLVMOp(Operation *op);

extern const StageContract kLLVMContract;

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_HOST_CONTRACT_H
