// Applies the plan of one kernel: the root becomes a mapped `scf.forall` over its tiles, and the fused
// producers are computed inside it, each tile once.
#include "colt5/Dialect/Colt5/TilingInterface/StructuredTiling.h"
#include "colt5/Dialect/Colt5/Transforms/Kernels.h"
#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/TilingInterface.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// One result of the kernel's loop.
struct KernelResult {
  OpResult original;
  /// The tensor that the result is written into, and its block argument in the loop.
  Value init;
  BlockArgument shared;
  /// The tile of one iteration and where it lies. No value for a scatter whose slots are spread.
  Value tile;
  Box box;
};

/// A producer tile that was computed for some consumer.
struct ProducerTile {
  Operation *op;
  Box loops;
  TilingResult result;
};

class KernelTiler {
public:
  KernelTiler(RewriterBase &rewriter, const Kernel &kernel)
      : rewriter(rewriter), kernel(kernel), root(kernel.root), loc(kernel.root->getLoc()) {}

  LogicalResult run();

private:
  LogicalResult checkPlan();
  LogicalResult collectResults();
  void createLoop();
  LogicalResult tileRoot();
  void tileSpreadScatter(ScatterCombineOp scatter);
  LogicalResult fuseProducers();
  FailureOr<const ProducerTile *> getProducerTile(Operation *producer, const Box &loops);
  LogicalResult placeProducerResults(const ProducerTile &tile);
  bool isDisjoint(const Box &box) const;
  LogicalResult useSharedOutputs();
  LogicalResult cleanUpBody();
  void unifySizes();
  void createTerminator();
  void replaceOps();
  Value peelInit(OpResult result) const;

  RewriterBase &rewriter;
  const Kernel &kernel;
  Operation *root;
  Location loc;

  SmallVector<Range> domain;
  /// The tile size of every loop of the root; 0 when the whole loop is one tile.
  SmallVector<int64_t> tileSizes;
  SmallVector<Value> ivs;
  Box rootTile;
  scf::ForallOp loop;
  SmallVector<KernelResult> results;
  /// Ops whose operands may still be producers of the kernel.
  SmallVector<Operation *> worklist;
  SmallVector<std::unique_ptr<ProducerTile>> producerTiles;
};
} // namespace

/// The tensor that `result` is finally written into: inits that the kernel computes itself are written in
/// place.
Value KernelTiler::peelInit(OpResult result) const {
  while (true) {
    Value init = cast<DestinationStyleOpInterface>(result.getOwner()).getTiedOpOperand(result)->get();
    auto producer = dyn_cast<OpResult>(init);
    if (!producer || !kernel.contains(producer.getOwner()))
      return init;
    result = producer;
  }
}

LogicalResult KernelTiler::checkPlan() {
  for (Operation *op : kernel.ops)
    if (computesNothing(op))
      return op->emitError("cannot tile this op in kernel ")
             << kernel.number << ": it has nothing to do; colt5-plan removes such ops";
  PlanAttr plan = getPlan(root);
  domain = cast<TilingInterface>(root).getIterationDomain(rewriter);
  SmallVector<bool> tilable = getTilableLoops(root);
  if (plan.getTile().size() > domain.size())
    return root->emitError("expected at most ") << domain.size() << " tile sizes for kernel " << kernel.number
                                                << ", found " << plan.getTile().size();
  tileSizes.assign(plan.getTile().begin(), plan.getTile().end());
  tileSizes.resize(domain.size(), 0);
  for (auto [i, size] : llvm::enumerate(tileSizes)) {
    std::optional<int64_t> extent = getConstantIntValue(domain[i].size);
    if (extent && size >= *extent)
      size = 0;
    if (size != 0 && !tilable[i])
      return root->emitError("expected tile size 0 for loop ")
             << i << " of kernel " << kernel.number << ", which its tiles cannot share, found " << size;
  }
  return success();
}

LogicalResult KernelTiler::collectResults() {
  auto scatter = dyn_cast<ScatterCombineOp>(root);
  if (scatter && canSpreadSlots(scatter) && kernel.contains(scatter.getOuts()[0].getDefiningOp()))
    return scatter.getOuts()[0].getDefiningOp()->emitError("cannot fuse the base of a scatter into kernel ")
           << kernel.number << ": every tile of slots may write to any of its rows";
  auto add = [&](OpResult result) { results.push_back({result, peelInit(result), {}, {}, {}}); };
  for (OpResult result : root->getResults())
    add(result);
  for (Operation *op : kernel.ops) {
    if (op == root)
      continue;
    if (!op->isBeforeInBlock(root))
      return op->emitError("expected the root of kernel ") << kernel.number << " after the ops fused into it";
    for (OpResult result : op->getResults()) {
      bool escapes = false;
      for (Operation *user : result.getUsers()) {
        if (isa<tensor::DimOp>(user) || kernel.contains(user))
          continue;
        Operation *ancestor = root->getBlock()->findAncestorOpInBlock(*user);
        if (kernel.contains(ancestor))
          continue;
        if (!ancestor || ancestor->isBeforeInBlock(root)) {
          InFlightDiagnostic diag = op->emitError("cannot fuse this op into kernel ")
                                    << kernel.number << ": its result is used before "
                                    << "the root of the kernel";
          diag.attachNote(user->getLoc()) << "the use";
          return diag;
        }
        escapes = true;
      }
      if (escapes)
        add(result);
    }
  }
  return success();
}

void KernelTiler::createLoop() {
  SmallVector<OpFoldResult> lows, highs, steps;
  SmallVector<Attribute> mapping;
  for (auto [range, size] : llvm::zip_equal(domain, tileSizes)) {
    if (size == 0)
      continue;
    lows.push_back(range.offset);
    highs.push_back(range.size);
    steps.push_back(rewriter.getIndexAttr(size));
  }
  bool isOneTile = steps.empty();
  if (isOneTile) {
    lows.push_back(rewriter.getIndexAttr(0));
    highs.push_back(rewriter.getIndexAttr(1));
    steps.push_back(rewriter.getIndexAttr(1));
  }
  for (unsigned i = 0; i < steps.size(); ++i)
    mapping.push_back(TileMappingAttr::get(rewriter.getContext(), i));
  SmallVector<Value> inits;
  for (KernelResult &result : results) {
    // Kernels that share one undefined tensor would seem to overwrite each other.
    auto empty = result.init.getDefiningOp<tensor::EmptyOp>();
    inits.push_back(empty && !empty->hasOneUse() ? rewriter.clone(*empty)->getResult(0) : result.init);
  }
  loop = scf::ForallOp::create(rewriter, loc, lows, highs, steps, inits, rewriter.getArrayAttr(mapping));
  loop->setAttr(kPlanAttrName, getPlan(root));
  for (auto [result, shared] : llvm::zip_equal(results, loop.getRegionIterArgs()))
    result.shared = shared;

  rewriter.setInsertionPoint(loop.getTerminator());
  AffineExpr d0, s0, s1;
  bindDims(rewriter.getContext(), d0);
  bindSymbols(rewriter.getContext(), s0, s1);
  AffineMap minMap = AffineMap::get(1, 2, {s0, s1 - d0}, rewriter.getContext());
  unsigned next = 0;
  for (auto [range, size] : llvm::zip_equal(domain, tileSizes)) {
    if (size == 0) {
      rootTile.offsets.push_back(range.offset);
      rootTile.sizes.push_back(range.size);
      continue;
    }
    Value iv = loop.getInductionVar(next++);
    ivs.push_back(iv);
    rootTile.offsets.push_back(iv);
    OpFoldResult tile = rewriter.getIndexAttr(size);
    std::optional<int64_t> extent = getConstantIntValue(range.size);
    // A tile of size 1 is never cut.
    if (size != 1 && (!extent || *extent % size != 0))
      tile = affine::makeComposedFoldedAffineMin(rewriter, loc, minMap, {iv, tile, range.size});
    rootTile.sizes.push_back(tile);
  }
}

LogicalResult KernelTiler::tileRoot() {
  auto scatter = dyn_cast<ScatterCombineOp>(root);
  if (scatter && canSpreadSlots(scatter)) {
    tileSpreadScatter(scatter);
    return success();
  }
  auto tiling = cast<TilingInterface>(root);
  FailureOr<TilingResult> tiled = tiling.getTiledImplementation(rewriter, rootTile.offsets, rootTile.sizes);
  if (failed(tiled) || tiled->tiledValues.size() != root->getNumResults())
    return root->emitError("cannot tile the root of kernel ")
           << kernel.number << " with the sizes of its plan; use smaller tiles, or 0 for the loop concerned";
  llvm::append_range(worklist, tiled->tiledOps);
  for (unsigned i = 0; i < root->getNumResults(); ++i) {
    results[i].tile = tiled->tiledValues[i];
    if (failed(tiling.getResultTilePosition(rewriter, i, rootTile.offsets, rootTile.sizes,
                                            results[i].box.offsets, results[i].box.sizes)))
      return root->emitError("cannot place the tiles of result ") << i << " of kernel " << kernel.number;
  }
  return success();
}

/// Slices the operands and scatters them straight into the shared result.
void KernelTiler::tileSpreadScatter(ScatterCombineOp scatter) {
  SmallVector<Value> operands;
  for (Value operand : {Value(scatter.getUpdates()), Value(scatter.getIndices()), Value(scatter.getValid()),
                        Value(scatter.getWeight())}) {
    if (!operand) {
      operands.push_back({});
      continue;
    }
    // These operands follow the loops directly.
    unsigned rank = cast<RankedTensorType>(operand.getType()).getRank();
    SmallVector<OpFoldResult> strides(rank, rewriter.getIndexAttr(1));
    operands.push_back(tensor::ExtractSliceOp::create(rewriter, loc, operand,
                                                      ArrayRef(rootTile.offsets).take_front(rank),
                                                      ArrayRef(rootTile.sizes).take_front(rank), strides));
  }
  Value batch = getValueOrCreateConstantIndexOp(rewriter, loc, rootTile.offsets.front());
  Value column = getValueOrCreateConstantIndexOp(rewriter, loc, rootTile.offsets.back());
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToEnd(loop.getTerminator().getBody());
  worklist.push_back(ParallelScatterOp::create(rewriter, loc, operands[0], operands[1], operands[2],
                                               operands[3], results.front().shared, batch, column,
                                               scatter.getCombineAttr(), scatter.getUniqueAttr(),
                                               scatter.getSortedAttr(), scatter.getTrustedAttr()));
}

FailureOr<const ProducerTile *> KernelTiler::getProducerTile(Operation *producer, const Box &loops) {
  for (const auto &tile : producerTiles)
    if (tile->op == producer && areSameSizes(tile->loops.offsets, loops.offsets) &&
        areSameSizes(tile->loops.sizes, loops.sizes))
      return tile.get();
  FailureOr<TilingResult> tiled =
      cast<TilingInterface>(producer).getTiledImplementation(rewriter, loops.offsets, loops.sizes);
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

/// Reads every size once. Bufferization knows a slice that is written and inserted again by its operands.
void KernelTiler::unifySizes() {
  DenseMap<std::pair<Value, int64_t>, tensor::DimOp> known;
  auto visit = [&](Operation &op) {
    auto dim = dyn_cast<tensor::DimOp>(op);
    if (!dim || !dim.getConstantIndex())
      return;
    auto [entry, isNew] = known.insert({{dim.getSource(), *dim.getConstantIndex()}, dim});
    if (!isNew)
      rewriter.replaceOp(dim, entry->second.getResult());
  };
  for (Operation &op :
       llvm::make_early_inc_range(llvm::make_range(loop->getBlock()->begin(), loop->getIterator())))
    visit(op);
  for (Operation &op : llvm::make_early_inc_range(loop.getBody()->without_terminator()))
    visit(op);
}

/// Drops slices nobody needs any more, makes undefined tensors tile-sized, and orders the body.
LogicalResult KernelTiler::cleanUpBody() {
  if (!sortTopologically(loop.getBody()))
    return root->emitError("the ops of kernel ") << kernel.number << " depend on each other in a cycle";
  unifySizes();
  SmallVector<Operation *> ops;
  for (Operation &op : loop.getBody()->without_terminator())
    ops.push_back(&op);
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      rewriter.eraseOp(op);
  for (Operation &op : llvm::make_early_inc_range(loop.getBody()->without_terminator())) {
    op.removeDiscardableAttr(kPlanAttrName);
    auto slice = dyn_cast<tensor::ExtractSliceOp>(op);
    if (!slice || !slice.getSource().getDefiningOp<tensor::EmptyOp>())
      continue;
    rewriter.setInsertionPoint(slice);
    rewriter.replaceOpWithNewOp<tensor::EmptyOp>(slice, slice.getMixedSizes(),
                                                 slice.getType().getElementType());
  }
  return success();
}

void KernelTiler::createTerminator() {
  rewriter.setInsertionPointToEnd(loop.getTerminator().getBody());
  for (KernelResult &result : results) {
    if (!result.tile)
      continue;
    SmallVector<OpFoldResult> strides(result.box.offsets.size(), rewriter.getIndexAttr(1));
    tensor::ParallelInsertSliceOp::create(rewriter, loc, result.tile, result.shared, result.box.offsets,
                                          result.box.sizes, strides);
  }
}

void KernelTiler::replaceOps() {
  for (auto [result, value] : llvm::zip_equal(results, loop.getResults())) {
    rewriter.replaceUsesWithIf(result.original, value, [&](OpOperand &use) {
      Operation *user = use.getOwner();
      return !kernel.contains(user) && !isa<tensor::DimOp>(user);
    });
  }
  // An op has the sizes of its inits, and those are known before the kernel.
  for (Operation *op : llvm::reverse(kernel.ops)) {
    for (OpResult result : op->getResults()) {
      Value init = peelInit(result);
      rewriter.replaceAllUsesWith(result, init);
    }
  }
  for (Operation *op : llvm::reverse(kernel.ops))
    rewriter.eraseOp(op);
}

LogicalResult KernelTiler::run() {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(root);
  if (failed(checkPlan()) || failed(collectResults()))
    return failure();
  createLoop();
  if (failed(tileRoot()) || failed(fuseProducers()) || failed(useSharedOutputs()))
    return failure();
  createTerminator();
  if (failed(cleanUpBody()))
    return failure();
  replaceOps();
  return success();
}

LogicalResult colt5::tileKernel(RewriterBase &rewriter, const Kernel &kernel) {
  return KernelTiler(rewriter, kernel).run();
}
