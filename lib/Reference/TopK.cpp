#include "colt5/Reference/Routing.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace mlir::colt5::reference;

static constexpr double kMinusInf = -std::numeric_limits<double>::infinity();

TopKResult mlir::colt5::reference::completeSelection(const Tensor &scores, const Tensor *mask,
                                                     Tensor indices) {
  int64_t batch = scores.getDim(0), routes = scores.getDim(1), tokens = scores.getDim(2),
          k = indices.getDim(2);
  TopKResult result{indices, Tensor({batch, routes, k}, ElementKind::I1),
                    filled({batch, routes, k}, scores.getKind(), kMinusInf)};
  int64_t *valid = result.valid.mutableInts();
  double *values = result.values.mutableFloats();
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t r = 0; r < routes; ++r)
      for (int64_t slot = 0; slot < k; ++slot) {
        int64_t at = (b * routes + r) * k + slot;
        int64_t token = result.indices.ints()[at];
        if (token < 0 || token >= tokens || !isUnmasked(mask, b, r, token))
          continue;
        valid[at] = 1;
        double score = scores.floats()[(b * routes + r) * tokens + token];
        values[at] = std::isnan(score) ? kMinusInf : score;
      }
  return result;
}

TopKResult mlir::colt5::reference::topk(const Tensor &scores, const Tensor *mask, int64_t k,
                                        const TopKOptions &options) {
  int64_t batch = scores.getDim(0), routes = scores.getDim(1), tokens = scores.getDim(2);
  Tensor indices = filled({batch, routes, k}, ElementKind::I32, -1);
  int64_t *out = indices.mutableInts();
  int64_t length = options.block > 0 ? options.block : std::max<int64_t>(tokens, 1);
  int64_t blocks = tokens / length;
  int64_t slots = blocks > 0 ? k / blocks : 0;
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t r = 0; r < routes; ++r)
      for (int64_t block = 0; block < blocks; ++block) {
        const double *row = scores.floats() + (b * routes + r) * tokens;
        // NaN counts as -inf; comparing doubles makes -0.0 equal to +0.0.
        auto key = [&](int64_t n) { return std::isnan(row[n]) ? kMinusInf : row[n]; };
        auto before = [&](int64_t i, int64_t j) {
          bool validI = isUnmasked(mask, b, r, i), validJ = isUnmasked(mask, b, r, j);
          if (validI != validJ)
            return validI;
          // A mask hides the score, so masked tokens follow each other by index alone.
          if (validI && key(i) != key(j))
            return key(i) > key(j);
          return options.highestIndexFirst ? i > j : i < j;
        };
        std::vector<int64_t> order(length);
        std::iota(order.begin(), order.end(), block * length);
        std::sort(order.begin(), order.end(), before);
        order.resize(std::min(slots, length));
        if (!options.orderByScore)
          std::sort(order.begin(), order.end());
        std::copy(order.begin(), order.end(), out + (b * routes + r) * k + block * slots);
      }
  return completeSelection(scores, mask, indices);
}
