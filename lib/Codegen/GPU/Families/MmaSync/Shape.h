// How large the parts of a kernel on mma.sync are.
#ifndef COLT5_LIB_CODEGEN_GPU_FAMILIES_MMASYNC_SHAPE_H
#define COLT5_LIB_CODEGEN_GPU_FAMILIES_MMASYNC_SHAPE_H

#include "ContractionView.h"
#include "colt5/Machine/Machine.h"

namespace mlir::colt5::mma_sync {

/// The numbers of #colt5.mma_sync, all of them known.
struct Shape {
  int64_t blockRows, blockColumns, blockK, warpRows, warpColumns, stages;

  explicit Shape(MmaSyncScheduleAttr schedule);
  int64_t getWarpsAcross() const { return blockColumns / warpColumns; }
  int64_t getThreads() const { return blockRows / warpRows * getWarpsAcross() * kWarpSize; }
  /// Of one stage of A and of the right operands.
  int64_t getStageBytes(int64_t products) const { return 2 * blockK * (blockRows + products * blockColumns); }
  /// Floats in a row of the sums that wait for the epilogue: the padding spreads rows over the banks.
  int64_t getSumStride() const { return blockColumns + 8; }
  int64_t getSharedBytes(int64_t products) const {
    return std::max(stages * getStageBytes(products), 4 * products * blockRows * getSumStride());
  }
};

/// The numbers of a schedule for `view`.
SmallVector<int64_t> chooseShape(const ContractionView &view, const Machine &machine);
/// What blocks of `shape` do, for the reason in a plan.
std::string describeShape(const Shape &shape, const ContractionView &view, const Machine &machine);

/// Why a kernel of this shape cannot run on `machine`; nothing when it can.
std::optional<std::string> checkShape(const Shape &shape, int64_t products, const Machine &machine);

} // namespace mlir::colt5::mma_sync

#endif // COLT5_LIB_CODEGEN_GPU_FAMILIES_MMASYNC_SHAPE_H
