// Loops of attention: (b, h, q); of online_attention: (b, h, q, s).
#include "Models.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Dialect/Colt5/Interfaces/StructuredTiling.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5;

static int64_t getRank(Value value) { return cast<ShapedType>(value.getType()).getRank(); }

static const DimMap kB = DimMap::of(0), kH = DimMap::of(1), kQ = DimMap::of(2), kG = DimMap::coarse(1),
                    kWhole = DimMap::whole();

/// Adds the operand of shape [B, dim] or [B, G, dim].
static void addPerGroup(LoopSpace &space, Value operand, DimMap dim) {
  if (!operand)
    return;
  if (getRank(operand) == 3)
    space.add(operand, {kB, kG, dim});
  else
    space.add(operand, {kB, dim});
}

/// Adds q up to bias_table, which both ops have. `s` is the map of the key dimension.
template <typename OpTy> static void addCommon(LoopSpace &space, OpTy op, DimMap s) {
  space.add(op.getQ(), {kB, kH, kQ, kWhole});
  space.add(op.getK(), {kB, kG, s, kWhole});
  space.add(op.getV(), {kB, kG, s, kWhole});
  space.add(op.getQValid(), {kB, kQ});
  addPerGroup(space, op.getKvValid(), s);
  addPerGroup(space, op.getQPos(), kQ);
  addPerGroup(space, op.getKvPos(), s);
  space.add(op.getQBase(), {});
  space.add(op.getKvBase(), {});
  space.add(op.getKvIdx(), {kB, kG, DimMap::coarse(2), kWhole});
  space.add(op.getBiasTable(), {kH, kWhole});
}

/// `base + offset` for the tiled op; leaves `base` alone where positions are explicit or the offset is 0.
static void shiftBase(OpBuilder &builder, Location loc, MutableOperandRange base, Value positions,
                      OpFoldResult offset) {
  if (positions || isConstantIntValue(offset, 0))
    return;
  OpFoldResult shifted = offset;
  if (!base.empty()) {
    AffineExpr d0, d1;
    bindDims(builder.getContext(), d0, d1);
    OpFoldResult old = base[0].get();
    shifted = affine::makeComposedFoldedAffineApply(builder, loc, d0 + d1, {old, offset});
  }
  base.assign(getValueOrCreateConstantIndexOp(builder, loc, shifted));
}

namespace {
struct AttentionTiling : StructuredTiling<AttentionTiling, AttentionOp> {
  static LoopSpace getLoopSpace(AttentionOp op) {
    LoopSpace space;
    space.iterators.assign(3, utils::IteratorType::parallel);
    addCommon(space, op, kWhole);
    space.add(op.getSideK(), {kB, kG, kWhole, kWhole});
    space.add(op.getSideV(), {kB, kG, kWhole, kWhole});
    space.add(op.getSideValid(), {kB, kWhole});
    space.add(op.getQBlock(), {kB, kQ});
    space.add(op.getSideBiasTable(), {kH, kWhole});
    for (Value extra : op.getExtra())
      space.add(extra, {DimMap::broadcast(0), DimMap::broadcast(1), DimMap::broadcast(2), kWhole});
    space.add(op.getOuts()[0], {kB, kH, kQ, kWhole});
    if (op.getOuts().size() > 1)
      space.add(op.getOuts()[1], {kB, kH, kQ});
    return space;
  }

  static void finish(OpBuilder &builder, AttentionOp op, Operation *tiled, ArrayRef<OpFoldResult> offsets) {
    // The new base stands before the tiled op that uses it.
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(tiled);
    shiftBase(builder, op.getLoc(), cast<AttentionOp>(tiled).getQBaseMutable(), op.getQPos(), offsets[2]);
  }
};

struct OnlineAttentionTiling : StructuredTiling<OnlineAttentionTiling, OnlineAttentionOp> {
  static LoopSpace getLoopSpace(OnlineAttentionOp op) {
    LoopSpace space;
    space.iterators.assign(3, utils::IteratorType::parallel);
    space.iterators.push_back(utils::IteratorType::reduction);
    DimMap s = DimMap::of(3);
    addCommon(space, op, s);
    for (Value extra : op.getExtra())
      space.add(extra,
                {DimMap::broadcast(0), DimMap::broadcast(1), DimMap::broadcast(2), DimMap::broadcast(3)});
    space.add(op.getOuts()[0], {kB, kH, kQ, kWhole});
    space.add(op.getOuts()[1], {kB, kH, kQ});
    space.add(op.getOuts()[2], {kB, kH, kQ});
    return space;
  }

  /// The entries of `kv_idx` count rows of the whole `k`.
  static LogicalResult verifyTile(OnlineAttentionOp op, ArrayRef<OpFoldResult> offsets,
                                  ArrayRef<OpFoldResult> sizes) {
    if (!op.getKvIdx())
      return success();
    int64_t extent = cast<ShapedType>(op.getK().getType()).getDimSize(2);
    bool whole = ShapedType::isDynamic(extent)
                     ? isa<Value>(sizes[3]) && isa_and_nonnull<tensor::DimOp, memref::DimOp>(
                                                   cast<Value>(sizes[3]).getDefiningOp())
                     : isConstantIntValue(sizes[3], extent);
    return success(whole && isConstantIntValue(offsets[3], 0));
  }

  static void finish(OpBuilder &builder, OnlineAttentionOp op, Operation *tiled,
                     ArrayRef<OpFoldResult> offsets) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(tiled);
    auto tiledOp = cast<OnlineAttentionOp>(tiled);
    shiftBase(builder, op.getLoc(), tiledOp.getQBaseMutable(), op.getQPos(), offsets[2]);
    shiftBase(builder, op.getLoc(), tiledOp.getKvBaseMutable(), op.getKvPos(), offsets[3]);
  }
};
} // namespace

void colt5::attachAttentionTiling(MLIRContext &context) {
  AttentionOp::attachInterface<AttentionTiling>(context);
  OnlineAttentionOp::attachInterface<OnlineAttentionTiling>(context);
}

std::optional<LoopSpace> colt5::getAttentionLoopSpace(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<LoopSpace>>(op)
      .Case([](AttentionOp typed) { return AttentionTiling::getLoopSpace(typed); })
      .Case([](OnlineAttentionOp typed) { return OnlineAttentionTiling::getLoopSpace(typed); })
      .Default(std::nullopt);
}
