#ifndef COLT5_MACHINE_MACHINE_H
#define COLT5_MACHINE_MACHINE_H

#include "mlir/Support/LLVM.h"

namespace mlir::colt5 {

/// What `colt5-plan` knows about a machine. Sizes in bytes; caches are per core unless shared by nature.
struct TargetDescription {
  StringRef name;
  StringRef summary;
  int64_t vectorBytes;
  int64_t l1Bytes;
  int64_t l2Bytes;
  int64_t l3Bytes;
  /// Number of cores to keep busy; a hint, the program runs on any number.
  int64_t cores;
  /// Rows and columns of a contraction tile before caches and cores shrink it. Packing one operand costs
  /// about 1 / rows of the tile's work.
  int64_t contractionRows;
  int64_t contractionColumns;
  /// Query rows of an attention tile: keys are read once per tile.
  int64_t attentionQueries;
  /// GPU: threads of a block that runs a tile. 0 on a CPU.
  int64_t threads = 0;
  /// GPU: bytes of shared memory that the buffers of a tile may take.
  int64_t sharedBytes = 0;

  bool isGPU() const { return threads != 0; }

  /// Bytes a memory-bound tile may touch: far more than a task costs to start, and resident in L2 between the
  /// ops of a kernel.
  int64_t getStreamBytes() const { return l2Bytes / 8; }
};

/// All known targets; the first is the default CPU.
ArrayRef<TargetDescription> getTargetDescriptions();

/// The target called `name` (`cpu` is the default CPU), or null.
const TargetDescription *findTargetDescription(StringRef name);

} // namespace mlir::colt5

#endif // COLT5_MACHINE_MACHINE_H
