#ifndef COLT5_DIALECT_COLT5_INTERFACES_STRUCTUREDTILING_H
#define COLT5_DIALECT_COLT5_INTERFACES_STRUCTUREDTILING_H

#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace mlir::colt5 {

/// How one dimension of an operand follows the loops of its op.
struct DimMap {
  enum Kind {
    Whole,     ///< every tile sees the whole dimension
    Loop,      ///< the dimension is the loop
    Coarse,    ///< the dimension counts equal, consecutive groups of iterations of the loop
    Broadcast, ///< the dimension has size 1 or is the loop
  };
  Kind kind = Whole;
  unsigned loop = 0;

  static DimMap whole() { return {}; }
  static DimMap of(unsigned loop) { return {Loop, loop}; }
  static DimMap coarse(unsigned loop) { return {Coarse, loop}; }
  static DimMap broadcast(unsigned loop) { return {Broadcast, loop}; }
};

/// The loops of a structured op and, for every operand in order, one `DimMap` per dimension (none for
/// scalars).
struct LoopSpace {
  SmallVector<utils::IteratorType> iterators;
  SmallVector<SmallVector<DimMap>> operands;

  /// Appends the maps of one operand, or nothing when it is absent.
  void add(Value operand, ArrayRef<DimMap> dims) {
    if (operand)
      operands.emplace_back(dims);
  }
};

/// The loops of a colt5 primitive or linalg op; nothing for other ops. A dimension that an affine map
/// computes counts as `Whole`.
std::optional<LoopSpace> getLoopSpaceOf(Operation *op);

/// A box: one offset and one size per dimension.
struct Box {
  SmallVector<OpFoldResult> offsets, sizes;
};

/// The extent of every loop, read from the operands.
SmallVector<Range> getLoopRanges(OpBuilder &builder, Operation *op, const LoopSpace &space);

/// The op on the tile `offsets`, `sizes` of its loops: every operand sliced, the op cloned with the types of
/// the sliced `outs`. Fails when a `Coarse` dimension cannot be sliced.
FailureOr<TilingResult> tileStructuredOp(OpBuilder &builder, Operation *op, const LoopSpace &space,
                                         ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes);

/// Where result `resultNumber` of the tile lies in the untiled result.
FailureOr<Box> getResultBox(OpBuilder &builder, Operation *op, const LoopSpace &space, unsigned resultNumber,
                            ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes);

/// The smallest tile of the loops that computes the box `offsets`, `sizes` of result `resultNumber`. The
/// result of that tile may be larger in dimensions that no loop runs over.
Box getLoopBox(OpBuilder &builder, Operation *op, const LoopSpace &space, unsigned resultNumber,
               ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes);

/// The part of `tile`, which lies at `have` in some tensor, that lies at `want` in it; `tile` when they
/// agree.
Value narrowTile(OpBuilder &builder, Location loc, Value tile, const Box &have, const Box &want);

/// True when both are the same constant or the same value.
bool areSameSizes(ArrayRef<OpFoldResult> lhs, ArrayRef<OpFoldResult> rhs);

/// `TilingInterface` of a structured op from `Model::getLoopSpace(op)`. `Model::finish(builder, op, tiled,
/// offsets)` may adjust the tiled op; `Model::verifyTile(op, offsets, sizes)` may refuse a tile.
template <typename Model, typename OpTy>
struct StructuredTiling : TilingInterface::ExternalModel<Model, OpTy> {
  static void finish(OpBuilder &, OpTy, Operation *, ArrayRef<OpFoldResult>) {}
  static LogicalResult verifyTile(OpTy, ArrayRef<OpFoldResult>, ArrayRef<OpFoldResult>) { return success(); }

  SmallVector<utils::IteratorType> getLoopIteratorTypes(Operation *op) const {
    return Model::getLoopSpace(cast<OpTy>(op)).iterators;
  }

  SmallVector<Range> getIterationDomain(Operation *op, OpBuilder &builder) const {
    return getLoopRanges(builder, op, Model::getLoopSpace(cast<OpTy>(op)));
  }

  FailureOr<TilingResult> getTiledImplementation(Operation *op, OpBuilder &builder,
                                                 ArrayRef<OpFoldResult> offsets,
                                                 ArrayRef<OpFoldResult> sizes) const {
    auto typed = cast<OpTy>(op);
    if (failed(Model::verifyTile(typed, offsets, sizes)))
      return failure();
    FailureOr<TilingResult> result =
        tileStructuredOp(builder, op, Model::getLoopSpace(typed), offsets, sizes);
    if (succeeded(result))
      Model::finish(builder, typed, result->tiledOps.front(), offsets);
    return result;
  }

  LogicalResult getResultTilePosition(Operation *op, OpBuilder &builder, unsigned resultNumber,
                                      ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes,
                                      SmallVector<OpFoldResult> &resultOffsets,
                                      SmallVector<OpFoldResult> &resultSizes) const {
    FailureOr<Box> box =
        getResultBox(builder, op, Model::getLoopSpace(cast<OpTy>(op)), resultNumber, offsets, sizes);
    if (failed(box))
      return failure();
    resultOffsets = std::move(box->offsets);
    resultSizes = std::move(box->sizes);
    return success();
  }

  LogicalResult getIterationDomainTileFromResultTile(Operation *op, OpBuilder &builder, unsigned resultNumber,
                                                     ArrayRef<OpFoldResult> offsets,
                                                     ArrayRef<OpFoldResult> sizes,
                                                     SmallVectorImpl<OpFoldResult> &domainOffsets,
                                                     SmallVectorImpl<OpFoldResult> &domainSizes) const {
    Box box = getLoopBox(builder, op, Model::getLoopSpace(cast<OpTy>(op)), resultNumber, offsets, sizes);
    domainOffsets.assign(box.offsets);
    domainSizes.assign(box.sizes);
    return success();
  }

  FailureOr<TilingResult> generateResultTileValue(Operation *op, OpBuilder &builder, unsigned resultNumber,
                                                  ArrayRef<OpFoldResult> offsets,
                                                  ArrayRef<OpFoldResult> sizes) const {
    LoopSpace space = Model::getLoopSpace(cast<OpTy>(op));
    Box loops = getLoopBox(builder, op, space, resultNumber, offsets, sizes);
    FailureOr<TilingResult> tiled = getTiledImplementation(op, builder, loops.offsets, loops.sizes);
    FailureOr<Box> have = getResultBox(builder, op, space, resultNumber, loops.offsets, loops.sizes);
    if (failed(tiled) || failed(have))
      return failure();
    Box want{llvm::to_vector(offsets), llvm::to_vector(sizes)};
    Value value = narrowTile(builder, op->getLoc(), tiled->tiledValues[resultNumber], *have, want);
    return TilingResult{tiled->tiledOps, {value}, tiled->generatedSlices};
  }

  bool isOpFusableWithConsumerSlice(Operation *, unsigned, ArrayRef<OpFoldResult>,
                                    ArrayRef<OpFoldResult>) const {
    return true;
  }
};

} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_INTERFACES_STRUCTUREDTILING_H
