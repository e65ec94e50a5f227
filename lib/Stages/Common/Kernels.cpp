#include "colt5/Stages/Common/Kernels.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlir::colt5;

PlanAttr colt5::getPlan(Operation *op) {
  if (auto kernel = dyn_cast<KernelOp>(op))
    return kernel.getPlan();
  return op->getAttrOfType<PlanAttr>(kPlanAttr);
}

ScheduleAttrInterface colt5::findSchedule(Operation *op) {
  for (; op; op = op->getParentOp())
    if (PlanAttr plan = getPlan(op))
      return plan.getSchedule();
  return {};
}

bool colt5::readsDestination(OpOperand &init) {
  Operation *op = init.getOwner();
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return linalgOp.payloadUsesValueFromOperand(&init);
  if (auto kernel = dyn_cast<KernelOp>(op))
    return kernel.readsOperand(init);
  return !isComputeOp(op) || readsInits(op) || !isa_and_nonnull<Colt5Dialect>(op->getDialect());
}

bool colt5::isDeclaredWritable(Value value) {
  auto arg = dyn_cast<BlockArgument>(value);
  auto function = arg ? dyn_cast<FunctionOpInterface>(arg.getOwner()->getParentOp()) : nullptr;
  if (!function)
    return false;
  auto writable = function.getArgAttrOfType<BoolAttr>(arg.getArgNumber(),
                                                      bufferization::BufferizationDialect::kWritableAttrName);
  return writable && writable.getValue();
}

Value colt5::createEmptyLike(OpBuilder &builder, Location loc, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return tensor::EmptyOp::create(builder, loc, tensor::getMixedSizes(builder, loc, value),
                                 type.getElementType(), type.getEncoding());
}

bool colt5::isKernelLoop(Operation *op) {
  auto loop = dyn_cast<scf::ForallOp>(op);
  if (!loop || !loop.getMapping())
    return false;
  return llvm::all_of(*loop.getMapping(), llvm::IsaPred<TileMappingAttr>);
}

bool colt5::isComputeOp(Operation *op) {
  if (!isa<TilingInterface>(op) || op->getNumResults() == 0)
    return false;
  if (!isa<linalg::LinalgDialect, Colt5Dialect>(op->getDialect()))
    return false;
  auto dps = dyn_cast<DestinationStyleOpInterface>(op);
  if (!dps || !dps.hasPureTensorSemantics())
    return false;
  for (Operation *parent = op->getParentOp(); parent; parent = parent->getParentOp())
    if (isKernelLoop(parent) || isa<TilingInterface, KernelOp>(parent))
      return false;
  return true;
}

bool colt5::canSpreadSlots(ScatterCombineOp op) {
  if (!op.getUnique())
    return false;
  // Different routes may select one row, and their order counts.
  auto type = cast<ShapedType>(op.getUpdates().getType());
  return type.getRank() == 3 || type.getDimSize(1) == 1;
}

bool colt5::computesNothing(Operation *op) {
  if (llvm::all_of(op->getResultTypes(), hasNoElements))
    return true;
  if (auto scatter = dyn_cast<ScatterCombineOp>(op))
    return hasNoElements(scatter.getUpdates().getType());
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  return linalgOp && llvm::is_contained(linalgOp.getStaticLoopRanges(), 0);
}

SmallVector<bool> colt5::getTilableLoops(Operation *op) {
  SmallVector<bool> tilable;
  for (utils::IteratorType type : cast<TilingInterface>(op).getLoopIteratorTypes())
    tilable.push_back(type == utils::IteratorType::parallel);
  if (auto scatter = dyn_cast<ScatterCombineOp>(op))
    if (canSpreadSlots(scatter))
      tilable[tilable.size() - 2] = true;
  return tilable;
}

FailureOr<SmallVector<Kernel>> colt5::collectKernels(Operation *top) {
  llvm::MapVector<int64_t, Kernel> byNumber;
  bool failed = false;
  top->walk([&](Operation *op) {
    if (!isComputeOp(op))
      return;
    PlanAttr plan = getPlan(op);
    if (!plan) {
      op->emitError("expected a '") << kPlanAttr
                                    << "' attribute of type #colt5.plan on every compute op; run "
                                    << "colt5-plan before";
      failed = true;
      return;
    }
    Kernel &kernel = byNumber[plan.getKernel()];
    kernel.number = plan.getKernel();
    if (!kernel.ops.empty() && kernel.ops.front()->getBlock() != op->getBlock()) {
      InFlightDiagnostic diag = op->emitError("expected all ops of kernel ")
                                << kernel.number << " in one block, found one in another";
      diag.attachNote(kernel.ops.front()->getLoc()) << "the first op of the kernel";
      failed = true;
    }
    kernel.ops.push_back(op);
    if (plan.getRole() != KernelRole::Root)
      return;
    if (kernel.root) {
      InFlightDiagnostic diag = op->emitError("expected one root in kernel ")
                                << kernel.number << ", found a second";
      diag.attachNote(kernel.root->getLoc()) << "the first root";
      failed = true;
    }
    kernel.root = op;
  });
  SmallVector<Kernel> kernels;
  for (auto &[number, kernel] : byNumber) {
    if (!kernel.root && !failed) {
      kernel.ops.front()->emitError("expected one root in kernel ") << number << ", found only fused ops";
      failed = true;
    }
    kernels.push_back(std::move(kernel));
  }
  if (failed)
    return failure();
  return kernels;
}

//===----------------------------------------------------------------------===//
// Where a plan stands
//===----------------------------------------------------------------------===//

static LogicalResult checkPlace(Operation *op, bool isDecomposed) {
  Attribute attr = op->getDiscardableAttr(kPlanAttr);
  if (!attr)
    return success();
  if (!isa<PlanAttr>(attr))
    return op->emitOpError("expected '") << kPlanAttr << "' to be a #colt5.plan, found " << attr;
  if (isa<linalg::AggregatedOpInterface>(op) && !(isDecomposed && isComputeOp(op)))
    return op->emitOpError(
        "is a composite op, which stage decompose replaces by several ops, so that nothing reads its plan; "
        "expected the plan on one of them (see --stop-stage=decompose)");
  if (isComputeOp(op) || isKernelLoop(op))
    return success();
  return op->emitOpError(
      "carries a plan that nothing reads, expected it on a linalg op or colt5 primitive on tensors "
      "that is not inside another one; remove it");
}

LogicalResult colt5::checkPlacesOfPlans(Operation *top, bool isDecomposed) {
  bool failedAny = false;
  top->walk([&](Operation *op) { failedAny |= failed(checkPlace(op, isDecomposed)); });
  return failure(failedAny);
}
