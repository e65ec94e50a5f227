#include "colt5/Stages/Tile/Contract.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Common/Kernels.h"
#include "colt5/Stages/Common/ModuleMachine.h"
#include "colt5/Stages/Plan/KernelFamily.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::colt5;

/// Whether every pair of iterations of `forall` that differ in a loop with more than one iteration insert at
/// different offsets, as far as the offsets tell: each such loop must appear in one of them.
static LogicalResult checkInsert(scf::ForallOp forall, tensor::ParallelInsertSliceOp insert) {
  llvm::SetVector<Value> used;
  for (OpFoldResult offset : insert.getMixedOffsets()) {
    auto value = dyn_cast<Value>(offset);
    if (!value)
      continue;
    used.insert(value);
    SetVector<Operation *> slice;
    BackwardSliceOptions options;
    options.inclusive = true;
    options.omitBlockArguments = true;
    if (succeeded(getBackwardSlice(value, &slice, options)))
      for (Operation *op : slice)
        used.insert(op->operand_begin(), op->operand_end());
  }
  SmallVector<OpFoldResult> lower = forall.getMixedLowerBound(), upper = forall.getMixedUpperBound(),
                            steps = forall.getMixedStep();
  for (auto [dim, iv] : llvm::enumerate(forall.getInductionVars())) {
    std::optional<int64_t> lo = getConstantIntValue(lower[dim]), hi = getConstantIntValue(upper[dim]),
                           step = getConstantIntValue(steps[dim]);
    bool runsOnce = lo && hi && step && *hi - *lo <= *step;
    if (!runsOnce && !used.contains(iv))
      return insert.emitOpError("inserts at offsets that do not depend on loop ")
             << dim << " of its scf.forall, so that its iterations overlap; expected disjoint slices or "
             << "colt5.parallel_scatter";
  }
  return success();
}

/// The blocks of a kernel are numbered along its loops, the first loop first.
static LogicalResult checkMapping(scf::ForallOp forall) {
  for (auto [dim, attr] :
       llvm::enumerate(forall.getMapping() ? forall.getMapping()->getValue() : ArrayRef<Attribute>()))
    if (auto tile = dyn_cast<TileMappingAttr>(attr); tile && tile.getDim() != int64_t(dim))
      return forall.emitOpError("expected loop ")
             << dim << " to be mapped to #colt5.tile<" << dim << ">, found " << tile
             << "; put the loops into the order of their mapping";
  return success();
}

static LogicalResult checkLoop(scf::ForallOp forall) {
  if (!isMapped(forall) && !isInMappedForall(forall))
    return forall.emitOpError("is not mapped, expected a mapping [#colt5.tile<0>, ...]");
  // Such a loop would be lowered op by op.
  if (PlanAttr plan = getPlan(forall); plan && isWholeKernelPlan(plan))
    return forall.emitOpError("is a loop of the family ")
           << plan.getFamily()
           << ", which writes whole kernels, expected a colt5.kernel; run colt5-claim-kernels before "
              "colt5-tile, or plan the loop for another family";
  if (failed(checkMapping(forall)))
    return failure();
  for (Operation &inner : *forall.getTerminator().getBody())
    if (auto insert = dyn_cast<tensor::ParallelInsertSliceOp>(inner))
      if (failed(checkInsert(forall, insert)))
        return failure();
  return success();
}

/// Kernels that are there as a whole: they do not nest, and a finished one holds no work to come.
static LogicalResult checkWholeKernel(Operation *op) {
  if (isInMappedForall(op) || isInKernelOp(op))
    return op->emitOpError("is inside a kernel, expected kernels not to nest");
  if (auto kernel = op->getParentOfType<gpu::GPUFuncOp>())
    return op->emitOpError("is inside the kernel '") << kernel.getName() << "', expected a finished gpu.func";
  return success();
}

static LogicalResult checkTile(Operation *root) {
  std::optional<Machine> machine = findMachineOf(root);
  return checkEvery(root, [&](Operation *op) -> LogicalResult {
    if (getPlan(op) && failed(checkPlanOf(op, machine ? &*machine : nullptr)))
      return failure();
    if (isa<LaunchOp, KernelOp>(op) && failed(checkWholeKernel(op)))
      return failure();
    if (auto kernel = op->getParentOfType<gpu::GPUFuncOp>(); kernel && isa<scf::ForallOp>(op))
      return checkWholeKernel(op);
    if (auto forall = dyn_cast<scf::ForallOp>(op); forall && !isInKernelOp(op))
      return checkLoop(forall);
    if (isWorkOp(op) && !isInMappedForall(op) && !isInKernelOp(op))
      return op->emitOpError(
          "is outside of every kernel, expected it inside a mapped scf.forall; run colt5-tile");
    return success();
  });
}

const StageContract colt5::kTileContract = {
    "every compute op is inside a mapped scf.forall, or in the region of a colt5.kernel, the kernel of a "
    "family "
    "that writes whole kernels; kernels do not nest; no two iterations insert into the same place",
    checkTile};
