#include "colt5/Reference/Routing.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir::colt5::reference;

/// Scores that take part in a softmax: NaN and -inf weigh 0, +inf is the largest finite number.
static bool counts(double score) {
  return !std::isnan(score) && score != -std::numeric_limits<double>::infinity();
}
static double clamped(double score) { return std::min(score, std::numeric_limits<double>::max()); }

namespace {
/// exp(s - max) / sum over the scores it has seen.
struct Softmax {
  double max = -std::numeric_limits<double>::infinity(), sum = 0.0;
  explicit Softmax(const std::vector<double> &scores) {
    for (double score : scores)
      if (counts(score))
        max = std::max(max, clamped(score));
    for (double score : scores)
      if (counts(score))
        sum += std::exp(clamped(score) - max);
  }
  double operator()(double score) const { return std::exp(clamped(score) - max) / sum; }
};
} // namespace

Tensor mlir::colt5::reference::routingWeights(const Tensor &scores, const Tensor *mask,
                                              const TopKResult &selected, const RouterOptions &options) {
  int64_t batch = scores.getDim(0), routes = scores.getDim(1), tokens = scores.getDim(2);
  int64_t k = selected.indices.getDim(2);
  Tensor result({batch, routes, k}, scores.getKind());
  double *out = result.mutableFloats();
  bool bypass = options.bypassOnes && k >= tokens;
  Tensor soft;
  if (options.weights == RoutingWeights::SoftTopK && !bypass)
    soft = softTopK(scores, Tensor::scalar(options.kRatio * double(k), scores.getKind()), mask, options.soft);

  for (int64_t b = 0; b < batch; ++b)
    for (int64_t r = 0; r < routes; ++r) {
      int64_t row = b * routes + r;
      const double *rowScores = scores.floats() + row * tokens;
      const int64_t *valid = selected.valid.ints() + row * k;
      const int64_t *index = selected.indices.ints() + row * k;
      std::vector<double> population;
      if (options.weights == RoutingWeights::SoftmaxTopK) {
        for (int64_t slot = 0; slot < k; ++slot)
          if (valid[slot])
            population.push_back(rowScores[index[slot]]);
      } else if (options.weights == RoutingWeights::SoftmaxAll) {
        for (int64_t n = 0; n < tokens; ++n)
          if (isUnmasked(mask, b, r, n))
            population.push_back(rowScores[n]);
      }
      Softmax softmax(population);
      for (int64_t slot = 0; slot < k; ++slot) {
        if (!valid[slot])
          continue;
        double score = rowScores[index[slot]];
        double &weight = out[row * k + slot];
        if (bypass) {
          weight = 1.0;
          continue;
        }
        if (!counts(score))
          continue;
        switch (options.weights) {
        case RoutingWeights::SoftmaxTopK:
        case RoutingWeights::SoftmaxAll:
          weight = softmax(score);
          break;
        case RoutingWeights::SoftTopK:
          weight = soft.floats()[row * tokens + index[slot]];
          break;
        case RoutingWeights::Sigmoid:
          weight = 1.0 / (1.0 + std::exp(-score));
          break;
        case RoutingWeights::Raw:
          weight = score;
          break;
        case RoutingWeights::Ones:
          weight = 1.0;
          break;
        }
      }
    }
  return result;
}
