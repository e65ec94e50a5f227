#include "CompositeHelpers.h"

using namespace mlir::colt5::reference;

std::optional<Routed> mlir::colt5::reference::route(const char *name, const Tensor &x, const Tensor *mask,
                                                    const Tensor &router, int64_t k,
                                                    const RouterOptions &options, CompositeContext &context) {
  Tensor scores = routerScores(x, router, mask, options.cosine, options.scale);
  declareAs(scores, scores.getKind(), context);
  TopKOptions selection;
  selection.block = options.soft.block;
  TopKResult selected = topk(scores, mask, k, selection);
  if (context.onSelection) {
    if (!context.onSelection(name, scores, mask, selected.indices))
      return std::nullopt;
    selected = completeSelection(scores, mask, selected.indices);
  }
  Tensor weights = routingWeights(scores, mask, selected, options);
  declareAs(weights, weights.getKind(), context);
  Tensor::Shape shape{x.getDim(0), k};
  return Routed{selected.indices.reshaped(shape), selected.valid.reshaped(shape), weights.reshaped(shape)};
}

void mlir::colt5::reference::clearMaskedRows(Tensor &x, const Tensor *mask) {
  if (!mask)
    return;
  int64_t width = x.getShape().back();
  double *data = x.mutableFloats();
  for (int64_t row = 0; row < mask->getNumElements(); ++row)
    if (!mask->ints()[row])
      std::fill_n(data + row * width, width, 0.0);
}

Tensor mlir::colt5::reference::combineBranches(Tensor base, const Tensor &heavy, const Routed &routed,
                                               bool weighted, CompositeContext &context) {
  const Tensor *weights = weighted ? &routed.weights : nullptr;
  if (context.onPart) {
    context.onPart("light", base);
    context.onPart("heavy", scatterCombine(heavy, routed.indices, &routed.valid, weights,
                                           Tensor(base.getShape(), base.getKind()), Combine::Add,
                                           Rounding::None, context.indexError));
  }
  return scatterCombine(heavy, routed.indices, &routed.valid, weights, std::move(base), Combine::Add,
                        context.rounding, context.indexError);
}

std::optional<Tensor> mlir::colt5::reference::conditionalFfn(const ConditionalFfnInputs &in,
                                                             CompositeContext &context) {
  const Tensor &x = *in.x;
  std::optional<Routed> routed = route("ffn", x, in.mask, *in.router, in.tokens, in.routing, context);
  if (!routed)
    return std::nullopt;
  if (context.onPart)
    context.onPart("weights", routed->weights);

  Tensor base = in.base ? *in.base : Tensor(x.getShape(), x.getKind());
  if (in.light) {
    base = ffn(x, *in.light, context);
    clearMaskedRows(base, in.mask);
  }
  Tensor rows = gather(x, routed->indices, &routed->valid, nullptr, 1, context.indexError);
  return combineBranches(std::move(base), ffn(rows, in.heavy, context), *routed, /*weighted=*/true, context);
}
