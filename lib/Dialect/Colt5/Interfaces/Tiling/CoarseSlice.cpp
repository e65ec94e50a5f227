#include "CoarseSlice.h"

#include "colt5/Dialect/Colt5/Interfaces/KnownDivisor.h"
#include "colt5/Dialect/Colt5/Interfaces/StructuredTiling.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

using namespace mlir;
using namespace mlir::colt5;

/// The largest value `size` can take, if a constant bounds it.
static std::optional<int64_t> getUpperBound(OpFoldResult size) {
  if (std::optional<int64_t> constant = getConstantIntValue(size))
    return constant;
  auto min = cast<Value>(size).getDefiningOp<affine::AffineMinOp>();
  std::optional<int64_t> bound;
  if (min)
    for (AffineExpr expr : min.getAffineMap().getResults())
      if (auto constant = dyn_cast<AffineConstantExpr>(expr))
        bound = bound ? std::min(*bound, constant.getValue()) : constant.getValue();
  return bound;
}

/// `lhs / rhs`, rounded down; both positive.
static OpFoldResult divide(OpBuilder &builder, Location loc, OpFoldResult lhs, OpFoldResult rhs) {
  if (getConstantIntValue(rhs)) {
    AffineExpr d0 = builder.getAffineDimExpr(0), s0 = builder.getAffineSymbolExpr(0);
    return affine::makeComposedFoldedAffineApply(builder, loc, d0.floorDiv(s0), {lhs, rhs});
  }
  return arith::DivUIOp::create(builder, loc, getValueOrCreateConstantIndexOp(builder, loc, lhs),
                                getValueOrCreateConstantIndexOp(builder, loc, rhs))
      .getResult();
}

FailureOr<std::pair<OpFoldResult, OpFoldResult>> colt5::sliceCoarse(OpBuilder &builder, Location loc,
                                                                    OpFoldResult fineExtent,
                                                                    OpFoldResult coarseExtent,
                                                                    OpFoldResult offset, OpFoldResult size) {
  using Slice = std::pair<OpFoldResult, OpFoldResult>;
  std::optional<int64_t> fine = getConstantIntValue(fineExtent), coarse = getConstantIntValue(coarseExtent);
  OpFoldResult zero = builder.getIndexAttr(0), one = builder.getIndexAttr(1);
  if (coarse && *coarse == 1)
    return Slice{zero, one};
  if (fine && coarse && *fine == *coarse)
    return Slice{offset, size};
  if (isConstantIntValue(offset, 0) && areSameSizes({size}, {fineExtent}))
    return Slice{zero, coarseExtent};

  std::optional<int64_t> bound = getUpperBound(size);
  if (fine && coarse) {
    if (*coarse == 0 || *fine % *coarse != 0)
      return failure();
    int64_t group = *fine / *coarse;
    OpFoldResult groupAttr = builder.getIndexAttr(group);
    if (group != 0 && isKnownMultiple(offset, group) && isKnownMultiple(size, group))
      return Slice{divide(builder, loc, offset, groupAttr), divide(builder, loc, size, groupAttr)};
    if (bound && *bound > 0 && group % *bound == 0 && isKnownMultiple(offset, *bound))
      return Slice{divide(builder, loc, offset, groupAttr), one};
    return failure();
  }
  if (!bound || *bound != 1)
    return failure();
  OpFoldResult group = divide(builder, loc, fineExtent, coarseExtent);
  return Slice{divide(builder, loc, offset, group), one};
}
