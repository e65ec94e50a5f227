// How the threads of a block share a contraction.
#ifndef COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_CONTRACTIONTILING_H
#define COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_CONTRACTIONTILING_H

#include "colt5/Codegen/Common/ContractionSpec.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"

namespace mlir::colt5 {

/// The block computes tiles of rows x columns outputs. A stage brings `depth` values of k of both operands to
/// shared memory. A thread computes threadRows x threadColumns outputs, in groups of `group` neighbours that
/// are read from shared memory together. Where a tile has fewer such parts than the block has threads,
/// `slices` sets of threads each take a part of every stage. All are powers of two.
struct ContractionTiling {
  int64_t rows, columns, depth, threadRows, threadColumns, group, slices;

  int64_t getThreadsAcross() const { return columns / threadColumns; }
  int64_t getThreadsDown() const { return rows / threadRows; }
};

/// `m`, `n`: upper bounds of the extents of the loops of the tile. `schedule`: a complete one.
ContractionTiling chooseContractionTiling(const ContractionSpec &info, int64_t m, int64_t n,
                                          SimtScheduleAttr schedule);

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_CONTRACTIONTILING_H
