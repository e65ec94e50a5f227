#include "colt5/Reference/Movement.h"

#include <cmath>

using namespace mlir::colt5::reference;

Tensor mlir::colt5::reference::rope(const Tensor &x, const Tensor &pos, double theta, bool interleaved) {
  int64_t batch = x.getDim(0), heads = x.getDim(1), rows = x.getDim(2), width = x.getDim(3), half = width / 2;
  int64_t groups = pos.getRank() == 3 ? pos.getDim(1) : 1;
  Tensor result = x;
  double *out = result.mutableFloats();
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t h = 0; h < heads; ++h)
      for (int64_t q = 0; q < rows; ++q) {
        int64_t group = h / (heads / groups);
        int64_t position = pos.ints()[(b * groups + group) * rows + q];
        if (position == -1)
          continue;
        double *row = out + ((b * heads + h) * rows + q) * width;
        for (int64_t i = 0; i < half; ++i) {
          double angle = double(position) * std::pow(theta, -2.0 * double(i) / double(width));
          double &first = row[interleaved ? 2 * i : i], &second = row[interleaved ? 2 * i + 1 : i + half];
          double x1 = first, x2 = second;
          first = x1 * std::cos(angle) - x2 * std::sin(angle);
          second = x2 * std::cos(angle) + x1 * std::sin(angle);
        }
      }
  return result;
}
