#ifndef COLT5_LIB_DIALECT_COLT5_INTERFACES_TILING_COARSESLICE_H
#define COLT5_LIB_DIALECT_COLT5_INTERFACES_TILING_COARSESLICE_H

#include "mlir/IR/Builders.h"

namespace mlir::colt5 {

/// Slices a dimension of `coarseExtent` groups, each of `fineExtent / coarseExtent` consecutive iterations of
/// a loop, for the tile `[offset, offset + size)` of that loop. Returns offset and size in groups.
///
/// The op inside the tile derives the group from the position within its tile, so the tile must lie in one
/// group or be made of whole groups. Fails unless that can be shown.
FailureOr<std::pair<OpFoldResult, OpFoldResult>> sliceCoarse(OpBuilder &builder, Location loc,
                                                             OpFoldResult fineExtent,
                                                             OpFoldResult coarseExtent, OpFoldResult offset,
                                                             OpFoldResult size);

} // namespace mlir::colt5

#endif // COLT5_LIB_DIALECT_COLT5_INTERFACES_TILING_COARSESLICE_H
