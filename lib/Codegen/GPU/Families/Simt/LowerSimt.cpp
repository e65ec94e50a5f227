#include "Lowerings.h"
#include "SimtSchedule.h"
#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "colt5/Stages/Common/Accumulators.h"
#include "colt5/Stages/Common/ModuleMachine.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/Transforms/Transforms.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_LOWERSIMT
#include "colt5/Codegen/GPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

/// In the order in which they are tried.
static const SimtLowering kLowerings[] = {
    lowerSimtContraction,  lowerSimtAttention, lowerSimtMovement, lowerSimtRows,   lowerSimtRope,
    lowerSimtBlockSummary, lowerSimtTopK,      lowerSimtSoftTopK, lowerSimtLinalg,
};

/// Compute ops and copies on buffers.
static bool needsLowering(Operation *op) {
  if (isa<memref::CopyOp>(op))
    return true;
  auto dps = dyn_cast<DestinationStyleOpInterface>(op);
  return dps && dps.hasPureBufferSemantics() && !isa<LaunchOp, KernelOp>(op) &&
         (isa<linalg::LinalgOp>(op) || isa<Colt5Dialect>(op->getDialect()));
}

/// Leaves one of several barriers in a row, and none before the end of the kernel.
static void dropRedundantBarriers(scf::ForallOp kernel) {
  SmallVector<gpu::BarrierOp> redundant;
  kernel.walk([&](gpu::BarrierOp barrier) {
    Operation *next = barrier->getNextNode();
    while (next && isMemoryEffectFree(next) && next->getNumRegions() == 0 &&
           !next->hasTrait<OpTrait::IsTerminator>())
      next = next->getNextNode();
    bool atEnd = next && isa<scf::InParallelOp>(next) && next->getParentOp() == kernel;
    if (atEnd || isa_and_present<gpu::BarrierOp>(next))
      redundant.push_back(barrier);
  });
  for (gpu::BarrierOp barrier : redundant)
    barrier.erase();
}

namespace {
struct LowerSimt : colt5::impl::LowerSimtBase<LowerSimt> {
  using LowerSimtBase::LowerSimtBase;

  void runOnOperation() override {
    if (failed(getMachineOf(getOperation(), MachineKind::GPU, "colt5-lower-simt")))
      return signalPassFailure();
    SmallVector<scf::ForallOp> kernels;
    getOperation()->walk<WalkOrder::PreOrder>([&](scf::ForallOp forall) {
      if (!forall.getMapping())
        return WalkResult::advance();
      kernels.push_back(forall);
      return WalkResult::skip();
    });
    for (scf::ForallOp kernel : kernels)
      if (failed(lower(kernel)))
        return signalPassFailure();
  }

  LogicalResult lower(scf::ForallOp kernel) {
    IRRewriter rewriter(&getContext());
    SmallVector<scf::ForallOp> inner;
    kernel.walk([&](scf::ForallOp forall) {
      if (forall != kernel)
        inner.push_back(forall);
    });
    for (scf::ForallOp loop : inner) {
      rewriter.setInsertionPoint(loop);
      if (failed(scf::forallToForLoop(rewriter, loop)))
        return loop.emitOpError("expected a forall on memrefs inside of kernels");
    }
    threads = getSimtSchedule(kernel).getThreads();
    kernel->setAttr(kThreadsAttr, rewriter.getI64IntegerAttr(threads));
    absorbZeroFills(kernel);
    SmallVector<Operation *> ops, stores;
    kernel.walk([&](Operation *op) {
      if (needsLowering(op))
        ops.push_back(op);
      else if (isa<memref::StoreOp>(op))
        stores.push_back(op);
    });
    for (Operation *store : stores)
      storeOnce(store);
    for (Operation *op : ops) {
      if (auto scatter = dyn_cast<ScatterCombineOp>(op); scatter && failed(checkRepeatedRows(scatter)))
        return failure();
      BlockBuilder b(op->getLoc(), rewriter, threads);
      b.setInsertionPoint(op);
      bool done = llvm::any_of(kLowerings, [&](SimtLowering lowering) { return succeeded(lowering(b, op)); });
      if (!done)
        return op->emitOpError("has no lowering to code of a thread block");
      b.barrier();
      op->erase();
      ++numLowered;
    }
    dropRedundantBarriers(kernel);
    return success();
  }

  /// A store outside of compute ops is the same in all threads; one of them does it.
  void storeOnce(Operation *store) {
    OpBuilder builder(store);
    BlockBuilder b(store->getLoc(), builder, threads);
    b.setInsertionPoint(store);
    b.barrier();
    b.once([&] { b.clone(*store); });
    b.barrier();
    store->erase();
  }

  /// Of a block of the kernel at hand.
  int64_t threads = 0;
};
} // namespace
