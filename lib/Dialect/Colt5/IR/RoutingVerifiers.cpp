#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/IR/Matchers.h"
#include <cmath>

using namespace mlir;
using namespace mlir::colt5;
using colt5::detail::OperandVerifier;

static double toDouble(const APFloat &value) {
  APFloat copy = value;
  bool losesInfo = false;
  copy.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &losesInfo);
  return copy.convertToDouble();
}

//===----------------------------------------------------------------------===//
// router_scores
//===----------------------------------------------------------------------===//

LogicalResult RouterScoresOp::verify(OperandVerifier &v) {
  Builder b(getContext());
  if (failed(v.numOuts("router_scores_c0", getOuts().size(), 1, 1)))
    return failure();
  Value out = getOuts()[0];
  if (failed(v.rank("router_scores_c1", "x", getX(), {3})) ||
      failed(v.rank("router_scores_c1", "u", getU(), {2, 3})) ||
      failed(v.rank("router_scores_c1", "outs", out, {3})) ||
      failed(v.floatType("router_scores_c2", "x", getX())))
    return failure();
  Type type = getElementTypeOrSelf(getX().getType());
  if (failed(v.elementType("router_scores_c2", "u", getU(), {type})) ||
      failed(v.elementType("router_scores_c2", "outs", out, {getScoreType(type)})) ||
      failed(v.shape("router_scores_c4", "x", getX(), {"BND"})) ||
      failed(v.shape("router_scores_c4", "u", getU(), {"RD", "BRD"})) ||
      failed(v.shape("router_scores_c4", "outs", out, {"BRN"})) ||
      failed(v.elementType("router_scores_c3", "mask", getMask(), {b.getI1Type()})) ||
      failed(v.shape("router_scores_c3", "mask", getMask(), {"BN", "BRN"})))
    return failure();
  if (!getScale().isFinite())
    return emitOpError() << "router_scores_c5: expected a finite scale, found " << toDouble(getScale());
  return success();
}

//===----------------------------------------------------------------------===//
// soft_topk
//===----------------------------------------------------------------------===//

LogicalResult SoftTopKOp::verify(OperandVerifier &v) {
  Builder b(getContext());
  if (failed(v.numOuts("soft_topk_c0", getOuts().size(), 1, 1)))
    return failure();
  Value out = getOuts()[0];
  Type type = getElementTypeOrSelf(getScores().getType());
  if (failed(v.rank("soft_topk_c1", "scores", getScores(), {3})) ||
      failed(v.elementType("soft_topk_c1", "scores", getScores(), {b.getF32Type(), b.getF64Type()})) ||
      failed(v.elementType("soft_topk_c1", "outs", out, {type})) ||
      failed(v.shape("soft_topk_c1", "scores", getScores(), {"BRN"})) ||
      failed(v.shape("soft_topk_c1", "outs", out, {"BRN"})) ||
      failed(v.elementType("soft_topk_c2", "k_norm", getKNorm(), {type})))
    return failure();
  if (isa<ShapedType>(getKNorm().getType()) && failed(v.shape("soft_topk_c2", "k_norm", getKNorm(), {"BR"})))
    return failure();
  if (failed(v.elementType("soft_topk_c3", "mask", getMask(), {b.getI1Type()})) ||
      failed(v.shape("soft_topk_c3", "mask", getMask(), {"BN", "BRN"})))
    return failure();

  double eps = toDouble(getEps()), decay = toDouble(getEpsDecay());
  if (!(eps > 0.0) || !std::isfinite(eps))
    return emitOpError() << "soft_topk_c4: expected a finite eps > 0, found " << eps;
  if (getEpsInit() && (!(toDouble(*getEpsInit()) > 0.0) || !getEpsInit()->isFinite()))
    return emitOpError() << "soft_topk_c4: expected a finite eps_init > 0, found " << toDouble(*getEpsInit());
  if (!(decay > 0.0) || decay > 1.0)
    return emitOpError() << "soft_topk_c4: expected 0 < eps_decay <= 1, found " << decay;
  if (int64_t(getIterations()) < 1)
    return emitOpError() << "soft_topk_c5: expected iterations >= 1, found " << int64_t(getIterations());
  if (failed(v.blocks("soft_topk_c6", getBlock())))
    return failure();
  StringRef ofDescent =
      findDescentOption(getEpsInit().has_value(), decay, getIterations(), getInit(), getOverflow());
  if (getSolver() == Solver::Exact && !ofDescent.empty())
    return emitOpError() << "soft_topk_c7: expected no " << ofDescent
                         << " with solver = exact, which does not read it, found one; leave it out";
  return success();
}

//===----------------------------------------------------------------------===//
// topk
//===----------------------------------------------------------------------===//

LogicalResult TopKOp::verify(OperandVerifier &v) {
  Builder b(getContext());
  if (failed(v.numOuts("topk_c5", getOuts().size(), 2, 3)) ||
      failed(v.rank("topk_c1", "scores", getScores(), {3})) ||
      failed(v.elementType("topk_c1", "scores", getScores(), {b.getF32Type(), b.getF64Type()})))
    return failure();
  Type type = getElementTypeOrSelf(getScores().getType());
  if (failed(v.elementType("topk_c3", "idx", getIndicesInit(), {b.getI32Type()})) ||
      failed(v.elementType("topk_c3", "valid", getValidInit(), {b.getI1Type()})) ||
      failed(v.elementType("topk_c3", "values", getValuesInit(), {type})) ||
      failed(v.shape("topk_c2", "scores", getScores(), {"BRN"})) ||
      failed(v.shape("topk_c2", "idx", getIndicesInit(), {"BRK"})) ||
      failed(v.shape("topk_c2", "valid", getValidInit(), {"BRK"})) ||
      failed(v.shape("topk_c2", "values", getValuesInit(), {"BRK"})) ||
      failed(v.elementType("topk_c4", "mask", getMask(), {b.getI1Type()})) ||
      failed(v.shape("topk_c4", "mask", getMask(), {"BN", "BRN"})) || failed(v.named("topk_c7", 'N')))
    return failure();
  return failure(failed(v.blocks("topk_c6", getBlock())) ||
                 failed(v.perBlock("topk_c6", "K", v.getPlace('K'), getBlock())));
}
