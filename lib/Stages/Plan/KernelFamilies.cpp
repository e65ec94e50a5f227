#include "colt5/Stages/Plan/KernelFamilies.h"

#include "mlir/Dialect/Linalg/IR/LinalgInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/TilingInterface.h"

using namespace mlir;
using namespace mlir::colt5;

//===----------------------------------------------------------------------===//
// Families
//===----------------------------------------------------------------------===//

namespace {
/// A family with an implementation.
struct Family {
  KernelFamily family;
  MachineKind kind;
  bool isBuilder;
};
} // namespace

static constexpr Family kFamilies[] = {
    {KernelFamily::Loops, MachineKind::CPU, /*isBuilder=*/false},
    {KernelFamily::Simt, MachineKind::GPU, /*isBuilder=*/false},
    {KernelFamily::Select, MachineKind::GPU, /*isBuilder=*/true},
};

bool colt5::isBuilderFamily(KernelFamily family) {
  return llvm::any_of(kFamilies, [&](const Family &row) { return row.family == family && row.isBuilder; });
}

SmallVector<KernelFamily> colt5::getFamilies(const Machine *machine) {
  SmallVector<KernelFamily> families;
  for (const Family &row : kFamilies)
    if (!machine || row.kind == machine->kind)
      families.push_back(row.family);
  return families;
}

std::optional<std::string> colt5::getReasonAgainst(KernelFamily family, Operation *root,
                                                   ArrayRef<Operation *> ops, ArrayRef<int64_t> tile) {
  if (family != KernelFamily::Select)
    return std::nullopt;
  if (!isa<TopKOp, SoftTopKOp>(root))
    return "expected colt5.topk or colt5.soft_topk";
  if (ops.size() > 1)
    return "expected no op fused into the kernel";
  ArrayRef<int64_t> rows = cast<ShapedType>(root->getOperand(0).getType()).getShape();
  for (auto [loop, size] : llvm::enumerate(tile)) {
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

//===----------------------------------------------------------------------===//
// What a plan asks for
//===----------------------------------------------------------------------===//

static LogicalResult checkFamily(Operation *op, KernelFamily family, const Machine *machine) {
  SmallVector<KernelFamily> families = getFamilies(machine);
  // On a GPU `loops`, the default, leaves the choice to colt5-plan.
  if (family == KernelFamily::Loops || llvm::is_contained(families, family))
    return success();
  InFlightDiagnostic diag = op->emitOpError("expected a plan with family = ");
  llvm::interleave(
      families, [&](KernelFamily known) { diag << stringifyKernelFamily(known); }, [&] { diag << " or "; });
  if (machine)
    diag << " for " << machine->name;
  return diag << ", found " << stringifyKernelFamily(family) << ", which "
              << (llvm::is_contained(getFamilies(nullptr), family) ? "does not belong to this machine"
                                                                   : "has no implementation")
              << "; leave the family out and colt5-plan chooses one";
}

/// No family of today overlaps stages, splits a reduction among blocks or uses clusters.
static LogicalResult checkSchedule(Operation *op, PlanAttr plan) {
  std::pair<StringRef, int64_t> numbers[] = {
      {"stages", plan.getStages()}, {"split", plan.getSplit()}, {"cluster", plan.getCluster()}};
  for (auto [name, number] : numbers)
    if (number != 1)
      return op->emitOpError("expected a plan with ")
             << name << " = 1, found " << number << ", which no family can use yet; leave " << name << " out";
  return success();
}

LogicalResult colt5::checkPlanOf(Operation *op, const Machine *machine) {
  PlanAttr plan = getPlan(op);
  if (failed(checkFamily(op, plan.getFamily(), machine)) || failed(checkSchedule(op, plan)))
    return failure();
  // The tiles of a loop have been made.
  if (plan.getTile().empty() || !isComputeOp(op))
    return success();
  if (plan.getRole() == KernelRole::Fused)
    return op->emitOpError("expected tile sizes in the plan of the root of kernel ")
           << plan.getKernel() << " only, found [" << plan.getTile() << "] on an op fused into it";
  size_t numLoops = cast<TilingInterface>(op).getLoopIteratorTypes().size();
  if (plan.getTile().size() != numLoops)
    return op->emitOpError("expected ")
           << numLoops << " tile sizes in its plan, one per loop (0 leaves it whole), found "
           << plan.getTile().size() << ": [" << plan.getTile() << "]";
  return success();
}
