#include "colt5/Reference/Movement.h"

#include <cmath>

using namespace mlir::colt5::reference;

Tensor mlir::colt5::reference::rmsScale(const Tensor &x, const Tensor *mask, double eps) {
  Tensor::Shape shape(x.getShape().begin(), x.getShape().end() - 1);
  int64_t width = x.getShape().back();
  Tensor result(shape, getScoreKind(x.getKind()));
  double *out = result.mutableFloats();
  for (int64_t row = 0; row < result.getNumElements(); ++row) {
    if (mask && !mask->ints()[row])
      continue;
    double sum = 0.0;
    for (int64_t d = 0; d < width; ++d)
      sum += x.floats()[row * width + d] * x.floats()[row * width + d];
    // The mean of an empty row is 0, and eps = 0 on a zero row must not make a NaN of 0 * inf.
    double mean = width > 0 ? sum / double(width) : 0.0;
    out[row] = mean + eps == 0.0 ? 0.0 : 1.0 / std::sqrt(mean + eps);
  }
  return result;
}

Tensor mlir::colt5::reference::rmsNorm(const Tensor &x, const Tensor &g, const Tensor *mask, double eps) {
  Tensor scale = rmsScale(x, mask, eps);
  int64_t width = x.getShape().back();
  Tensor result(x.getShape(), x.getKind());
  double *out = result.mutableFloats();
  for (int64_t row = 0; row < scale.getNumElements(); ++row) {
    if (mask && !mask->ints()[row])
      continue;
    for (int64_t d = 0; d < width; ++d)
      out[row * width + d] = x.floats()[row * width + d] * scale.floats()[row] * g.floats()[d];
  }
  return result;
}
