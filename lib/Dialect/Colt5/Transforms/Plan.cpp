#include "PlanInternal.h"
#include "colt5/Dialect/Colt5/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/DenseSet.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5PLAN
#include "colt5/Dialect/Colt5/Transforms/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

/// Gives every user of a fill its own copy, so that a fill belongs to one kernel.
static void copySharedFills(Operation *top) {
  top->walk([](linalg::FillOp fill) {
    if (!isComputeOp(fill) || getPlan(fill))
      return;
    OpBuilder builder(fill);
    Operation *first = nullptr;
    for (OpOperand &use : llvm::make_early_inc_range(fill->getUses())) {
      Operation *user = use.getOwner();
      if (!first)
        first = user;
      if (user == first || isa<tensor::DimOp>(user) || !isComputeOp(user))
        continue;
      use.set(builder.clone(*fill.getOperation())->getResult(0));
    }
  });
}

/// Replaces ops that run over nothing by their inits.
static void eraseEmptyOps(Operation *top) {
  top->walk([](Operation *op) {
    if (!isComputeOp(op) || !computesNothing(op))
      return;
    op->replaceAllUsesWith(cast<DestinationStyleOpInterface>(op).getDpsInits());
    op->erase();
  });
}

/// Moves router scores right behind what computes their tokens, before other users, so that both can share a
/// kernel.
static void hoistRouterScores(Operation *top) {
  SmallVector<RouterScoresOp> ops;
  top->walk([&](RouterScoresOp scores) { ops.push_back(scores); });
  IRRewriter rewriter(top->getContext());
  for (RouterScoresOp scores : ops) {
    Operation *producer = scores.getX().getDefiningOp();
    if (!producer || !isComputeOp(producer) || producer->getBlock() != scores->getBlock() || getPlan(scores))
      continue;
    Operation *behind = producer->getNextNode();
    if (behind != scores && succeeded(moveOperationDependencies(rewriter, scores, behind)))
      rewriter.moveOpBefore(scores, behind);
  }
}

namespace {
struct PlanPass : colt5::impl::Colt5PlanBase<PlanPass> {
  using Base::Base;

  void runOnOperation() override {
    const TargetDescription *description = findTargetDescription(target);
    if (!description) {
      InFlightDiagnostic diag = emitError(getOperation()->getLoc()) << "unknown target '" << target.getValue()
                                                                    << "' for colt5-plan, expected cpu";
      for (const TargetDescription &known : getTargetDescriptions())
        diag << ", " << known.name;
      return signalPassFailure();
    }
    std::optional<KernelFamily> kernelFamily = symbolizeKernelFamily(family);
    if (!kernelFamily) {
      emitError(getOperation()->getLoc())
          << "unknown family '" << family.getValue()
          << "' for colt5-plan, expected loops, simt, select, mma_sync or wgmma";
      return signalPassFailure();
    }
    for (int64_t size : tileSizes)
      if (size < 0) {
        emitError(getOperation()->getLoc())
            << "expected tile-sizes >= 0 for colt5-plan (0 keeps a loop whole), found " << size;
        return signalPassFailure();
      }
    WalkResult walk = getOperation()->walk<WalkOrder::PreOrder>([&](FunctionOpInterface function) {
      return succeeded(planFunction(function, *description, *kernelFamily)) ? WalkResult::skip()
                                                                            : WalkResult::interrupt();
    });
    if (walk.wasInterrupted())
      signalPassFailure();
  }

  LogicalResult planFunction(Operation *function, const TargetDescription &description,
                             KernelFamily kernelFamily) {
    eraseEmptyOps(function);
    copySharedFills(function);
    if (description.isGPU())
      hoistRouterScores(function);
    llvm::SmallSetVector<Block *, 4> blocks;
    llvm::DenseSet<int64_t> taken;
    function->walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (!isComputeOp(op))
        return;
      blocks.insert(op->getBlock());
      if (PlanAttr plan = getPlan(op)) {
        ++numUserPlans;
        taken.insert(plan.getKernel());
      }
    });
    int64_t next = 0;
    for (Block *block : blocks) {
      FailureOr<SmallVector<std::unique_ptr<KernelDraft>>> kernels = groupKernels(*block, description);
      if (failed(kernels))
        return failure();
      for (const auto &kernel : *kernels) {
        while (!kernel->userPlan && taken.contains(next))
          ++next;
        writePlan(*kernel, kernel->userPlan ? kernel->userPlan.getKernel() : next++, description,
                  kernelFamily);
      }
    }
    return success();
  }

  /// The tile sizes of the option, where they fit the root.
  std::optional<SmallVector<int64_t>> getGivenSizes(Operation *root) {
    SmallVector<bool> tilable = getTilableLoops(root);
    if (tileSizes.empty() || tileSizes.size() != tilable.size())
      return std::nullopt;
    SmallVector<int64_t> sizes(tileSizes.begin(), tileSizes.end());
    for (auto [size, isTilable] : llvm::zip_equal(sizes, tilable))
      size = isTilable ? size : 0;
    return sizes;
  }

  void writePlan(const KernelDraft &kernel, int64_t number, const TargetDescription &description,
                 KernelFamily kernelFamily) {
    MLIRContext *context = &getContext();
    TileChoice choice;
    if (kernel.userPlan && !kernel.userPlan.getTile().empty())
      choice = {llvm::to_vector(kernel.userPlan.getTile()), "tile given in the input"};
    else if (std::optional<SmallVector<int64_t>> sizes = getGivenSizes(kernel.root))
      choice = {*sizes, "tile given by tile-sizes"};
    else
      choice = chooseTile(kernel, description);
    SmallVector<StringRef> fused;
    for (auto &[op, loops] : llvm::reverse(kernel.loops))
      if (op != kernel.root)
        fused.push_back(describe(classify(op)));
    std::string reason = describe(classify(kernel.root)).str() + ": " + choice.reason;
    if (!fused.empty())
      reason += "; with " + llvm::join(fused, ", ");

    PlanAttr user = kernel.userPlan;
    StringAttr why = user && user.getReason() ? user.getReason() : StringAttr::get(context, reason);
    bool isSelection = classify(kernel.root) == OpKind::Selection;
    KernelFamily chosen =
        kernelFamily == KernelFamily::Simt && isSelection ? KernelFamily::Select : kernelFamily;
    KernelFamily rootFamily = user ? user.getFamily() : chosen;
    int64_t stages = user ? user.getStages() : 1, split = user ? user.getSplit() : 1,
            cluster = user ? user.getCluster() : 1;
    ++numKernels;
    for (auto &[op, loops] : kernel.loops) {
      bool isRoot = op == kernel.root;
      if (!isRoot)
        ++numFused;
      op->setAttr(kPlanAttrName, isRoot ? PlanAttr::get(context, number, KernelRole::Root, choice.sizes,
                                                        rootFamily, stages, split, cluster, why)
                                        : PlanAttr::get(context, number, KernelRole::Fused, {}, rootFamily, 1,
                                                        1, 1, StringAttr()));
    }
    std::string remark;
    llvm::raw_string_ostream stream(remark);
    stream << "kernel " << number << " (" << kernel.root->getName() << "), tile [";
    llvm::interleaveComma(choice.sizes, stream);
    stream << "], " << reason;
    remark::analysis(kernel.root->getLoc(), remark::RemarkOpts::name("kernel").category("colt5-plan"))
        << remark;
  }
};
} // namespace
