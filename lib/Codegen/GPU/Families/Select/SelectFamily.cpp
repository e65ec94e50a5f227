// The family `select`: topk and soft_topk, each as a kernel of its own.
#include "SelectFamily.h"
#include "SelectDetail.h"

using namespace mlir;
using namespace mlir::colt5;

bool SelectFamily::suits(Operation *anchor, const Machine &) const { return isa<TopKOp, SoftTopKOp>(anchor); }

bool SelectFamily::mayFuse(const KernelDraft &, Fusion &, const Machine &) const { return false; }

ScheduleChoice SelectFamily::choose(const KernelDraft &draft, ScheduleAttrInterface given,
                                    const Machine &machine) const {
  // What somebody asked for in vain is refused by `check`.
  if (!isa<TopKOp, SoftTopKOp>(draft.root))
    return {SelectScheduleAttr::fromValues(draft.root->getContext(), {}, {0}), ""};
  TileChoice tile = chooseTile(draft, machine, {});
  int64_t threads = select::chooseThreads(draft.root);
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
