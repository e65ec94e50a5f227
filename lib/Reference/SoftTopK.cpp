#include "colt5/Reference/Routing.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir::colt5::reference;

/// log(sum_i exp(value(i))) over i in [begin, end).
template <typename Fn> static double logSumExp(size_t begin, size_t end, Fn value) {
  double largest = -std::numeric_limits<double>::infinity();
  for (size_t i = begin; i < end; ++i)
    largest = std::max(largest, value(i));
  if (std::isinf(largest))
    return largest;
  double sum = 0.0;
  for (size_t i = begin; i < end; ++i)
    sum += std::exp(value(i) - largest);
  return largest + std::log(sum);
}

/// The descent, iterated literally in its scalar form; returns a and the eps after the last decay, which the
/// weights use.
static std::pair<double, double> descend(const std::vector<double> &s, double kNorm,
                                         const SoftTopKOptions &options) {
  double logK = std::log(kNorm);
  auto epsAt = [&](int64_t t) {
    return std::max(options.epsInit.value_or(options.eps) * std::pow(options.epsDecay, double(t)),
                    options.eps);
  };
  double eps = epsAt(0);
  double a = 0.0;
  if (options.negInit)
    a = eps * (logK - std::log(double(s.size())));
  else
    a = eps * (logK - logSumExp(0, s.size(), [&](size_t i) { return s[i] / eps; }));
  for (int64_t t = 1; t < options.iterations; ++t) {
    eps = epsAt(t);
    double previous = a;
    a = eps * (logK - logSumExp(0, s.size(), [&](size_t i) { return std::min(s[i], -previous) / eps; }));
  }
  return {a, epsAt(options.iterations)};
}

/// The optimum (water filling): the first j >= 0 such that saturating exactly the j largest scores is
/// consistent.
static double solveExactly(std::vector<double> s, double kNorm, double eps) {
  std::sort(s.begin(), s.end(), std::greater<double>());
  double a = -std::numeric_limits<double>::infinity();
  for (size_t j = 0; j < s.size() && double(j) < kNorm; ++j) {
    a = eps * (std::log(kNorm - double(j)) - logSumExp(j, s.size(), [&](size_t i) { return s[i] / eps; }));
    bool aboveSaturated = j == 0 || s[j - 1] + a >= 0.0;
    bool restFree = s[j] + a <= 0.0;
    if (aboveSaturated && restFree)
      return a;
  }
  // k_norm reaches the number of tokens: all of them saturate.
  return s.empty() ? a : double(s.size()) <= kNorm ? -s.back() : a;
}

std::vector<double> mlir::colt5::reference::softTopKRow(const std::vector<double> &scores,
                                                        const std::vector<char> &valid, double kNorm,
                                                        const SoftTopKOptions &options, double *multiplier) {
  std::vector<double> weights(scores.size(), 0.0);
  // Tokens with score NaN or -inf do not count; +inf becomes the largest score whose quotient by eps is
  // finite.
  double largest = std::numeric_limits<double>::max() * std::min(1.0, options.eps);
  std::vector<size_t> tokens;
  std::vector<double> s;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (!valid[i] || std::isnan(scores[i]) || scores[i] == -std::numeric_limits<double>::infinity())
      continue;
    tokens.push_back(i);
    s.push_back(std::min(scores[i], largest));
  }
  // Written so that a budget of NaN selects nothing either.
  if (tokens.empty() || !(kNorm > 0.0))
    return weights;
  if (options.overflowOnes && kNorm >= double(tokens.size())) {
    for (size_t i : tokens)
      weights[i] = 1.0;
    return weights;
  }
  double a, eps = options.eps;
  if (options.exact)
    a = solveExactly(s, kNorm, eps);
  else
    std::tie(a, eps) = descend(s, kNorm, options);
  for (size_t j = 0; j < tokens.size(); ++j)
    weights[tokens[j]] = std::exp(std::min(s[j] + a, 0.0) / eps);
  if (multiplier)
    *multiplier = a;
  return weights;
}

Tensor mlir::colt5::reference::softTopK(const Tensor &scores, const Tensor &kNorm, const Tensor *mask,
                                        const SoftTopKOptions &options) {
  int64_t batch = scores.getDim(0), routes = scores.getDim(1), tokens = scores.getDim(2);
  Tensor result(scores.getShape(), scores.getKind());
  double *out = result.mutableFloats();
  int64_t length = options.block > 0 ? options.block : std::max<int64_t>(tokens, 1);
  int64_t blocks = tokens / length;
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t r = 0; r < routes; ++r) {
      int64_t row = b * routes + r;
      double rowK = kNorm.getAsDouble(kNorm.getRank() == 0 ? 0 : row);
      for (int64_t block = 0; block < blocks; ++block) {
        int64_t begin = block * length;
        const double *first = scores.floats() + row * tokens + begin;
        std::vector<char> valid(length);
        for (int64_t i = 0; i < length; ++i)
          valid[i] = isUnmasked(mask, b, r, begin + i);
        std::vector<double> weights =
            softTopKRow(std::vector<double>(first, first + length), valid, rowK / double(blocks), options);
        std::copy(weights.begin(), weights.end(), out + row * tokens + begin);
      }
    }
  return result;
}
