#ifndef COLT5_STAGES_TILE_CONTRACT_H
#define COLT5_STAGES_TILE_CONTRACT_H

#include "colt5/Stages/Common/Contract.h"

namespace mlir::colt5 {

extern const StageContract kTileContract;

} // namespace mlir::colt5

#endif // COLT5_STAGES_TILE_CONTRACT_H
