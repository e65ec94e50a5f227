#include "colt5/Reference/Routing.h"

#include <cmath>
#include <limits>

using namespace mlir::colt5::reference;

bool mlir::colt5::reference::isUnmasked(const Tensor *mask, int64_t b, int64_t r, int64_t n) {
  if (!mask)
    return true;
  int64_t row = mask->getRank() == 2 ? b : b * mask->getDim(1) + r;
  return mask->ints()[row * mask->getShape().back() + n] != 0;
}

static double norm(const double *v, int64_t d) {
  double sum = 0.0;
  for (int64_t i = 0; i < d; ++i)
    sum += v[i] * v[i];
  return std::max(std::sqrt(sum), 1e-12);
}

Tensor mlir::colt5::reference::routerScores(const Tensor &x, const Tensor &u, const Tensor *mask, bool cosine,
                                            double scale) {
  int64_t batch = x.getDim(0), tokens = x.getDim(1), width = x.getDim(2);
  int64_t routes = u.getDim(u.getRank() - 2);
  Tensor result({batch, routes, tokens}, getScoreKind(x.getKind()));
  double *out = result.mutableFloats();
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t r = 0; r < routes; ++r) {
      const double *router = u.floats() + (u.getRank() == 2 ? r : b * routes + r) * width;
      double routerNorm = cosine ? norm(router, width) : 1.0;
      for (int64_t n = 0; n < tokens; ++n) {
        double &score = out[(b * routes + r) * tokens + n];
        if (!isUnmasked(mask, b, r, n)) {
          score = -std::numeric_limits<double>::infinity();
          continue;
        }
        const double *token = x.floats() + (b * tokens + n) * width;
        double sum = 0.0;
        for (int64_t d = 0; d < width; ++d)
          sum += token[d] * router[d];
        if (cosine)
          sum /= norm(token, width) * routerNorm;
        score = scale * sum;
      }
    }
  return result;
}
