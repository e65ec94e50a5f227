#include "WorkspaceLayout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir::colt5;

namespace {
int64_t getSize(const BufferRequest &request) {
  return request.group == 0 ? llvm::alignTo(request.bytes, kBufferAlignment) : request.bytes;
}

bool meet(const BufferRequest &a, const BufferRequest &b) {
  return a.group == b.group && a.begin <= b.end && b.begin <= a.end;
}

/// Counts, from the bottom up, how many buffers lie below each buffer of the groups where sizes are not
/// aligned.
void countDepths(llvm::ArrayRef<BufferRequest> requests, WorkspaceLayout &layout) {
  llvm::SmallVector<bool> unaligned(layout.groupBytes.size(), false);
  for (const BufferRequest &request : requests)
    unaligned[request.group] |= getSize(request) % kBufferAlignment != 0;
  auto order = llvm::to_vector(llvm::seq<size_t>(0, requests.size()));
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::make_pair(layout.offsets[a], a) < std::make_pair(layout.offsets[b], b);
  });
  for (auto [position, current] : llvm::enumerate(order)) {
    if (!unaligned[requests[current].group] || layout.offsets[current] == 0)
      continue;
    int64_t depth = 1;
    for (size_t below : llvm::ArrayRef<size_t>(order).take_front(position))
      if (meet(requests[below], requests[current]))
        depth = std::max(depth, layout.depths[below] + 1);
    layout.depths[current] = depth;
    int64_t &groupDepth = layout.groupDepths[requests[current].group];
    groupDepth = std::max(groupDepth, depth + 1);
  }
}
} // namespace

WorkspaceLayout mlir::colt5::planLayout(llvm::ArrayRef<BufferRequest> requests, unsigned numGroups) {
  WorkspaceLayout layout;
  layout.offsets.assign(requests.size(), 0);
  layout.depths.assign(requests.size(), 0);
  layout.groupBytes.assign(numGroups, 0);
  layout.groupDepths.assign(numGroups, 0);

  auto order = llvm::to_vector(llvm::seq<size_t>(0, requests.size()));
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::make_pair(-requests[a].bytes, a) < std::make_pair(-requests[b].bytes, b);
  });
  llvm::SmallVector<size_t> placed;
  for (size_t current : order) {
    const BufferRequest &request = requests[current];
    // The neighbours in time, in the order of their offsets; the first gap that is wide enough is taken.
    llvm::SmallVector<size_t> neighbours;
    llvm::copy_if(placed, std::back_inserter(neighbours),
                  [&](size_t other) { return meet(requests[other], request); });
    llvm::sort(neighbours, [&](size_t a, size_t b) { return layout.offsets[a] < layout.offsets[b]; });
    int64_t size = getSize(request), offset = 0;
    for (size_t other : neighbours) {
      if (offset + size <= layout.offsets[other])
        break;
      offset = std::max(offset, layout.offsets[other] + getSize(requests[other]));
    }
    layout.offsets[current] = offset;
    layout.groupBytes[request.group] = std::max(layout.groupBytes[request.group], offset + size);
    placed.push_back(current);
  }
  countDepths(requests, layout);
  return layout;
}
