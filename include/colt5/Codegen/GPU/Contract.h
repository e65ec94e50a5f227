#ifndef COLT5_CODEGEN_GPU_CONTRACT_H
#define COLT5_CODEGEN_GPU_CONTRACT_H

#include "colt5/Stages/Common/Contract.h"

namespace mlir::colt5 {

extern const StageContract kGPUContract;
extern const StageContract kNVVMContract;

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_GPU_CONTRACT_H
