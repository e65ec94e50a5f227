#ifndef COLT5_REFERENCE_COMPOSITES_H
#define COLT5_REFERENCE_COMPOSITES_H

#include "colt5/Reference/Attention.h"
#include "colt5/Reference/Movement.h"
#include "colt5/Reference/Routing.h"

/// The executable definition of the composites, written from their equations and independent of the
/// compiler's decomposition. Shapes are preconditions (the interpreter checks them).
namespace mlir::colt5::reference {

enum class ActivationKind { GeluTanh, Gelu, Relu, Silu, Sigmoid, Identity };
double activate(double x, ActivationKind kind);

/// What every composite needs to know about the run.
struct CompositeContext {
  Rounding rounding = Rounding::None;
  /// Number of threads; 0 means one per core.
  unsigned threads = 1;
  /// Set when an index was out of range.
  bool indexError = false;
  Unspecified *unspecified = nullptr;
  /// Sees every selection ("ffn", "q", "kv"), may replace the indices; false stops the composite.
  std::function<bool(const char *router, const Tensor &scores, const Tensor *mask, Tensor &indices)>
      onSelection;
  /// Sees intermediate results: "light", "heavy", "weights", "weights.q", "weights.kv".
  std::function<void(const char *part, const Tensor &)> onPart;
};

/// Weights of one feed-forward branch: in, gate DxE, out ExD2; gate and the biases may be null.
struct FfnWeights {
  const Tensor *in = nullptr, *gate = nullptr, *out = nullptr;
  const Tensor *inBias = nullptr, *gateBias = nullptr, *outBias = nullptr;
  ActivationKind activation = ActivationKind::GeluTanh;
};

/// (act(x in + in_bias) [* (x gate + gate_bias)]) out + out_bias for x [batch..., D].
Tensor ffn(const Tensor &x, const FfnWeights &weights, const CompositeContext &context);

struct ConditionalFfnInputs {
  const Tensor *x = nullptr, *mask = nullptr, *router = nullptr, *base = nullptr;
  std::optional<FfnWeights> light;
  FfnWeights heavy;
  int64_t tokens = 0;
  RouterOptions routing;
};

/// light_ffn(x) + scatter(w * heavy_ffn(gather(x))). Nothing when a hook stopped it.
std::optional<Tensor> conditionalFfn(const ConditionalFfnInputs &in, CompositeContext &context);

/// Projections of one attention branch: q DxHxC, k and v DxGxC, out HxCxD, bias HxBuckets or null.
struct AttentionWeights {
  const Tensor *q = nullptr, *k = nullptr, *v = nullptr, *out = nullptr, *bias = nullptr;
};

struct ConditionalAttentionInputs {
  const Tensor *x = nullptr, *mask = nullptr, *routerQ = nullptr, *routerKv = nullptr, *base = nullptr;
  std::optional<AttentionWeights> light;
  AttentionWeights heavy;
  int64_t queries = 0, keys = 0;
  RouterOptions routing;
  bool scaleKvInput = true, scaleKey = false, scaleValue = false;
  bool scaleOutput = true, scaleQuery = false;
  double scale = 1.0;
  PatternFn lightPattern;
  BucketFn bucket;
};

/// Light attention of all tokens plus heavy attention among routed tokens. Nothing when a hook stopped it.
std::optional<Tensor> conditionalAttention(const ConditionalAttentionInputs &in, CompositeContext &context);

} // namespace mlir::colt5::reference

#endif // COLT5_REFERENCE_COMPOSITES_H
