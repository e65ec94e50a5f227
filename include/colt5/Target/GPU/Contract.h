#ifndef COLT5_TARGET_GPU_CONTRACT_H
#define COLT5_TARGET_GPU_CONTRACT_H

#include "colt5/Stages/Common/Contract.h"

namespace mlir::colt5 {

extern const StageContract kBinaryContract;

} // namespace mlir::colt5

#endif // COLT5_TARGET_GPU_CONTRACT_H
