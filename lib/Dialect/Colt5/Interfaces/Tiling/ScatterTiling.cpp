// Loops of scatter_combine: (b, (r,) k, d).
#include "Models.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Dialect/Colt5/Interfaces/StructuredTiling.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct ScatterCombineTiling : StructuredTiling<ScatterCombineTiling, ScatterCombineOp> {
  static LoopSpace getLoopSpace(ScatterCombineOp op) {
    unsigned rank = cast<ShapedType>(op.getUpdates().getType()).getRank();
    DimMap b = DimMap::of(0), d = DimMap::of(rank - 1);
    LoopSpace space;
    // Slots of different tiles may name one row, so only batch and columns are independent.
    space.iterators.assign(rank, utils::IteratorType::reduction);
    space.iterators.front() = space.iterators.back() = utils::IteratorType::parallel;
    SmallVector<DimMap> updates;
    for (unsigned loop = 0; loop < rank; ++loop)
      updates.push_back(DimMap::of(loop));
    ArrayRef<DimMap> slots = ArrayRef<DimMap>(updates).drop_back();
    space.add(op.getUpdates(), updates);
    space.add(op.getIndices(), slots);
    space.add(op.getValid(), slots);
    space.add(op.getWeight(), slots);
    space.add(op.getOuts()[0], {b, DimMap::whole(), d});
    return space;
  }

  /// A row that two tiles of slots add to is rounded once per tile, but once per route is what the op
  /// promises.
  static LogicalResult verifyTile(ScatterCombineOp op, ArrayRef<OpFoldResult> offsets,
                                  ArrayRef<OpFoldResult> sizes) {
    auto baseType = cast<ShapedType>(op.getOuts()[0].getType());
    bool rounds = op.getCombine() == CombineKind::Add && baseType.getElementTypeBitWidth() < 32;
    if (!rounds || op.getUnique())
      return success();
    auto updatesType = cast<ShapedType>(op.getUpdates().getType());
    unsigned slot = updatesType.getRank() - 2;
    int64_t extent = updatesType.getDimSize(slot);
    if (!ShapedType::isDynamic(extent))
      return success(isConstantIntValue(sizes[slot], extent));
    // An untiled loop has the size that `getIterationDomain` reads.
    auto size = llvm::dyn_cast_if_present<Value>(sizes[slot]);
    return success(isConstantIntValue(offsets[slot], 0) && size &&
                   isa_and_nonnull<tensor::DimOp, memref::DimOp>(size.getDefiningOp()));
  }
};
} // namespace

void colt5::attachScatterTiling(MLIRContext &context) {
  ScatterCombineOp::attachInterface<ScatterCombineTiling>(context);
}

std::optional<LoopSpace> colt5::getScatterLoopSpace(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<LoopSpace>>(op)
      .Case([](ScatterCombineOp typed) { return ScatterCombineTiling::getLoopSpace(typed); })
      .Default(std::nullopt);
}
