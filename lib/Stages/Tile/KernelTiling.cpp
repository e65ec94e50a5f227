// Applies the plan of one kernel: the root becomes a mapped `scf.forall` over its tiles, and the fused
// producers are computed inside it, each tile once.
#include "KernelTiler.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Stages/Plan/KernelCost.h"
#include "colt5/Stages/Plan/KernelFamily.h"

#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::colt5;

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
  for (Operation *op : kernel.ops)
    if (failed(checkPlanOf(op, /*machine=*/nullptr)))
      return failure();
  PlanAttr plan = getPlan(root);
  if (isWholeKernelPlan(plan))
    return root->emitOpError("is planned for family ")
           << plan.getFamily()
           << ", which writes whole kernels, expected it in a colt5.kernel; run colt5-claim-kernels before "
              "colt5-tile";
  domain = cast<TilingInterface>(root).getIterationDomain(rewriter);
  SmallVector<bool> tilable = getTilableLoops(root);
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

/// A plan of the input may fuse what the planner would not.
LogicalResult KernelTiler::checkDestinations() {
  for (Operation *op : kernel.ops)
    for (OpOperand &init : cast<DestinationStyleOpInterface>(op).getDpsInitsMutable()) {
      Operation *producer = init.get().getDefiningOp();
      auto isOther = [&](OpOperand &use) { return &use != &init && !isa<tensor::DimOp>(use.getOwner()); };
      auto other = llvm::find_if(init.get().getUses(), isOther);
      if (!kernel.contains(producer) || isa<linalg::FillOp>(producer) || other == init.get().use_end())
        continue;
      InFlightDiagnostic diag =
          producer->emitError("cannot fuse this op into kernel ")
          << kernel.number << ": another op of the kernel overwrites its result, which is "
          << "needed elsewhere; run colt5-detach-destinations before, or plan a kernel of "
          << "its own for it";
      diag.attachNote(op->getLoc()) << "this op overwrites it";
      diag.attachNote(other->getOwner()->getLoc()) << "this op needs it";
      return diag;
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
  loop->setAttr(kPlanAttr, getPlan(root));
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
    op.removeDiscardableAttr(kPlanAttr);
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
    // Where nothing has elements, nothing is inserted: no offset lies inside of a size of 0.
    if (!result.tile || hasNoElements(result.shared.getType()))
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

/// What reports say of the kernel: its family, and what it computes and moves.
void KernelTiler::describeCost(std::optional<int64_t> flops, std::optional<int64_t> minBytes) {
  auto set = [&](StringRef name, std::optional<int64_t> value) {
    if (value)
      loop->setAttr(name, rewriter.getI64IntegerAttr(*value));
  };
  loop->setAttr(kFamilyAttr, rewriter.getStringAttr(getPlan(loop).getFamily()));
  set(kFlopsAttr, flops);
  set(kMinBytesAttr, minBytes);
  set(kBytesAttr, countTileBytes(loop));
}

LogicalResult KernelTiler::run() {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(root);
  if (failed(checkPlan()) || failed(checkDestinations()) || failed(collectResults()))
    return failure();
  // Kernels of the CPU are reported by their time.
  ScheduleAttrInterface schedule = getPlan(root).getSchedule();
  bool isReported = schedule && !schedule.getFamily().empty() && !isa<LoopsScheduleAttr>(schedule);
  std::optional<int64_t> flops, minBytes;
  if (isReported) {
    flops = countFlops(kernel);
    minBytes = countMinBytes(kernel);
  }
  createLoop();
  if (failed(tileRoot()) || failed(fuseProducers()) || failed(useSharedOutputs()))
    return failure();
  createTerminator();
  if (failed(cleanUpBody()))
    return failure();
  if (isReported)
    describeCost(flops, minBytes);
  replaceOps();
  return success();
}

LogicalResult colt5::tileKernel(RewriterBase &rewriter, const Kernel &kernel) {
  return KernelTiler(rewriter, kernel).run();
}
