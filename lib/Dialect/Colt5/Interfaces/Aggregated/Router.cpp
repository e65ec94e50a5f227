// Scores, selection and slots of a router; the weights stand in RouterWeights.cpp.
#include "Router.h"
#include "RouterWeights.h"

using namespace mlir;
using namespace mlir::colt5;

RoutingAttr colt5::getRoutingOrDefault(MLIRContext *context, RoutingAttr routing) {
  return routing ? routing : RoutingAttr::get(context, RoutingKind::SoftTopK);
}

OpFoldResult colt5::getCount(std::optional<uint64_t> constant, Value dynamic, OpBuilder &builder) {
  if (constant)
    return builder.getIndexAttr(*constant);
  return getAsOpFoldResult(dynamic);
}

Value colt5::createRouterScores(ImplicitLocOpBuilder &b, Value x, ValueRange routers, Value mask,
                                RoutingAttr routing) {
  Value vectors = routers[0];
  if (routers.size() > 1) {
    // One pass over the tokens serves all routers.
    OpFoldResult width = getSize(b, x, 2), one = b.getIndexAttr(1), zero = b.getIndexAttr(0);
    vectors = createEmpty(b, {b.getIndexAttr(routers.size()), width}, getElementType(x));
    for (auto [route, router] : llvm::enumerate(hasNoElements(vectors.getType()) ? ValueRange() : routers))
      vectors = tensor::InsertSliceOp::create(b, router, vectors, Sizes{b.getIndexAttr(route), zero},
                                              tensor::getMixedSizes(b, b.getLoc(), router), Sizes{one, one});
  }
  Value init = createEmpty(b, {getSize(b, x, 0), b.getIndexAttr(routers.size()), getSize(b, x, 1)},
                           getScoreType(getElementType(x)));
  return RouterScoresOp::create(b, TypeRange{init.getType()}, x, vectors, mask, ValueRange{init},
                                routing.getSimilarity(), routing.getScale())
      ->getResult(0);
}

/// Bx1xK as BxK.
static Value dropRoute(ImplicitLocOpBuilder &b, Value value) {
  SmallVector<ReassociationIndices> groups{{0, 1}, {2}};
  return tensor::CollapseShapeOp::create(b, value, groups);
}

RoutedSlots colt5::createRoutedSlots(ImplicitLocOpBuilder &b, Value scores, int64_t route,
                                     const RouterSpec &spec) {
  OpFoldResult batch = getSize(b, scores, 0), numTokens = getSize(b, scores, 2);
  OpFoldResult one = b.getIndexAttr(1), zero = b.getIndexAttr(0);
  if (hasNoElements(scores.getType()))
    scores = createEmpty(b, {batch, one, numTokens}, getElementType(scores));
  else if (cast<ShapedType>(scores.getType()).getDimSize(1) != 1)
    scores = tensor::ExtractSliceOp::create(b, scores, Sizes{zero, b.getIndexAttr(route), zero},
                                            Sizes{batch, one, numTokens}, Sizes{one, one, one});

  Sizes sizes{batch, one, spec.count};
  bool needsValues = spec.needsWeight && needsSelectedScores(spec.routing);
  SmallVector<Value> inits{createEmpty(b, sizes, b.getI32Type()), createEmpty(b, sizes, b.getI1Type())};
  if (needsValues)
    inits.push_back(createEmpty(b, sizes, getElementType(scores)));
  IntegerAttr block = spec.routing.getBlock() ? b.getI64IntegerAttr(spec.routing.getBlock()) : IntegerAttr();
  auto topk = TopKOp::create(b, ValueRange(inits).getTypes(), scores, spec.mask, inits, TieBreak::LowestIndex,
                             SlotOrder::Index, block);
  setPart(topk->getResult(0), spec.selectPart);

  RoutedSlots slots;
  slots.indices = dropRoute(b, topk->getResult(0));
  slots.valid = dropRoute(b, topk->getResult(1));
  if (spec.needsWeight) {
    Value weight = createWeights(b, scores, topk, spec);
    setPart(weight, spec.weightPart);
    slots.weight = dropRoute(b, weight);
  }
  return slots;
}

Value colt5::createRoutedRows(ImplicitLocOpBuilder &b, Value x, const RoutedSlots &slots, Value scale) {
  Sizes sizes = tensor::getMixedSizes(b, b.getLoc(), slots.indices);
  sizes.push_back(getSize(b, x, 2));
  Value init = createEmpty(b, sizes, getElementType(x));
  // The selection proves all three facts: every token at most once, ascending, and in range.
  return GatherOp::create(b, TypeRange{init.getType()}, x, slots.indices, slots.valid, scale,
                          ValueRange{init},
                          /*batch_dims=*/1, /*unique=*/true, /*sorted=*/true, /*trusted=*/true)
      ->getResult(0);
}

Value colt5::createRoutedScatter(ImplicitLocOpBuilder &b, Value rows, const RoutedSlots &slots, Value weight,
                                 Value base) {
  return ScatterCombineOp::create(b, TypeRange{base.getType()}, rows, slots.indices, slots.valid, weight,
                                  ValueRange{base}, CombineKind::Add, /*unique=*/true, /*sorted=*/true,
                                  /*trusted=*/true)
      ->getResult(0);
}
