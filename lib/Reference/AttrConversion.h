#ifndef COLT5_LIB_REFERENCE_ATTRCONVERSION_H
#define COLT5_LIB_REFERENCE_ATTRCONVERSION_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Reference/Composites.h"

/// From attributes of the dialect to the plain options of the reference.
namespace mlir::colt5::reference {

/// Empty for no pattern (every pair is allowed).
inline PatternFn toPatternFn(Attribute pattern) {
  auto interface = dyn_cast_or_null<PatternAttrInterface>(pattern);
  if (!interface || isa<DensePatternAttr>(pattern))
    return {};
  return [interface](int64_t qPos, int64_t kvPos) { return interface.isAllowed(qPos, kvPos); };
}

/// The bucket function with its thresholds looked up once.
inline BucketFn toBucketFn(T5BucketsAttr buckets) {
  int64_t reach = 2 * buckets.getMaxDistance() + 2;
  std::vector<int64_t> table;
  for (int64_t relative = -reach; relative <= reach; ++relative)
    table.push_back(buckets.getBucket(relative));
  // Beyond the largest distance the bucket depends on the sign only.
  return
      [table, reach](int64_t relative) { return table[std::min(std::max(relative, -reach), reach) + reach]; };
}

inline SoftTopKOptions toSoftTopKOptions(SoftTopKOp op) {
  SoftTopKOptions options;
  options.eps = op.getEps().convertToDouble();
  options.iterations = op.getIterations();
  options.negInit = op.getInit() == DescentInit::Neg;
  if (op.getEpsInit())
    options.epsInit = op.getEpsInit()->convertToDouble();
  options.epsDecay = op.getEpsDecay().convertToDouble();
  options.overflowOnes = op.getOverflow() == Overflow::Ones;
  options.exact = op.getSolver() == Solver::Exact;
  options.block = op.getBlock().value_or(0);
  return options;
}

inline RouterOptions toRouterOptions(RoutingAttr routing) {
  RouterOptions options;
  switch (routing.getKind()) {
  case RoutingKind::SoftmaxTopK:
    options.weights = RoutingWeights::SoftmaxTopK;
    break;
  case RoutingKind::SoftTopK:
    options.weights = RoutingWeights::SoftTopK;
    break;
  case RoutingKind::SoftmaxAll:
    options.weights = RoutingWeights::SoftmaxAll;
    break;
  case RoutingKind::Sigmoid:
    options.weights = RoutingWeights::Sigmoid;
    break;
  case RoutingKind::Raw:
    options.weights = RoutingWeights::Raw;
    break;
  case RoutingKind::Ones:
    options.weights = RoutingWeights::Ones;
    break;
  }
  options.soft.eps = routing.getEps().convertToDouble();
  options.soft.iterations = routing.getIterations();
  options.soft.negInit = routing.getInit() == DescentInit::Neg;
  if (double epsInit = routing.getEpsInit().convertToDouble(); epsInit > 0.0)
    options.soft.epsInit = epsInit;
  options.soft.epsDecay = routing.getEpsDecay().convertToDouble();
  options.soft.overflowOnes = routing.getOverflow() == Overflow::Ones;
  options.soft.exact = routing.getSolver() == Solver::Exact;
  options.soft.block = routing.getBlock();
  options.kRatio = routing.getKRatio().convertToDouble();
  options.cosine = routing.getSimilarity() == Similarity::Cosine;
  options.scale = routing.getScale().convertToDouble();
  options.bypassOnes = routing.getBypass() == Bypass::Ones;
  return options;
}

} // namespace mlir::colt5::reference

#endif // COLT5_LIB_REFERENCE_ATTRCONVERSION_H
