// attention as online_attention over the local keys, then over the side keys, then the division.
#include "colt5/Dialect/Colt5/Interfaces/TensorBuilders.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"
#include <limits>

using namespace mlir;
using namespace mlir::colt5;

/// Added to every side position: it leaves differences alone and keeps a block id of -1, which takes part in
/// the side bias, apart from the position -1, which means "no token".
static constexpr int64_t kSideShift = int64_t(1) << 30;

/// Positions of the query rows for the side keys, shaped like `q_pos`, else BxQ; null when none are needed.
/// A row without a token stays without one.
static Value createSideQueryPositions(ImplicitLocOpBuilder &b, AttentionOp op) {
  Value pos = op.getQPos(), block = op.getQBlock();
  if (!pos && !block)
    return {};
  Value model = pos ? pos : block;
  Type i32 = b.getI32Type();
  unsigned rank = cast<ShapedType>(model.getType()).getRank();
  SmallVector<unsigned, 4> all = llvm::to_vector<4>(llvm::seq(0u, rank));
  SmallVector<Indexed> inputs{{model, all}};
  if (pos && block)
    inputs.push_back({block, {0, rank - 1}});
  Sizes sizes = tensor::getMixedSizes(b, b.getLoc(), model);
  return createElementwise(b, sizes, inputs, i32, [&](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
    Value shifted = arith::ConstantOp::create(b, b.getI32IntegerAttr(kSideShift));
    if (block)
      shifted = arith::AddIOp::create(b, args.back(), shifted);
    if (!pos)
      return shifted;
    Value none = arith::ConstantOp::create(b, b.getI32IntegerAttr(kNoToken));
    Value isNone = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, args[0], none);
    return arith::SelectOp::create(b, isNone, none, shifted);
  });
}

/// The statistics after the local keys.
static OnlineAttentionOp createLocal(ImplicitLocOpBuilder &b, AttentionOp op, ValueRange statistics) {
  auto online = OnlineAttentionOp::create(
      b, statistics.getTypes(), op.getQ(), op.getK(), op.getV(), op.getQValid(), op.getKvValid(),
      op.getQPos(), op.getKvPos(), op.getQBase(), op.getKvBase(), op.getKvIdx(), op.getBiasTable(),
      op.getExtra(), statistics, op.getScaleAttr(), op.getPatternAttr(),
      op.getBiasTable() ? op.getBiasAttr() : T5BucketsAttr(), op.getTrustedAttr());
  IRMapping mapping;
  op.getScore().cloneInto(&online.getScore(), mapping);
  return online;
}

/// The statistics after the side keys.
static OnlineAttentionOp createSide(ImplicitLocOpBuilder &b, AttentionOp op, ValueRange statistics) {
  Value table = op.getSideBiasTable();
  Value queryPositions = createSideQueryPositions(b, op);
  Value base = queryPositions ? arith::ConstantIndexOp::create(b, kSideShift).getResult() : Value();
  return OnlineAttentionOp::create(
      b, statistics.getTypes(), op.getQ(), op.getSideK(), op.getSideV(), op.getQValid(), op.getSideValid(),
      queryPositions, /*kv_pos=*/Value(), /*q_base=*/Value(), base,
      /*kv_idx=*/Value(), table, /*extra=*/ValueRange(), statistics, op.getScaleAttr(),
      /*pattern=*/PatternAttrInterface(), table ? op.getBiasAttr() : T5BucketsAttr(),
      /*trusted=*/UnitAttr());
}

FailureOr<SmallVector<Value>> colt5::decomposeToOnlineAttention(OpBuilder &builder, AttentionOp op) {
  if (!op.hasPureTensorSemantics())
    return failure();
  ImplicitLocOpBuilder b(op.getLoc(), builder);
  Value init = op.getOuts()[0];
  Type type = getElementType(init), statType = getScoreType(getElementType(op.getQ()));
  Sizes sizes = tensor::getMixedSizes(b, b.getLoc(), init);
  Sizes rowSizes(ArrayRef<OpFoldResult>(sizes).drop_back());
  SmallVector<Value> statistics{createFilled(b, sizes, 0.0, statType),
                                createFilled(b, rowSizes, -std::numeric_limits<double>::infinity(), statType),
                                createFilled(b, rowSizes, 0.0, statType)};
  ValueRange local = createLocal(b, op, statistics)->getResults();
  statistics.assign(local.begin(), local.end());
  if (op.getSideK()) {
    ValueRange side = createSide(b, op, statistics)->getResults();
    statistics.assign(side.begin(), side.end());
  }

  SmallVector<Value> results;
  Value o = createElementwise(b, sizes, {{statistics[0], {0, 1, 2, 3}}, {statistics[2], {0, 1, 2}}}, type,
                              [&](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
                                // A sum that is NaN comes from NaN in visible data and stays visible.
                                Value zero = createFloat(b, 0.0, statType);
                                Value isEmpty =
                                    arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, args[1], zero);
                                Value quotient = arith::DivFOp::create(b, args[0], args[1]);
                                Value value = arith::SelectOp::create(b, isEmpty, zero, quotient);
                                return convertFloat(b, value, type);
                              });
  results.push_back(castTo(b, o, op->getResult(0).getType()));
  if (op->getNumResults() > 1) {
    Value lse = createElementwise(b, rowSizes, {{statistics[1], {0, 1, 2}}, {statistics[2], {0, 1, 2}}},
                                  statType, [](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
                                    return arith::AddFOp::create(b, args[0], math::LogOp::create(b, args[1]));
                                  });
    results.push_back(castTo(b, lse, op->getResult(1).getType()));
  }
  return results;
}
