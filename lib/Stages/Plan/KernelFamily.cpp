#include "colt5/Stages/Plan/KernelFamily.h"

#include "mlir/Interfaces/TilingInterface.h"

using namespace mlir;
using namespace mlir::colt5;

KernelFamily::~KernelFamily() = default;

//===----------------------------------------------------------------------===//
// The registry
//===----------------------------------------------------------------------===//

void KernelFamilies::add(std::unique_ptr<KernelFamily> family) {
  auto place = family->takesAll() ? families.end() : families.begin();
  families.insert(place, std::move(family));
}

SmallVector<const KernelFamily *> colt5::getFamilies(MLIRContext *context, const Machine *machine) {
  SmallVector<const KernelFamily *> list;
  auto *dialect = context->getLoadedDialect<Colt5Dialect>();
  auto *families = dialect ? dialect->getRegisteredInterface<KernelFamilies>() : nullptr;
  if (!families)
    return list;
  for (const std::unique_ptr<KernelFamily> &family : families->getAll())
    if (!machine || family->runsOn(*machine))
      list.push_back(family.get());
  return list;
}

const KernelFamily *colt5::findFamily(MLIRContext *context, StringRef name) {
  for (const KernelFamily *family : getFamilies(context, nullptr))
    if (family->getName() == name)
      return family;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// What a plan asks for
//===----------------------------------------------------------------------===//

bool colt5::isWholeKernelPlan(PlanAttr plan) {
  const KernelFamily *family = findFamily(plan.getContext(), plan.getFamily());
  return family && family->writesWholeKernels();
}

static LogicalResult checkFamily(Operation *op, ScheduleAttrInterface schedule, const Machine *machine) {
  SmallVector<const KernelFamily *> families = getFamilies(op->getContext(), machine);
  StringRef name = schedule.getFamily();
  // #colt5.tiles leaves the choice to colt5-plan.
  if (name.empty() ||
      llvm::any_of(families, [&](const KernelFamily *family) { return family->getName() == name; }))
    return success();
  InFlightDiagnostic diag = op->emitOpError("expected a plan with a schedule ");
  llvm::interleave(
      families, [&](const KernelFamily *known) { diag << "#colt5." << known->getName(); },
      [&] { diag << " or "; });
  if (machine)
    diag << " for " << machine->name;
  return diag << ", found " << schedule << ", which "
              << (findFamily(op->getContext(), name) ? "does not belong to this machine"
                                                     : "no family implements")
              << "; give tile sizes alone as #colt5.tiles<[...]>, or leave the schedule out";
}

LogicalResult colt5::checkPlanOf(Operation *op, const Machine *machine) {
  PlanAttr plan = getPlan(op);
  if (!plan.getSchedule())
    return success();
  if (failed(checkFamily(op, plan.getSchedule(), machine)))
    return failure();
  // The tiles of a loop have been made.
  if (plan.getTile().empty() || !isComputeOp(op))
    return success();
  size_t numLoops = cast<TilingInterface>(op).getLoopIteratorTypes().size();
  if (plan.getTile().size() != numLoops)
    return op->emitOpError("expected ")
           << numLoops << " tile sizes in its plan, one per loop (0 leaves it whole), found "
           << plan.getTile().size() << ": [" << plan.getTile() << "]";
  return success();
}
