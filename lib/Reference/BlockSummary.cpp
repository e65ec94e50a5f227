#include "colt5/Reference/Movement.h"

#include <algorithm>

using namespace mlir::colt5::reference;

BlockSummary mlir::colt5::reference::blockSummary(const Tensor &x, const Tensor *mask, int64_t size,
                                                  int64_t slots, bool mean, bool dropOrphans,
                                                  bool &indexError) {
  int64_t batch = x.getDim(0), tokens = x.getDim(1), width = x.getDim(2);
  BlockSummary result{Tensor({batch, slots, width}, x.getKind()), Tensor({batch, slots}, ElementKind::I1),
                      filled({batch, tokens}, ElementKind::I32, -1)};
  double *summary = result.summary.mutableFloats();
  int64_t *valid = result.valid.mutableInts(), *block = result.block.mutableInts();
  for (int64_t b = 0; b < batch; ++b) {
    int64_t length = tokens;
    if (mask) {
      const int64_t *row = mask->ints() + b * tokens;
      length = std::find(row, row + tokens, 0) - row;
      indexError |= std::find(row + length, row + tokens, 1) != row + tokens;
    }
    int64_t full = std::min(length / size, slots);
    std::vector<int64_t> members(slots, 0);
    for (int64_t i = 0; i < length && full > 0; ++i) {
      int64_t p = i / size;
      if (p >= full && dropOrphans)
        break;
      p = std::min(p, full - 1);
      block[b * tokens + i] = p;
      ++members[p];
      for (int64_t d = 0; d < width; ++d)
        summary[(b * slots + p) * width + d] += x.floats()[(b * tokens + i) * width + d];
    }
    for (int64_t p = 0; p < full; ++p) {
      valid[b * slots + p] = 1;
      if (mean)
        for (int64_t d = 0; d < width; ++d)
          summary[(b * slots + p) * width + d] /= double(members[p]);
    }
  }
  return result;
}
