#include "colt5/Reference/Movement.h"

using namespace mlir::colt5::reference;

/// True when slot `at` names a row of [0, n); flags indices that are neither -1 nor in range.
static bool namesRow(const Tensor &indices, const Tensor *valid, int64_t at, int64_t n, bool &indexError) {
  if (valid && !valid->ints()[at])
    return false;
  int64_t row = indices.ints()[at];
  if (row < -1 || row >= n)
    indexError = true;
  return row >= 0 && row < n;
}

template <typename T>
static void gatherRows(const T *source, T *out, const Tensor &indices, const Tensor *valid, int64_t batch,
                       int64_t n, int64_t slots, int64_t width, bool &indexError) {
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t slot = 0; slot < slots; ++slot) {
      int64_t at = b * slots + slot;
      if (namesRow(indices, valid, at, n, indexError))
        std::copy_n(source + (b * n + indices.ints()[at]) * width, width, out + at * width);
    }
}

Tensor mlir::colt5::reference::gather(const Tensor &source, const Tensor &indices, const Tensor *valid,
                                      const Tensor *scale, int64_t batchDims, bool &indexError) {
  Tensor::Shape shape = indices.getShape();
  int64_t batch = 1, width = 1, n = source.getDim(batchDims);
  for (int64_t i = 0; i < batchDims; ++i)
    batch *= source.getDim(i);
  for (int64_t i = batchDims + 1; i < source.getRank(); ++i) {
    width *= source.getDim(i);
    shape.push_back(source.getDim(i));
  }
  Tensor result(shape, source.getKind());
  int64_t slots = batch == 0 ? 0 : indices.getNumElements() / batch;
  if (!source.isFloat()) {
    gatherRows(source.ints(), result.mutableInts(), indices, valid, batch, n, slots, width, indexError);
    return result;
  }
  double *out = result.mutableFloats();
  gatherRows(source.floats(), out, indices, valid, batch, n, slots, width, indexError);
  if (!scale)
    return result;
  bool ignored = false;
  for (int64_t at = 0; at < batch * slots; ++at) {
    // A slot without a token stays 0 even when its scale is NaN.
    if (!namesRow(indices, valid, at, n, ignored))
      continue;
    for (int64_t d = 0; d < width; ++d)
      out[at * width + d] *= scale->floats()[at];
  }
  return result;
}

Tensor mlir::colt5::reference::scatterCombine(const Tensor &y, const Tensor &indices, const Tensor *valid,
                                              const Tensor *weight, Tensor base, Combine combine,
                                              Rounding rounding, bool &indexError) {
  int64_t batch = base.getDim(0), n = base.getDim(1), width = base.getDim(2);
  int64_t slots = batch == 0 ? 0 : indices.getNumElements() / batch;
  ElementKind kind = base.getKind();
  double *out = base.mutableFloats();
  // Slots are route-major, so that this order is the route order; among repeated indices the last slot wins.
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t slot = 0; slot < slots; ++slot) {
      int64_t at = b * slots + slot;
      if (!namesRow(indices, valid, at, n, indexError))
        continue;
      double factor = weight ? weight->floats()[at] : 1.0;
      double *row = out + (b * n + indices.ints()[at]) * width;
      for (int64_t d = 0; d < width; ++d) {
        double value = factor * y.floats()[at * width + d];
        if (combine == Combine::Add)
          value += row[d];
        row[d] = rounding == Rounding::Declared ? roundTo(value, kind) : value;
      }
    }
  return base;
}
