#ifndef COLT5_LIB_STAGES_BUFFERIZE_WORKSPACELAYOUT_H
#define COLT5_LIB_STAGES_BUFFERIZE_WORKSPACELAYOUT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace mlir::colt5 {

/// Every buffer starts at a multiple of this many bytes.
inline constexpr int64_t kBufferAlignment = 64;

/// One buffer to place. Sizes are counted in units of their group: the product of the group's run-time sizes.
struct BufferRequest {
  /// Bytes per unit, at least 0.
  int64_t bytes = 0;
  /// First and last point in program order at which the buffer is used, both inclusive.
  int64_t begin = 0, end = 0;
  /// Buffers of different groups never share memory, because their sizes cannot be compared.
  unsigned group = 0;
};

/// Where the buffers lie. A buffer starts at `offset * unit`, rounded up to the alignment, plus `depth` times
/// the alignment: the number of units is known at run time only, so every buffer that lies below another one
/// may need the alignment once more.
struct WorkspaceLayout {
  /// Offset of every request from the start of its group, in the group's units.
  llvm::SmallVector<int64_t> offsets;
  /// Number of buffers that lie below, alive at the same time; 0 in groups where all sizes are aligned.
  llvm::SmallVector<int64_t> depths;
  /// Size of every group in its units, and how often the alignment comes on top.
  llvm::SmallVector<int64_t> groupBytes, groupDepths;
};

/// Places large buffers first, each at the lowest offset where no buffer alive at the same time lies. Group 0
/// is the one of static sizes: its unit is 1 and its sizes are rounded up to the alignment.
WorkspaceLayout planLayout(llvm::ArrayRef<BufferRequest> requests, unsigned numGroups);

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_WORKSPACELAYOUT_H
