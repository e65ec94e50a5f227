// The fused producers of a kernel: each tile that the root needs is computed once, inside the loop.
#include "KernelTiler.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::colt5;

/// A tile of a linalg op without elements: upstream reads size 0 as "not tiled", and then sizes that nobody
/// gave.
static FailureOr<TilingResult> makeEmptyTile(OpBuilder &builder, Operation *op, const Box &loops) {
  TilingResult result;
  for (OpResult value : op->getResults()) {
    Box box;
    if (failed(cast<TilingInterface>(op).getResultTilePosition(
            builder, value.getResultNumber(), loops.offsets, loops.sizes, box.offsets, box.sizes)))
      return failure();
    result.tiledValues.push_back(
        tensor::EmptyOp::create(builder, op->getLoc(), box.sizes, getElementTypeOrSelf(value.getType())));
  }
  return result;
}

FailureOr<const ProducerTile *> KernelTiler::getProducerTile(Operation *producer, const Box &loops) {
  for (const auto &tile : producerTiles)
    if (tile->op == producer && areSameSizes(tile->loops.offsets, loops.offsets) &&
        areSameSizes(tile->loops.sizes, loops.sizes))
      return tile.get();
  bool isEmpty = isa<linalg::LinalgOp>(producer) &&
                 llvm::any_of(loops.sizes, [](OpFoldResult size) { return isConstantIntValue(size, 0); });
  FailureOr<TilingResult> tiled =
      isEmpty ? makeEmptyTile(rewriter, producer, loops)
              : cast<TilingInterface>(producer).getTiledImplementation(rewriter, loops.offsets, loops.sizes);
  if (failed(tiled))
    return failure();
  llvm::append_range(worklist, tiled->tiledOps);
  producerTiles.push_back(std::make_unique<ProducerTile>(ProducerTile{producer, loops, std::move(*tiled)}));
  if (failed(placeProducerResults(*producerTiles.back())))
    return failure();
  return producerTiles.back().get();
}

/// True when different iterations of the loop have different boxes: every induction variable is an offset.
bool KernelTiler::isDisjoint(const Box &box) const {
  return llvm::all_of(ivs, [&](Value iv) { return llvm::is_contained(box.offsets, OpFoldResult(iv)); });
}

LogicalResult KernelTiler::placeProducerResults(const ProducerTile &tile) {
  for (KernelResult &result : results) {
    if (result.original.getOwner() != tile.op || result.tile)
      continue;
    unsigned number = result.original.getResultNumber();
    Box box;
    if (failed(cast<TilingInterface>(tile.op).getResultTilePosition(
            rewriter, number, tile.loops.offsets, tile.loops.sizes, box.offsets, box.sizes)))
      return failure();
    if (!isDisjoint(box))
      continue;
    result.tile = tile.result.tiledValues[number];
    result.box = std::move(box);
  }
  return success();
}

LogicalResult KernelTiler::fuseProducers() {
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    for (OpOperand &operand : op->getOpOperands()) {
      // Either a slice of a producer, or the producer itself where it has no dimension to slice.
      auto slice = operand.get().getDefiningOp<tensor::ExtractSliceOp>();
      if (slice && slice->getBlock() != loop.getBody())
        continue;
      auto produced = dyn_cast<OpResult>(slice ? slice.getSource() : operand.get());
      if (!produced || produced.getOwner() == root || !kernel.contains(produced.getOwner()))
        continue;
      Operation *producer = produced.getOwner();
      unsigned number = produced.getResultNumber();
      OpBuilder::InsertionGuard guard(rewriter);
      // The body is put into order at the end, when every use of a tile is known.
      rewriter.setInsertionPoint(loop.getTerminator());
      Box want;
      if (slice) {
        want = {slice.getMixedOffsets(), slice.getMixedSizes()};
      } else {
        want.sizes = tensor::getMixedSizes(rewriter, loc, produced);
        want.offsets.assign(want.sizes.size(), rewriter.getIndexAttr(0));
      }
      auto tiling = cast<TilingInterface>(producer);
      Box loops, have;
      if (failed(tiling.getIterationDomainTileFromResultTile(rewriter, number, want.offsets, want.sizes,
                                                             loops.offsets, loops.sizes)))
        return producer->emitError("cannot fuse this op into kernel ")
               << kernel.number << ": its tiles have no inverse";
      FailureOr<const ProducerTile *> tile = getProducerTile(producer, loops);
      if (failed(tile) || failed(tiling.getResultTilePosition(rewriter, number, loops.offsets, loops.sizes,
                                                              have.offsets, have.sizes)))
        return producer->emitError("cannot fuse this op into kernel ")
               << kernel.number << ": it cannot be tiled as its consumer needs";
      Value value = narrowTile(rewriter, loc, (*tile)->result.tiledValues[number], have, want);
      rewriter.modifyOpInPlace(op, [&] { operand.set(value); });
    }
  }
  return success();
}

/// The tiles are written into slices of the inits of the original ops; makes them slices of the shared
/// outputs.
LogicalResult KernelTiler::useSharedOutputs() {
  for (KernelResult &result : results) {
    bool isSpread = !result.tile && result.original.getOwner() == root;
    if (isSpread)
      continue;
    if (!result.tile)
      return result.original.getOwner()->emitError("cannot fuse this op into kernel ")
             << kernel.number
             << ": its result is used outside, but several tiles compute the same part of it";
    auto tile = dyn_cast<OpResult>(result.tile);
    while (tile) {
      auto dps = dyn_cast<DestinationStyleOpInterface>(tile.getOwner());
      if (!dps)
        break;
      OpOperand *init = dps.getTiedOpOperand(tile);
      auto slice = init->get().getDefiningOp<tensor::ExtractSliceOp>();
      OpOperand *written = slice ? &slice.getSourceMutable() : init;
      if (written->get() == result.init) {
        rewriter.modifyOpInPlace(written->getOwner(), [&] { written->set(result.shared); });
        break;
      }
      tile = dyn_cast<OpResult>(written->get());
    }
  }
  return success();
}
