#include "colt5/Reference/Composites.h"

#include "CompositeHelpers.h"
#include <cmath>

using namespace mlir::colt5::reference;

double mlir::colt5::reference::activate(double x, ActivationKind kind) {
  switch (kind) {
  case ActivationKind::GeluTanh: {
    double inner = std::sqrt(2.0 / M_PI) * (x + 0.044715 * x * x * x);
    return 0.5 * x * (1.0 + std::tanh(inner));
  }
  case ActivationKind::Gelu:
    return 0.5 * x * (1.0 + std::erf(x / std::sqrt(2.0)));
  case ActivationKind::Relu:
    return std::isnan(x) ? x : std::max(x, 0.0);
  case ActivationKind::Silu:
    return x / (1.0 + std::exp(-x));
  case ActivationKind::Sigmoid:
    return 1.0 / (1.0 + std::exp(-x));
  case ActivationKind::Identity:
    return x;
  }
  return x;
}

Tensor mlir::colt5::reference::matmul(const Tensor &a, const Tensor &b, const CompositeContext &context) {
  int64_t k = a.getShape().back(), m = k == 0 ? 0 : a.getNumElements() / k;
  int64_t n = 1;
  Tensor::Shape shape(a.getShape().begin(), a.getShape().end() - 1);
  if (k == 0) {
    m = 1;
    for (int64_t extent : shape)
      m *= extent;
  }
  for (int64_t d = 1; d < b.getRank(); ++d) {
    n *= b.getDim(d);
    shape.push_back(b.getDim(d));
  }
  Tensor result(shape, getScoreKind(a.getKind()));
  bool inF32 = context.rounding == Rounding::Declared && a.getKind() != ElementKind::F64;
  contract(a.floats(), b.floats(), result.mutableFloats(), m, n, k, inF32 ? Accumulate::F32 : Accumulate::F64,
           context.threads);
  return result;
}

void mlir::colt5::reference::declareAs(Tensor &tensor, ElementKind kind, const CompositeContext &context) {
  tensor = tensor.withKind(kind);
  if (context.rounding == Rounding::Declared)
    tensor.roundToKind();
}

static void addBias(Tensor &rows, const Tensor *bias) {
  if (!bias)
    return;
  int64_t width = bias->getDim(0);
  double *data = rows.mutableFloats();
  for (int64_t i = 0; i < rows.getNumElements(); ++i)
    data[i] += bias->floats()[i % width];
}

Tensor mlir::colt5::reference::ffn(const Tensor &x, const FfnWeights &weights,
                                   const CompositeContext &context) {
  Tensor hidden = matmul(x, *weights.in, context);
  addBias(hidden, weights.inBias);
  double *h = hidden.mutableFloats();
  for (int64_t i = 0; i < hidden.getNumElements(); ++i)
    h[i] = activate(h[i], weights.activation);
  if (weights.gate) {
    Tensor gate = matmul(x, *weights.gate, context);
    addBias(gate, weights.gateBias);
    for (int64_t i = 0; i < hidden.getNumElements(); ++i)
      h[i] *= gate.floats()[i];
  }
  declareAs(hidden, x.getKind(), context);
  Tensor result = matmul(hidden, *weights.out, context);
  addBias(result, weights.outBias);
  declareAs(result, x.getKind(), context);
  return result;
}
