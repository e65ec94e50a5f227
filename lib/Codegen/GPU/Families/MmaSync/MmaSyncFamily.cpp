// The family `mma_sync`: a contraction with what is elementwise around it, as a kernel of its own.
#include "MmaSyncFamily.h"

#include "Emit.h"
#include "Shape.h"
#include "colt5/Stages/Common/ModuleMachine.h"
#include "colt5/Stages/Plan/KernelCost.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::mma_sync;

bool MmaSyncFamily::runsOn(const Machine &machine) const {
  return machine.kind == MachineKind::GPU && machine.features.has(Feature::AsyncCopy);
}

bool MmaSyncFamily::suits(Operation *anchor, const Machine &) const {
  std::string reason;
  return succeeded(viewContraction(anchor, reason));
}

/// A scatter with rows that different blocks may write at the same time, and indices that need no check.
static bool takesScatter(ScatterCombineOp op) {
  return op.getTrusted() && op.getUnique() && cast<ShapedType>(op.getIndices().getType()).getRank() == 2;
}

bool MmaSyncFamily::mayFuse(const KernelDraft &draft, Fusion &fusion, const Machine &) const {
  OpKind kind = classify(fusion.op);
  if (kind != OpKind::Fill && kind != OpKind::Elementwise && kind != OpKind::Contraction)
    return false;
  auto scatter = dyn_cast<ScatterCombineOp>(fusion.use.getOwner());
  return (!scatter || takesScatter(scatter)) && colt5::mayFuse(draft, fusion, {});
}

static FailureOr<ContractionView> viewDraft(const KernelDraft &draft, std::string &reason) {
  SmallVector<Operation *> ops;
  for (auto &[op, loops] : draft.loops)
    ops.push_back(op);
  return viewContraction(ops, reason);
}

ScheduleChoice MmaSyncFamily::choose(const KernelDraft &draft, ScheduleAttrInterface given,
                                     const Machine &machine) const {
  MLIRContext *context = draft.root->getContext();
  std::string ignored;
  FailureOr<ContractionView> view = viewDraft(draft, ignored);
  // What somebody asked for in vain is refused by `check`.
  if (failed(view))
    return {MmaSyncScheduleAttr::fromValues(context, {}, SmallVector<int64_t>(6, 0)), ""};
  auto schedule = completeSchedule<MmaSyncScheduleAttr>(context, given, {}, chooseShape(*view, machine));
  return {schedule, describeShape(Shape(schedule), *view, machine)};
}

std::optional<std::string> MmaSyncFamily::check(const KernelDraft &draft, ScheduleAttrInterface schedule,
                                                const Machine &machine) const {
  std::string reason;
  FailureOr<ContractionView> view = viewDraft(draft, reason);
  if (failed(view))
    return reason;
  if (!schedule.getTile().empty())
    return "expected no tile sizes: block_rows and block_columns say how large the part of a block is";
  return checkShape(Shape(cast<MmaSyncScheduleAttr>(schedule)), view->getNumProducts(), machine);
}

/// The schedule of `op` with what is left out chosen for the machine of its module; reports one that cannot
/// be.
static FailureOr<Shape> getShape(Operation *op, ScheduleAttrInterface given, const ContractionView &view) {
  Machine machine = findMachineOf(op).value_or(getDefaultMachine(MachineKind::GPU));
  auto schedule =
      completeSchedule<MmaSyncScheduleAttr>(op->getContext(), given, {}, chooseShape(view, machine));
  Shape shape(schedule);
  if (std::optional<std::string> reason = checkShape(shape, view.getNumProducts(), machine))
    return op->emitOpError("has a schedule that the family mma_sync cannot honour: ") << *reason;
  return shape;
}

static std::optional<int64_t> getBytes(Value tensor) {
  auto type = cast<ShapedType>(tensor.getType());
  if (!type.hasStaticShape())
    return std::nullopt;
  return type.getNumElements() * (type.getElementTypeBitWidth() / 8);
}

/// Every block reads its rows of A and its columns of the right operands; all else is moved once.
static std::optional<int64_t> countBytes(const Kernel &kernel, const ContractionView &view,
                                         const Shape &shape) {
  std::optional<int64_t> bytes = countMinBytes(kernel);
  int64_t batch = view.getExtent(view.batch), rows = view.getExtent(view.rows),
          columns = view.getExtent(view.columns), k = view.getExtent(view.k);
  if (!bytes || llvm::any_of(ArrayRef{batch, rows, columns, k}, ShapedType::isDynamic))
    return std::nullopt;
  SmallVector<Value> operands{view.spec.a.memref};
  for (const ContractionOperand &b : view.spec.b)
    operands.push_back(b.memref);
  for (Value operand : operands) {
    std::optional<int64_t> once = getBytes(operand);
    if (!once)
      return std::nullopt;
    *bytes -= *once;
  }
  int64_t down = llvm::divideCeil(rows, shape.blockRows),
          across = llvm::divideCeil(columns, shape.blockColumns);
  return *bytes + batch * 2 * k * (across * rows + down * view.getNumProducts() * columns);
}

KernelClaim MmaSyncFamily::claim(const Kernel &kernel, OpBuilder &) const {
  std::string reason;
  FailureOr<ContractionView> view = viewContraction(kernel.ops, reason);
  if (failed(view))
    return KernelClaim::refuse(reason);
  ScheduleAttrInterface schedule = getPlan(kernel.root).getSchedule();
  Machine machine = findMachineOf(kernel.root).value_or(getDefaultMachine(MachineKind::GPU));
  auto complete = completeSchedule<MmaSyncScheduleAttr>(kernel.root->getContext(), schedule, {},
                                                        chooseShape(*view, machine));
  if (!complete.getTile().empty())
    return KernelClaim::refuse("expected no tile sizes");
  Shape shape(complete);
  if (std::optional<std::string> why = checkShape(shape, view->getNumProducts(), machine))
    return KernelClaim::refuse(*why);
  KernelClaim claim;
  claim.bytes = countBytes(kernel, *view, shape);
  return claim;
}

LogicalResult MmaSyncFamily::emit(KernelOp op, gpu::GPUModuleOp kernels) const {
  SmallVector<Operation *> ops;
  for (Operation &inner : op.getBody().front().without_terminator())
    ops.push_back(&inner);
  std::string reason;
  FailureOr<ContractionView> view = viewContraction(ops, reason);
  if (failed(view))
    return op.emitOpError("is not a kernel of family mma_sync: ") << reason;
  FailureOr<Shape> shape = getShape(op, op.getPlan().getSchedule(), *view);
  if (failed(shape))
    return failure();
  return emitContraction(op, *view, *shape, kernels);
}
