// Which ops share a kernel. Blocks are read backwards, so that every user is placed before its producers.
#include "Grouping.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5;

/// A contraction reduces over a loop that two of its inputs share.
static bool isContraction(linalg::LinalgOp op) {
  SmallVector<unsigned> reductions;
  op.getReductionDims(reductions);
  return llvm::any_of(reductions, [&](unsigned loop) {
    AffineExpr dim = getAffineDimExpr(loop, op.getContext());
    return llvm::count_if(op.getDpsInputOperands(), [&](OpOperand *input) {
             return llvm::is_contained(op.getMatchingIndexingMap(input).getResults(), dim);
           }) >= 2;
  });
}

OpKind colt5::classify(Operation *op) {
  return llvm::TypeSwitch<Operation *, OpKind>(op)
      .Case([](linalg::FillOp) { return OpKind::Fill; })
      .Case([](linalg::LinalgOp linalgOp) {
        if (linalgOp.getNumReductionLoops() == 0)
          return OpKind::Elementwise;
        return isContraction(linalgOp) ? OpKind::Contraction : OpKind::RowReduction;
      })
      .Case([](GatherOp) { return OpKind::Gather; })
      .Case([](RmsScaleOp) { return OpKind::RowReduction; })
      .Case<AttentionOp, OnlineAttentionOp>([](auto) { return OpKind::Attention; })
      .Case([](ScatterCombineOp) { return OpKind::Scatter; })
      .Case<TopKOp, SoftTopKOp>([](auto) { return OpKind::Selection; })
      .Default(OpKind::Other);
}

StringRef colt5::describe(OpKind kind) {
  switch (kind) {
  case OpKind::Fill:
    return "fill";
  case OpKind::Gather:
    return "gather";
  case OpKind::Elementwise:
    return "elementwise";
  case OpKind::RowReduction:
    return "row statistic";
  case OpKind::Contraction:
    return "contraction";
  case OpKind::Attention:
    return "attention";
  case OpKind::Scatter:
    return "scatter";
  case OpKind::Selection:
    return "selection";
  case OpKind::Other:
    break;
  }
  return "other";
}

/// An elementwise op so cheap that computing it once per tile of another dimension costs little.
static bool isCheap(Operation *op) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp)
    return false;
  Block &body = op->getRegion(0).front();
  bool simple = llvm::none_of(body, [](Operation &inner) {
    bool isSimpleMath = isa<math::AbsFOp, math::FmaOp, math::CopySignOp>(inner);
    return isa<arith::DivFOp>(inner) || (isa<math::MathDialect>(inner.getDialect()) && !isSimpleMath);
  });
  return simple && body.getOperations().size() <= 10;
}

static bool hasHeavyProducer(Operation *op) {
  return llvm::any_of(op->getOperands(), [](Value operand) {
    Operation *producer = operand.getDefiningOp();
    return producer && isComputeOp(producer) && isHeavy(classify(producer));
  });
}

static bool isDestination(OpOperand *use) {
  auto dps = dyn_cast<DestinationStyleOpInterface>(use->getOwner());
  return dps && dps.isDpsInit(use);
}

Grouping::Grouping(Block &block, const Machine &machine, FamilyOf familyOf)
    : block(block), machine(machine), familyOf(familyOf) {}

void Grouping::open(Operation *root, PlanAttr plan) {
  auto kernel = std::make_unique<KernelDraft>();
  kernel->root = root;
  kernel->userPlan = plan;
  kernel->family = familyOf(root);
  unsigned numLoops = cast<TilingInterface>(root).getLoopIteratorTypes().size();
  kernel->keepWhole.assign(numLoops, false);
  RootLoops identity = llvm::to_vector(llvm::seq<int64_t>(0, numLoops));
  join(root, *kernel, std::move(identity));
  kernels.push_back(std::move(kernel));
}

void Grouping::join(Operation *op, KernelDraft &kernel, RootLoops loops) {
  kernel.loops.insert({op, std::move(loops)});
  kernelOf[op] = &kernel;
  if (!isAnchor(classify(op)))
    return;
  kernel.family = getFamilyWith(kernel, op);
  kernel.anchors.push_back(op);
}

/// The family of `kernel` once `op` has joined it.
const KernelFamily *Grouping::getFamilyWith(const KernelDraft &kernel, Operation *op) const {
  bool isDecided = kernel.getAnchor() || (kernel.userPlan && !kernel.userPlan.getFamily().empty());
  return isDecided || !isAnchor(classify(op)) ? kernel.family : familyOf(op);
}

/// Different iterations of the kernel's loop compute different parts of an op with these loops.
bool Grouping::covers(const KernelDraft &kernel, const RootLoops &loops) const {
  SmallVector<bool> tilable = getTilableLoops(kernel.root);
  for (auto [i, isTilable] : llvm::enumerate(tilable)) {
    if (!isTilable || kernel.keepWhole[i] || llvm::is_contained(loops, static_cast<int64_t>(i)))
      continue;
    // A loop of extent 1 makes no second tile.
    if (getLoopExtents(kernel.root)[i] != 1)
      return false;
  }
  return true;
}

/// The root loops of `op` when it computes what `uses` need; nothing when they need different tiles.
std::optional<RootLoops> Grouping::getLoops(Operation *op, ArrayRef<OpOperand *> uses,
                                            const KernelDraft &kernel) const {
  std::optional<LoopSpace> space = getLoopSpaceOf(op);
  if (!space)
    return std::nullopt;
  RootLoops merged;
  for (OpOperand *use : uses) {
    std::optional<LoopSpace> userSpace = getLoopSpaceOf(use->getOwner());
    if (!userSpace)
      return std::nullopt;
    const RootLoops &userLoops = kernel.loops.find(use->getOwner())->second;
    auto result = cast<OpResult>(use->get());
    unsigned init = cast<DestinationStyleOpInterface>(op).getTiedOpOperand(result)->getOperandNumber();
    RootLoops loops(space->iterators.size(), kWholeDim);
    for (auto [mine, theirs] :
         llvm::zip_equal(space->operands[init], userSpace->operands[use->getOperandNumber()]))
      if (mine.kind == DimMap::Loop && theirs.kind == DimMap::Loop)
        loops[mine.loop] = userLoops[theirs.loop];
    if (merged.empty()) {
      merged = std::move(loops);
      continue;
    }
    for (auto [have, want] : llvm::zip_equal(merged, loops)) {
      if (have == want)
        continue;
      int64_t loop = std::max(have, want);
      bool bothWhole = std::min(have, want) == kWholeDim && kernel.keepWhole[loop];
      if (!bothWhole)
        return std::nullopt;
      have = loop;
    }
  }
  return merged;
}

bool colt5::mayFuse(const KernelDraft &kernel, Fusion &fusion, const FusionRules &rules) {
  Operation *op = fusion.op, *user = fusion.use.getOwner();
  OpOperand &use = fusion.use;
  OpKind userKind = classify(user);
  bool isInit = cast<DestinationStyleOpInterface>(user).isDpsInit(&use);
  bool isLinalg = isa<linalg::LinalgOp>(user);
  auto scatter = dyn_cast<ScatterCombineOp>(user);
  bool isUpdates = scatter && use == scatter.getUpdatesMutable();
  bool isWeight = scatter && scatter.getWeight() && use == scatter.getWeightMutable()[0];
  bool once = fusion.isDisjoint;

  switch (classify(op)) {
  case OpKind::Fill:
    return isInit ? isLinalg || userKind == OpKind::Attention : userKind == OpKind::Elementwise;
  case OpKind::Gather:
    if (isInit)
      return false;
    return (userKind == OpKind::Contraction && rules.gathersOperands) || isUpdates || isWeight ||
           (once && (userKind == OpKind::Elementwise || userKind == OpKind::RowReduction));
  case OpKind::Elementwise:
    if (userKind == OpKind::Elementwise)
      return once || isCheap(op);
    if (isInit)
      return false;
    if (userKind == OpKind::RowReduction)
      return once;
    // Scores of all routers in one tile: rows are normed once, and read while they are at hand.
    if (auto scores = dyn_cast<RouterScoresOp>(user); scores && use == scores.getXMutable()) {
      fusion.keepsRows =
          rules.scoresRows && !kernel.getHeavy() && user == kernel.root && !hasHeavyProducer(op);
      return fusion.keepsRows;
    }
    // Up to the end of a contraction every tile of columns would repeat the work.
    if (userKind == OpKind::Contraction)
      return isCheap(op) && !hasHeavyProducer(op) && rules.computesOperands;
    return (isUpdates && once) || (isWeight && isCheap(op));
  case OpKind::RowReduction:
    if (isInit || userKind != OpKind::Elementwise)
      return false;
    fusion.keepsRows = !kernel.getHeavy() && classify(kernel.root) == OpKind::Elementwise;
    return once || kernel.getHeavy() || fusion.keepsRows;
  case OpKind::Contraction:
  case OpKind::Attention: {
    if (isInit || kernel.getHeavy() || !once || llvm::is_contained(kernel.keepWhole, true))
      return false;
    auto result = cast<OpResult>(use.get());
    std::optional<LoopSpace> space = getLoopSpaceOf(op);
    unsigned init = cast<DestinationStyleOpInterface>(op).getTiedOpOperand(result)->getOperandNumber();
    // The channel of attention is no loop: every tile computes the whole of it.
    bool sliced = llvm::all_of(space->operands[init], [&](DimMap dim) {
      return dim.kind != DimMap::Loop || fusion.loops[dim.loop] != kWholeDim;
    });
    return sliced && (userKind == OpKind::Elementwise || isUpdates);
  }
  case OpKind::Scatter:
  case OpKind::Selection:
  case OpKind::Other:
    return false;
  }
  return false;
}

/// The kernel that `op` could join: the one whose root comes first, if no other use comes before that root.
KernelDraft *Grouping::findHost(Operation *op, SmallVectorImpl<OpOperand *> &uses, bool &escapes) const {
  KernelDraft *host = nullptr;
  for (OpOperand &use : op->getUses()) {
    KernelDraft *kernel = findKernel(use.getOwner());
    if (kernel && (!host || kernel->root->isBeforeInBlock(host->root)))
      host = kernel;
  }
  if (!host)
    return nullptr;
  for (OpOperand &use : op->getUses()) {
    if (isa<tensor::DimOp>(use.getOwner()))
      continue;
    if (findKernel(use.getOwner()) == host) {
      uses.push_back(&use);
      continue;
    }
    Operation *ancestor = block.findAncestorOpInBlock(*use.getOwner());
    if (!ancestor || !host->root->isBeforeInBlock(ancestor))
      return nullptr;
    escapes = true;
  }
  return host;
}

bool Grouping::tryJoin(Operation *op) {
  SmallVector<OpOperand *> uses;
  bool escapes = false;
  KernelDraft *host = findHost(op, uses, escapes);
  if (!host)
    return false;
  // Use lists have no order that a program could rely on.
  llvm::sort(uses, [](OpOperand *lhs, OpOperand *rhs) {
    if (lhs->getOwner() != rhs->getOwner())
      return lhs->getOwner()->isBeforeInBlock(rhs->getOwner());
    return lhs->getOperandNumber() < rhs->getOperandNumber();
  });
  // What another op of the kernel would overwrite cannot be needed elsewhere, too. Fills are cheap to repeat.
  bool isOverwritten = classify(op) != OpKind::Fill && llvm::any_of(uses, isDestination);
  if (isOverwritten && (uses.size() > 1 || escapes))
    return false;
  std::optional<RootLoops> loops = getLoops(op, uses, *host);
  if (!loops)
    return false;
  const KernelFamily *family = getFamilyWith(*host, op);
  bool isDisjoint = covers(*host, *loops), keepsRows = false;
  for (OpOperand *use : uses) {
    Fusion fusion{op, *use, *loops, isDisjoint, keepsRows};
    if (!family->mayFuse(*host, fusion, machine))
      return false;
    keepsRows = fusion.keepsRows;
  }
  if (keepsRows) {
    SmallVector<bool> tilable = getTilableLoops(host->root);
    for (auto [i, keep] : llvm::enumerate(host->keepWhole))
      keep = keep || (tilable[i] && !llvm::is_contained(*loops, static_cast<int64_t>(i)));
  }
  if (escapes && !covers(*host, *loops))
    return false;
  join(op, *host, std::move(*loops));
  return true;
}

LogicalResult Grouping::joinUserKernel(Operation *op, PlanAttr plan) {
  auto *found = llvm::find_if(kernels, [&](const std::unique_ptr<KernelDraft> &kernel) {
    return kernel->userPlan && kernel->userPlan.getKernel() == plan.getKernel();
  });
  if (found == kernels.end())
    return op->emitError("expected a root of kernel ")
           << plan.getKernel()
           << " after this op, which its plan fuses into that kernel, found none in its block";
  SmallVector<OpOperand *> uses;
  for (OpOperand &use : op->getUses())
    if (findKernel(use.getOwner()) == found->get())
      uses.push_back(&use);
  std::optional<RootLoops> loops = getLoops(op, uses, **found);
  unsigned numLoops = cast<TilingInterface>(op).getLoopIteratorTypes().size();
  join(op, **found, loops && !loops->empty() ? *loops : RootLoops(numLoops, kWholeDim));
  return success();
}

FailureOr<SmallVector<std::unique_ptr<KernelDraft>>> Grouping::run() {
  for (Operation &op : llvm::reverse(block)) {
    if (!isComputeOp(&op))
      continue;
    if (PlanAttr plan = getPlan(&op)) {
      if (plan.getRole() == KernelRole::Root)
        open(&op, plan);
      else if (failed(joinUserKernel(&op, plan)))
        return failure();
      continue;
    }
    if (!tryJoin(&op))
      open(&op, {});
  }
  std::reverse(kernels.begin(), kernels.end());
  return std::move(kernels);
}
