#include "Grouping.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Stages/Common/ModuleMachine.h"
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

namespace {
/// A kernel with its schedule.
struct PlannedKernel {
  std::unique_ptr<KernelDraft> draft;
  ScheduleChoice choice;
};

struct PlanPass : colt5::impl::Colt5PlanBase<PlanPass> {
  using Base::Base;

  void runOnOperation() override {
    Machine machine = findMachineOf(getOperation()).value_or(getDefaultMachine(MachineKind::CPU));
    families = getFamilies(&getContext(), &machine);
    nextFamily.clear();
    if (failed(checkFamilies(machine)) || failed(readFamily(machine)))
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

  /// Every context that has families has one that takes all kernels of a machine.
  LogicalResult checkFamilies(const Machine &machine) {
    if (!families.empty() && families.back()->takesAll())
      return success();
    return emitError(getOperation()->getLoc())
           << "expected a kernel family that computes every kernel on " << machine.name
           << ", found none; register the dialects with registerColt5Dialects";
  }

  /// Sets `givenFamily` from the option.
  LogicalResult readFamily(const Machine &machine) {
    givenFamily = nullptr;
    if (family.empty())
      return success();
    for (const KernelFamily *known : families)
      if (known->getName() == StringRef(family))
        givenFamily = known;
    if (givenFamily)
      return success();
    InFlightDiagnostic diag = emitError(getOperation()->getLoc()) << "expected family for colt5-plan to be ";
    llvm::interleave(
        families, [&](const KernelFamily *known) { diag << known->getName(); }, [&] { diag << " or "; });
    return diag << " for " << machine.name << ", or empty to choose one for each kernel, found '"
                << family.getValue() << "'";
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
    for (const KernelFamily *known : families)
      known->prepare(function, machine);
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
      FailureOr<SmallVector<PlannedKernel>> kernels = planBlock(*block, machine);
      if (failed(kernels))
        return failure();
      for (const PlannedKernel &kernel : *kernels) {
        PlanAttr user = kernel.draft->userPlan;
        while (!user && taken.contains(next))
          ++next;
        writePlan(kernel, user ? user.getKernel() : next++);
      }
    }
    return success();
  }

  /// Groups the ops of a block, and again when a family has declined a kernel. An anchor never goes back to a
  /// family, so this ends.
  FailureOr<SmallVector<PlannedKernel>> planBlock(Block &block, const Machine &machine) {
    while (true) {
      FailureOr<SmallVector<std::unique_ptr<KernelDraft>>> drafts =
          Grouping(block, machine, [&](Operation *op) { return getFamilyOf(op, machine); }).run();
      if (failed(drafts))
        return failure();
      SmallVector<PlannedKernel> kernels;
      bool isDeclined = false;
      for (std::unique_ptr<KernelDraft> &draft : *drafts) {
        kernels.push_back({std::move(draft), {}});
        FailureOr<bool> isScheduled = schedule(kernels.back(), machine);
        if (failed(isScheduled))
          return failure();
        isDeclined |= !*isScheduled;
      }
      if (!isDeclined)
        return kernels;
    }
  }

  /// The family that somebody asked for, or null.
  const KernelFamily *getAskedFamily(PlanAttr plan) {
    StringRef name = plan ? plan.getFamily() : StringRef();
    return name.empty() ? givenFamily : findFamily(&getContext(), name);
  }

  /// What `op` brings to its kernel: the family that was asked for, else for an anchor the first that suits
  /// it and has not declined it, and for other ops the one that takes all.
  const KernelFamily *getFamilyOf(Operation *op, const Machine &machine) {
    if (const KernelFamily *asked = getAskedFamily(getPlan(op)))
      return asked;
    if (!isAnchor(classify(op)))
      return families.back();
    size_t &number = nextFamily[op];
    while (!families[number]->takesAll() && !families[number]->suits(op, machine))
      ++number;
    return families[number];
  }

  /// Sets the schedule of `kernel`; false when its family has declined it and another one is next.
  FailureOr<bool> schedule(PlannedKernel &kernel, const Machine &machine) {
    const KernelDraft &draft = *kernel.draft;
    PlanAttr user = draft.userPlan;
    ScheduleAttrInterface given = user ? user.getSchedule() : ScheduleAttrInterface();
    StringRef giver = "in the input";
    if (!given || given.getTile().empty()) {
      FailureOr<bool> isGiven = takesGivenSizes(draft.root);
      if (failed(isGiven))
        return failure();
      if (*isGiven) {
        giver = "by tile-sizes";
        given = given ? given.withTile(tileSizes) : TilesScheduleAttr::get(&getContext(), tileSizes);
      }
    }
    kernel.choice = draft.family->choose(draft, given, machine);
    if (given && !given.getTile().empty())
      kernel.choice.reason = ("tile given " + giver).str();
    std::optional<std::string> reason = draft.family->check(draft, kernel.choice.schedule, machine);
    if (!reason)
      return true;
    if (getAskedFamily(user) || draft.family->takesAll())
      return draft.root->emitOpError("is planned for family ")
             << draft.family->getName() << ", which does not take its kernel: " << *reason
             << "; leave the schedule out and colt5-plan chooses one";
    remark::missed(draft.root->getLoc(), remark::RemarkOpts::name("declined").category("colt5-plan"))
        << ("family " + draft.family->getName() + " declines the kernel: " + *reason).str();
    ++nextFamily[draft.getAnchor()];
    return false;
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

  void writePlan(const PlannedKernel &planned, int64_t number) {
    MLIRContext *context = &getContext();
    const KernelDraft &kernel = *planned.draft;
    const ScheduleChoice &choice = planned.choice;
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
      op->setAttr(kPlanAttr, isRoot ? PlanAttr::get(context, number, KernelRole::Root, choice.schedule, why)
                                    : PlanAttr::get(context, number, KernelRole::Fused, {},
                                                    own ? own.getReason() : StringAttr()));
    }
    std::string remark;
    llvm::raw_string_ostream stream(remark);
    stream << "kernel " << number << " (" << kernel.root->getName() << "), tile [";
    llvm::interleaveComma(choice.schedule.getTile(), stream);
    stream << "], " << reason;
    remark::analysis(kernel.root->getLoc(), remark::RemarkOpts::name("kernel").category("colt5-plan"))
        << remark;
  }

  /// Of the machine, first choice first.
  SmallVector<const KernelFamily *> families;
  /// The option `family`; null: chosen for each kernel.
  const KernelFamily *givenFamily = nullptr;
  /// The number of the family that is next for an anchor.
  DenseMap<Operation *, size_t> nextFamily;
  /// Numbers of loops of the roots that `tile-sizes` was held against, and whether one took it.
  std::set<int64_t> loopCounts;
  bool areSizesTaken = false;
};
} // namespace
