// Weights of routed slots, one function per family of `#colt5.routing`.
//
// A slot counts when its score is above -inf: that one comparison leaves out masked tokens and empty slots
// (both -inf in the `values` of a selection) and NaN.
#include "RouterWeights.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include <limits>

using namespace mlir;
using namespace mlir::colt5;

bool colt5::needsSelectedScores(RoutingAttr routing) {
  return routing.getKind() != RoutingKind::SoftTopK || routing.getBypass() == Bypass::Ones;
}

static Value createIsCounted(ImplicitLocOpBuilder &b, Value score) {
  Value lowest = createFloat(b, -std::numeric_limits<double>::infinity(), score.getType());
  return arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, score, lowest);
}

/// `score` with +inf as the largest finite number, so that differences stay defined.
static Value createFinite(ImplicitLocOpBuilder &b, Value score) {
  auto type = cast<FloatType>(score.getType());
  Value largest =
      arith::ConstantOp::create(b, FloatAttr::get(type, APFloat::getLargest(type.getFloatSemantics())));
  return arith::MinimumFOp::create(b, score, largest);
}

/// exp(score - max) where the slot counts, else 0.
static Value createShiftedExp(ImplicitLocOpBuilder &b, Value score, Value max) {
  Value exp = math::ExpOp::create(b, arith::SubFOp::create(b, createFinite(b, score), max));
  Value counted = createIsCounted(b, score);
  Value zero = createFloat(b, 0.0, score.getType());
  return arith::SelectOp::create(b, counted, exp, zero);
}

/// One value per (batch, route): combine(acc, element(score, extra)) over the last dimension of `scores`.
static Value createRowReduction(ImplicitLocOpBuilder &b, Value scores, ValueRange extra, double init,
                                function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> body) {
  Value acc = createFilled(b, {getSize(b, scores, 0), getSize(b, scores, 1)}, init, getElementType(scores));
  MLIRContext *context = b.getContext();
  AffineExpr batch = b.getAffineDimExpr(0), route = b.getAffineDimExpr(1);
  AffineMap rowMap = AffineMap::get(3, 0, {batch, route}, context);
  SmallVector<Value> inputs{scores};
  llvm::append_range(inputs, extra);
  SmallVector<AffineMap> maps{b.getMultiDimIdentityMap(3)};
  maps.append(extra.size() + 1, rowMap);
  using utils::IteratorType;
  SmallVector<IteratorType> iterators{IteratorType::parallel, IteratorType::parallel,
                                      IteratorType::reduction};
  auto generic = linalg::GenericOp::create(b, TypeRange{acc.getType()}, inputs, ValueRange{acc}, maps,
                                           iterators, [&](OpBuilder &builder, Location loc, ValueRange args) {
                                             ImplicitLocOpBuilder inner(loc, builder);
                                             linalg::YieldOp::create(inner, body(inner, args));
                                           });
  return generic.getResult(0);
}

/// Softmax of the slots' scores `values` over the tokens of `domain`, which are the slots or all tokens.
static Value createSoftmax(ImplicitLocOpBuilder &b, Value values, Value domain) {
  Value max = createRowReduction(
      b, domain, {}, -std::numeric_limits<double>::infinity(),
      [](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
        Value lowest = createFloat(b, -std::numeric_limits<double>::infinity(), args[0].getType());
        Value counted = createIsCounted(b, args[0]);
        Value score = arith::SelectOp::create(b, counted, createFinite(b, args[0]), lowest);
        return arith::MaximumFOp::create(b, args[1], score);
      });
  Value sum = createRowReduction(b, domain, max, 0.0, [](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
    return arith::AddFOp::create(b, args[2], createShiftedExp(b, args[0], args[1]));
  });
  Sizes sizes = tensor::getMixedSizes(b, b.getLoc(), values);
  return createElementwise(b, sizes, {{values, {0, 1, 2}}, {max, {0, 1}}, {sum, {0, 1}}},
                           getElementType(values), [](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
                             Value exp = createFinite(b, args[0]);
                             exp = math::ExpOp::create(b, arith::SubFOp::create(b, exp, args[1]));
                             // A row without any counted token divides by 0; the selection hides it.
                             Value counted = createIsCounted(b, args[0]);
                             Value share = arith::DivFOp::create(b, exp, args[2]);
                             Value zero = createFloat(b, 0.0, exp.getType());
                             return arith::SelectOp::create(b, counted, share, zero);
                           });
}

/// `weigh(score)` where the slot counts, else 0.
static Value createPerSlot(ImplicitLocOpBuilder &b, Value values, ElementBuilder weigh) {
  Sizes sizes = tensor::getMixedSizes(b, b.getLoc(), values);
  return createElementwise(b, sizes, {{values, {0, 1, 2}}}, getElementType(values),
                           [&](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
                             Value counted = createIsCounted(b, args[0]);
                             Value weight = weigh(b, args);
                             Value zero = createFloat(b, 0.0, args[0].getType());
                             return arith::SelectOp::create(b, counted, weight, zero);
                           });
}

static Value createOnes(ImplicitLocOpBuilder &b, Value values) {
  return createPerSlot(b, values, [](ImplicitLocOpBuilder &b, ValueRange args) {
    return createFloat(b, 1.0, args[0].getType());
  });
}

/// The soft top-k over all tokens, picked at the slots.
static Value createSoftTopK(ImplicitLocOpBuilder &b, Value scores, TopKOp topk, const RouterSpec &spec) {
  RoutingAttr routing = spec.routing;
  Type type = getElementType(scores);
  double ratio = routing.getKRatio().convertToDouble();
  Value kNorm;
  if (std::optional<int64_t> count = getConstantIntValue(spec.count)) {
    kNorm = createFloat(b, ratio * *count, type);
  } else {
    Value integer = arith::IndexCastOp::create(b, b.getI64Type(), cast<Value>(spec.count));
    kNorm = arith::SIToFPOp::create(b, type, integer);
    if (ratio != 1.0)
      kNorm = arith::MulFOp::create(b, kNorm, createFloat(b, ratio, type));
  }
  FloatAttr epsInit;
  if (!routing.getEpsInit().isZero())
    epsInit = b.getF64FloatAttr(routing.getEpsInit().convertToDouble());
  IntegerAttr block = routing.getBlock() ? b.getI64IntegerAttr(routing.getBlock()) : IntegerAttr();
  Value allInit = createEmpty(b, tensor::getMixedSizes(b, b.getLoc(), scores), type);
  Value all =
      SoftTopKOp::create(b, TypeRange{allInit.getType()}, scores, kNorm, spec.mask, ValueRange{allInit},
                         routing.getEps(), routing.getIterations(), routing.getInit(), epsInit,
                         routing.getEpsDecay(), routing.getOverflow(), routing.getSolver(), block)
          ->getResult(0);
  Value indices = topk->getResult(0), valid = topk->getResult(1);
  Value init = createEmpty(b, tensor::getMixedSizes(b, b.getLoc(), indices), type);
  return GatherOp::create(b, TypeRange{init.getType()}, all, indices, valid, /*scale=*/Value(),
                          ValueRange{init},
                          /*batch_dims=*/2, /*unique=*/true, /*sorted=*/true, /*trusted=*/true)
      ->getResult(0);
}

/// The weights the kind asks for, without bypass.
static Value createKindWeights(ImplicitLocOpBuilder &b, Value scores, TopKOp topk, const RouterSpec &spec) {
  Value values = topk->getNumResults() > 2 ? topk->getResult(2) : Value();
  switch (spec.routing.getKind()) {
  case RoutingKind::SoftTopK:
    return createSoftTopK(b, scores, topk, spec);
  case RoutingKind::SoftmaxTopK:
    return createSoftmax(b, values, values);
  case RoutingKind::SoftmaxAll:
    return createSoftmax(b, values, scores);
  case RoutingKind::Sigmoid:
    return createPerSlot(b, values, [](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
      Value one = createFloat(b, 1.0, args[0].getType());
      Value exp = math::ExpOp::create(b, arith::NegFOp::create(b, args[0]));
      return arith::DivFOp::create(b, one, arith::AddFOp::create(b, one, exp));
    });
  case RoutingKind::Raw:
    return createPerSlot(b, values, [](ImplicitLocOpBuilder &, ValueRange args) { return args[0]; });
  case RoutingKind::Ones:
    return createOnes(b, values);
  }
  return values;
}

Value colt5::createWeights(ImplicitLocOpBuilder &b, Value scores, TopKOp topk, const RouterSpec &spec) {
  if (spec.routing.getBypass() == Bypass::None || spec.routing.getKind() == RoutingKind::Ones)
    return createKindWeights(b, scores, topk, spec);

  Value values = topk->getResult(2);
  OpFoldResult numTokens = getSize(b, scores, 2);
  std::optional<int64_t> count = getConstantIntValue(spec.count), total = getConstantIntValue(numTokens);
  if (count && total)
    return *count >= *total ? createOnes(b, values) : createKindWeights(b, scores, topk, spec);
  Value weights = createKindWeights(b, scores, topk, spec);
  Value bypass = arith::CmpIOp::create(b, arith::CmpIPredicate::sge,
                                       getValueOrCreateConstantIndexOp(b, b.getLoc(), spec.count),
                                       getValueOrCreateConstantIndexOp(b, b.getLoc(), numTokens));
  Sizes sizes = tensor::getMixedSizes(b, b.getLoc(), values);
  SmallVector<Indexed> inputs{{values, {0, 1, 2}}, {weights, {0, 1, 2}}, {bypass, {}}};
  return createElementwise(
      b, sizes, inputs, getElementType(values), [](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
        Type type = args[0].getType();
        Value one = arith::SelectOp::create(b, createIsCounted(b, args[0]), createFloat(b, 1.0, type),
                                            createFloat(b, 0.0, type));
        return arith::SelectOp::create(b, args[2], one, args[1]);
      });
}
