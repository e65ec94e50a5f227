#include "PlanInternal.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Stages/Common/ModuleMachine.h"
#include "colt5/Stages/Plan/KernelFamilies.h"
#include "colt5/Stages/Plan/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/DenseSet.h"
#include <set>

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5PLAN
#include "colt5/Stages/Plan/Passes.h.inc"
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
    Machine machine = findMachineOf(getOperation()).value_or(getDefaultMachine(MachineKind::CPU));
    if (failed(readFamily(machine)))
      return signalPassFailure();
    for (int64_t size : tileSizes)
      if (size < 0) {
        emitError(getOperation()->getLoc())
            << "expected tile-sizes >= 0 for colt5-plan (0 keeps a loop whole), found " << size;
        return signalPassFailure();
      }
    if (failed(checkPlacesOfPlans(getOperation(), /*isDecomposed=*/true)))
      return signalPassFailure();
    WalkResult walk = getOperation()->walk<WalkOrder::PreOrder>([&](FunctionOpInterface function) {
      return succeeded(planFunction(function, machine)) ? WalkResult::skip() : WalkResult::interrupt();
    });
    if (walk.wasInterrupted() || failed(checkGivenSizesTaken()))
      signalPassFailure();
  }

  /// Sets `givenFamily` from the option.
  LogicalResult readFamily(const Machine &machine) {
    givenFamily.reset();
    if (family.empty())
      return success();
    SmallVector<KernelFamily> families = getFamilies(&machine);
    std::optional<KernelFamily> found = symbolizeKernelFamily(family);
    if (!found || !llvm::is_contained(families, *found)) {
      InFlightDiagnostic diag = emitError(getOperation()->getLoc())
                                << "expected family for colt5-plan to be ";
      llvm::interleave(
          families, [&](KernelFamily known) { diag << stringifyKernelFamily(known); },
          [&] { diag << " or "; });
      return diag << " for " << machine.name << ", or empty to choose one for each kernel, found '"
                  << family.getValue() << "'";
    }
    givenFamily = *found;
    return success();
  }

  /// Sizes that no kernel takes were written for nothing.
  LogicalResult checkGivenSizesTaken() {
    if (tileSizes.empty() || areSizesTaken || loopCounts.empty())
      return success();
    InFlightDiagnostic diag =
        emitError(getOperation()->getLoc())
        << "expected tile-sizes for colt5-plan with one size per loop of some kernel's root, ";
    llvm::interleave(loopCounts, [&](int64_t count) { diag << count; }, [&] { diag << " or "; });
    return diag << ", found " << tileSizes.size()
                << "; for one kernel alone write them into a #colt5.plan on its root";
  }

  LogicalResult planFunction(Operation *function, const Machine &machine) {
    eraseEmptyOps(function);
    copySharedFills(function);
    if (machine.isGPU())
      hoistRouterScores(function);
    llvm::SmallSetVector<Block *, 4> blocks;
    llvm::DenseSet<int64_t> taken;
    bool isWrong = false;
    function->walk<WalkOrder::PreOrder>([&](Operation *op) {
      isWrong |= getPlan(op) && failed(checkPlanOf(op, &machine));
      if (!isComputeOp(op))
        return;
      blocks.insert(op->getBlock());
      if (PlanAttr plan = getPlan(op)) {
        ++numUserPlans;
        taken.insert(plan.getKernel());
      }
    });
    if (isWrong)
      return failure();
    int64_t next = 0;
    for (Block *block : blocks) {
      FailureOr<SmallVector<std::unique_ptr<KernelDraft>>> kernels = groupKernels(*block, machine);
      if (failed(kernels))
        return failure();
      for (const auto &kernel : *kernels) {
        while (!kernel->userPlan && taken.contains(next))
          ++next;
        int64_t number = kernel->userPlan ? kernel->userPlan.getKernel() : next++;
        if (failed(writePlan(*kernel, number, machine)))
          return failure();
      }
    }
    return success();
  }

  /// Whether the sizes of the option are for this root; fails where they fit it in number only.
  FailureOr<bool> takesGivenSizes(Operation *root) {
    if (tileSizes.empty())
      return false;
    SmallVector<bool> tilable = getTilableLoops(root);
    loopCounts.insert(tilable.size());
    if (tileSizes.size() != tilable.size())
      return false;
    areSizesTaken = true;
    SmallVector<int64_t> extents = getLoopExtents(root);
    for (auto [loop, size] : llvm::enumerate(tileSizes)) {
      bool isWhole = size == 0 || (!ShapedType::isDynamic(extents[loop]) && size >= extents[loop]);
      if (!tilable[loop] && !isWhole)
        return root->emitOpError("expected tile-sizes with 0 for loop ")
               << loop << ", which the tiles of this kernel cannot share, found " << size;
    }
    return true;
  }

  FailureOr<TileChoice> chooseSizes(const KernelDraft &kernel, const Machine &machine) {
    if (kernel.userPlan && !kernel.userPlan.getTile().empty())
      return TileChoice{llvm::to_vector(kernel.userPlan.getTile()), "tile given in the input"};
    FailureOr<bool> isGiven = takesGivenSizes(kernel.root);
    if (failed(isGiven))
      return failure();
    if (*isGiven)
      return TileChoice{SmallVector<int64_t>(tileSizes.begin(), tileSizes.end()), "tile given by tile-sizes"};
    return chooseTile(kernel, machine);
  }

  /// The family that was asked for, or the first of the machine's that takes the kernel, those that write it
  /// as a whole before the others.
  FailureOr<KernelFamily> chooseFamily(const KernelDraft &kernel, ArrayRef<int64_t> tile,
                                       const Machine &machine) {
    SmallVector<Operation *> ops = llvm::to_vector(llvm::make_first_range(kernel.loops));
    std::optional<KernelFamily> given = givenFamily;
    if (kernel.userPlan && kernel.userPlan.getFamily() != KernelFamily::Loops)
      given = kernel.userPlan.getFamily();
    if (given) {
      if (std::optional<std::string> reason = getReasonAgainst(*given, kernel.root, ops, tile))
        return kernel.root->emitOpError("is planned for family ")
               << stringifyKernelFamily(*given) << ", which does not take its kernel: " << *reason
               << "; leave the family out and colt5-plan chooses one";
      return *given;
    }
    SmallVector<KernelFamily> families = getFamilies(&machine);
    for (KernelFamily family : llvm::reverse(families))
      if (!getReasonAgainst(family, kernel.root, ops, tile))
        return family;
    llvm_unreachable("a machine has a family for every kernel");
  }

  /// A plan that fuses an op into a kernel may name the family of that kernel only.
  LogicalResult checkFusedFamilies(const KernelDraft &kernel, KernelFamily family) {
    for (Operation *op : llvm::make_first_range(kernel.loops))
      if (PlanAttr plan = getPlan(op);
          plan && plan.getFamily() != KernelFamily::Loops && plan.getFamily() != family)
        return op->emitOpError("expected a plan with family = ")
               << stringifyKernelFamily(family) << ", that of the root of kernel " << plan.getKernel()
               << ", found " << stringifyKernelFamily(plan.getFamily());
    return success();
  }

  LogicalResult writePlan(const KernelDraft &kernel, int64_t number, const Machine &machine) {
    MLIRContext *context = &getContext();
    FailureOr<TileChoice> chosen = chooseSizes(kernel, machine);
    if (failed(chosen))
      return failure();
    const TileChoice &choice = *chosen;
    FailureOr<KernelFamily> kernelFamily = chooseFamily(kernel, choice.sizes, machine);
    if (failed(kernelFamily) || failed(checkFusedFamilies(kernel, *kernelFamily)))
      return failure();
    SmallVector<StringRef> fused;
    for (auto &[op, loops] : llvm::reverse(kernel.loops))
      if (op != kernel.root)
        fused.push_back(describe(classify(op)));
    std::string reason = describe(classify(kernel.root)).str() + ": " + choice.reason;
    if (!fused.empty())
      reason += "; with " + llvm::join(fused, ", ");

    PlanAttr user = kernel.userPlan;
    StringAttr why = user && user.getReason() ? user.getReason() : StringAttr::get(context, reason);
    ++numKernels;
    for (auto &[op, loops] : kernel.loops) {
      bool isRoot = op == kernel.root;
      if (!isRoot)
        ++numFused;
      PlanAttr own = getPlan(op);
      op->setAttr(kPlanAttr, isRoot ? PlanAttr::get(context, number, KernelRole::Root, choice.sizes,
                                                    *kernelFamily, 1, 1, 1, why)
                                    : PlanAttr::get(context, number, KernelRole::Fused, {}, *kernelFamily, 1,
                                                    1, 1, own ? own.getReason() : StringAttr()));
    }
    std::string remark;
    llvm::raw_string_ostream stream(remark);
    stream << "kernel " << number << " (" << kernel.root->getName() << "), tile [";
    llvm::interleaveComma(choice.sizes, stream);
    stream << "], " << reason;
    remark::analysis(kernel.root->getLoc(), remark::RemarkOpts::name("kernel").category("colt5-plan"))
        << remark;
    return success();
  }

  /// The option `family`; nothing: chosen for each kernel.
  std::optional<KernelFamily> givenFamily;
  /// Numbers of loops of the roots that `tile-sizes` was held against, and whether one took it.
  std::set<int64_t> loopCounts;
  bool areSizesTaken = false;
};
} // namespace
