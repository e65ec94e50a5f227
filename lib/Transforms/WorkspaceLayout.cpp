#include "WorkspaceLayout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir::colt5;

WorkspaceLayout mlir::colt5::planLayout(llvm::ArrayRef<BufferRequest> requests, unsigned numGroups) {
  WorkspaceLayout layout;
  layout.offsets.assign(requests.size(), 0);
  layout.groupBytes.assign(numGroups, 0);

  auto order = llvm::to_vector(llvm::seq<size_t>(0, requests.size()));
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::make_pair(-requests[a].bytes, a) < std::make_pair(-requests[b].bytes, b);
  });

  llvm::SmallVector<size_t> placed;
  for (size_t current : order) {
    const BufferRequest &request = requests[current];
    // The neighbours in time, in the order of their offsets; the first gap that is wide enough is taken.
    llvm::SmallVector<size_t> neighbours;
    llvm::copy_if(placed, std::back_inserter(neighbours), [&](size_t other) {
      return requests[other].group == request.group && requests[other].begin <= request.end &&
             request.begin <= requests[other].end;
    });
    llvm::sort(neighbours, [&](size_t a, size_t b) { return layout.offsets[a] < layout.offsets[b]; });
    int64_t size = llvm::alignTo(request.bytes, kBufferAlignment);
    int64_t offset = 0;
    for (size_t other : neighbours) {
      if (offset + size <= layout.offsets[other])
        break;
      int64_t end = layout.offsets[other] + llvm::alignTo(requests[other].bytes, kBufferAlignment);
      offset = std::max(offset, end);
    }
    layout.offsets[current] = offset;
    layout.groupBytes[request.group] = std::max(layout.groupBytes[request.group], offset + size);
    placed.push_back(current);
  }
  return layout;
}
