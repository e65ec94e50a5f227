#include "CompositeHelpers.h"

using namespace mlir::colt5::reference;

/// x BxNxD times w DxHxC, in attention layout BxHxNxC and rounded to x's kind.
static Tensor project(const Tensor &x, const Tensor &w, const CompositeContext &context) {
  Tensor rows = matmul(x, w, context);
  int64_t batch = rows.getDim(0), tokens = rows.getDim(1), heads = rows.getDim(2), width = rows.getDim(3);
  Tensor result({batch, heads, tokens, width}, rows.getKind());
  double *out = result.mutableFloats();
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t n = 0; n < tokens; ++n)
      for (int64_t h = 0; h < heads; ++h)
        std::copy_n(rows.floats() + ((b * tokens + n) * heads + h) * width, width,
                    out + ((b * heads + h) * tokens + n) * width);
  declareAs(result, x.getKind(), context);
  return result;
}

/// out[b, n, d] = sum_{h, c} o[b, h, n, c] * w[h, c, d].
static Tensor projectBack(const Tensor &o, const Tensor &w, const CompositeContext &context) {
  int64_t batch = o.getDim(0), heads = o.getDim(1), tokens = o.getDim(2), width = o.getDim(3);
  Tensor rows({batch, tokens, heads * width}, o.getKind());
  double *data = rows.mutableFloats();
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t h = 0; h < heads; ++h)
      for (int64_t n = 0; n < tokens; ++n)
        std::copy_n(o.floats() + ((b * heads + h) * tokens + n) * width, width,
                    data + ((b * tokens + n) * heads + h) * width);
  Tensor result = matmul(rows, w.reshaped({heads * width, w.getDim(2)}), context);
  declareAs(result, o.getKind(), context);
  return result;
}

/// One branch: queries and keys of the given rows at the given positions (null: their own numbers).
static Tensor runBranch(const Tensor &q, const Tensor &k, const Tensor &v, const AttentionWeights &weights,
                        AttentionInputs inputs, CompositeContext &context) {
  inputs.q = &q;
  inputs.k = &k;
  inputs.v = &v;
  inputs.biasTable = weights.bias;
  inputs.threads = context.threads;
  inputs.unspecified = context.unspecified;
  Tensor output = attention(inputs, context.indexError).output;
  declareAs(output, q.getKind(), context);
  return projectBack(output, *weights.out, context);
}

std::optional<Tensor> mlir::colt5::reference::conditionalAttention(const ConditionalAttentionInputs &in,
                                                                   CompositeContext &context) {
  const Tensor &x = *in.x;
  std::optional<Routed> routedQ = route("q", x, in.mask, *in.routerQ, in.queries, in.routing, context);
  if (!routedQ)
    return std::nullopt;
  std::optional<Routed> routedKv = route("kv", x, in.mask, *in.routerKv, in.keys, in.routing, context);
  if (!routedKv)
    return std::nullopt;
  if (context.onPart) {
    context.onPart("weights.q", routedQ->weights);
    context.onPart("weights.kv", routedKv->weights);
  }

  AttentionInputs common;
  common.scale = in.scale;
  common.bucket = in.bucket;

  Tensor base = in.base ? *in.base : Tensor(x.getShape(), x.getKind());
  if (in.light) {
    AttentionInputs inputs = common;
    inputs.qValid = inputs.kvValid = in.mask;
    inputs.pattern = in.lightPattern;
    base = runBranch(project(x, *in.light->q, context), project(x, *in.light->k, context),
                     project(x, *in.light->v, context), *in.light, inputs, context);
    clearMaskedRows(base, in.mask);
  }

  // Weights that scale a projection's result scale its input: the projections have no bias.
  auto rows = [&](const Routed &routed, bool scaled) {
    Tensor gathered =
        gather(x, routed.indices, &routed.valid, scaled ? &routed.weights : nullptr, 1, context.indexError);
    declareAs(gathered, x.getKind(), context);
    return gathered;
  };
  auto projectScaled = [&](const Routed &routed, bool scaledInput, bool scaledResult, const Tensor &w) {
    Tensor result = project(rows(routed, scaledInput), w, context);
    if (!scaledResult)
      return result;
    int64_t heads = result.getDim(1), slots = result.getDim(2), width = result.getDim(3);
    double *data = result.mutableFloats();
    for (int64_t i = 0; i < result.getNumElements(); ++i) {
      int64_t slot = i / width % slots, b = i / width / slots / heads;
      data[i] *= routed.weights.floats()[b * slots + slot];
    }
    declareAs(result, x.getKind(), context);
    return result;
  };
  Tensor q = projectScaled(*routedQ, false, in.scaleQuery, *in.heavy.q);
  Tensor k = projectScaled(*routedKv, in.scaleKvInput, in.scaleKey, *in.heavy.k);
  Tensor v = projectScaled(*routedKv, in.scaleKvInput, in.scaleValue, *in.heavy.v);
  AttentionInputs inputs = common;
  inputs.qValid = &routedQ->valid;
  inputs.kvValid = &routedKv->valid;
  inputs.qPos = &routedQ->indices;
  inputs.kvPos = &routedKv->indices;
  Tensor heavy = runBranch(q, k, v, in.heavy, inputs, context);
  return combineBranches(std::move(base), heavy, *routedQ, in.scaleOutput, context);
}
