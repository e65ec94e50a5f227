#include "colt5/Reference/Movement.h"

#include "llvm/ADT/STLFunctionalExtras.h"

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
  int64_t slots = indices.getShape().back(), routes = indices.getRank() == 3 ? indices.getDim(1) : 1;
  ElementKind kind = base.getKind();
  bool isWide = kind == ElementKind::F64 || y.getKind() == ElementKind::F64;
  ElementKind sumKind = isWide ? ElementKind::F64 : ElementKind::F32;
  double *out = base.mutableFloats();
  auto visit = [&](int64_t b, int64_t route, llvm::function_ref<void(int64_t slot, double *row)> update) {
    for (int64_t i = 0; i < slots; ++i) {
      int64_t slot = (b * routes + route) * slots + i;
      if (namesRow(indices, valid, slot, n, indexError))
        update(slot, out + (b * n + indices.ints()[slot]) * width);
    }
  };
  // Routes in their order; among repeated indices the last slot wins.
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t route = 0; route < routes; ++route) {
      visit(b, route, [&](int64_t slot, double *row) {
        double factor = weight ? weight->floats()[slot] : 1.0;
        for (int64_t d = 0; d < width; ++d) {
          double value = factor * y.floats()[slot * width + d];
          if (combine == Combine::Add)
            value += row[d];
          row[d] = rounding == Rounding::Declared ? roundTo(value, sumKind) : value;
        }
      });
      // Once per route: a row that several slots name is already rounded when it is met again.
      if (rounding == Rounding::Declared)
        visit(b, route, [&](int64_t, double *row) {
          for (int64_t d = 0; d < width; ++d)
            row[d] = roundTo(row[d], kind);
        });
    }
  return base;
}
