// The family `select`: topk and soft_topk, each as a kernel of its own.
#include "SelectFamily.h"
#include "SelectDetail.h"
#include "colt5/Stages/Plan/KernelCost.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::select;

bool SelectFamily::suits(Operation *anchor, const Machine &) const { return isa<TopKOp, SoftTopKOp>(anchor); }

bool SelectFamily::mayFuse(const KernelDraft &, Fusion &, const Machine &) const { return false; }

ScheduleChoice SelectFamily::choose(const KernelDraft &draft, ScheduleAttrInterface given,
                                    const Machine &machine) const {
  // What somebody asked for in vain is refused by `check`.
  if (!isa<TopKOp, SoftTopKOp>(draft.root))
    return {SelectScheduleAttr::fromValues(draft.root->getContext(), {}, {0}), ""};
  TileChoice tile = chooseTile(draft, machine, {});
  int64_t threads = chooseThreads(draft.root);
  auto schedule =
      completeSchedule<SelectScheduleAttr>(draft.root->getContext(), given, tile.sizes, {threads});
  return {schedule, tile.reason};
}

std::optional<std::string> SelectFamily::check(const KernelDraft &draft, ScheduleAttrInterface schedule,
                                               const Machine &) const {
  Operation *root = draft.root;
  if (!isa<TopKOp, SoftTopKOp>(root))
    return "expected colt5.topk or colt5.soft_topk";
  if (draft.loops.size() > 1)
    return "expected no op fused into the kernel";
  ArrayRef<int64_t> rows = cast<ShapedType>(root->getOperand(0).getType()).getShape();
  for (auto [loop, size] : llvm::enumerate(schedule.getTile())) {
    bool isWhole = size == 0 || (!ShapedType::isDynamic(rows[loop]) && size >= rows[loop]);
    if (!isWhole && size != 1)
      return ("expected a tile size of 0 or 1 for loop " + Twine(loop) + ", found " + Twine(size)).str();
    // Batch and route lead. A row in the middle of an unknown number of rows is not known to be all of them.
    for (OpOperand &operand : root->getOpOperands()) {
      auto type = dyn_cast<ShapedType>(operand.get().getType());
      if (isWhole && type && int64_t(loop) + 1 < type.getRank() && type.isDynamicDim(loop))
        return ("expected a static size in dimension " + Twine(loop) + " of operand #" +
                Twine(operand.getOperandNumber()) + ", which is not tiled, found a dynamic one")
            .str();
    }
  }
  return std::nullopt;
}

/// The selection that the region of `op` consists of, as `claim` leaves it; reports any other.
static FailureOr<Operation *> findSelection(KernelOp op) {
  Block &body = op.getBody().front();
  if (!llvm::hasNItems(body, 2) || !isa<TopKOp, SoftTopKOp>(body.front()))
    return op.emitOpError("expected one colt5.topk or colt5.soft_topk in a kernel of family select");
  Operation *selection = &body.front();
  bool isWhole = llvm::equal(op.getYielded(), selection->getResults()) &&
                 llvm::all_of(selection->getOperands(), llvm::IsaPred<BlockArgument>);
  for (auto [number, init] : llvm::enumerate(cast<DestinationStyleOpInterface>(selection).getDpsInits()))
    isWhole = isWhole && init == op.getOutArguments()[number];
  if (!isWhole)
    return op.emitOpError("expected a kernel of family select to pass its arguments to the selection and to "
                          "yield its results, in this order");
  return selection;
}

/// Of a mask of all routes every route reads the whole.
static std::optional<int64_t> countBytes(const Kernel &kernel, Value scores, Value mask) {
  std::optional<int64_t> bytes = countMinBytes(kernel);
  auto type = mask ? cast<ShapedType>(mask.getType()) : ShapedType();
  if (!bytes || !type || type.getRank() == 3)
    return bytes;
  return *bytes + (cast<ShapedType>(scores.getType()).getDimSize(1) - 1) * type.getNumElements();
}

KernelClaim SelectFamily::claim(const Kernel &kernel, OpBuilder &builder) const {
  if (kernel.ops.size() != 1)
    return KernelClaim::refuse("expected no op fused into the kernel");
  KernelClaim claim;
  if (auto topk = dyn_cast<TopKOp>(kernel.root)) {
    claim.bytes = countBytes(kernel, topk.getScores(), topk.getMask());
    claim.scratch = createScratch(builder, topk);
  } else if (auto soft = dyn_cast<SoftTopKOp>(kernel.root)) {
    claim.bytes = countBytes(kernel, soft.getScores(), soft.getMask());
  } else {
    return KernelClaim::refuse("expected colt5.topk or colt5.soft_topk");
  }
  return claim;
}

LogicalResult SelectFamily::emit(KernelOp op, gpu::GPUModuleOp kernels) const {
  FailureOr<Operation *> selection = findSelection(op);
  if (failed(selection))
    return failure();
  if (auto topk = dyn_cast<TopKOp>(*selection))
    return emitTopK(op, topk, kernels);
  emitSoftTopK(op, cast<SoftTopKOp>(*selection), kernels);
  return success();
}
