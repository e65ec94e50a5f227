#include "Destinations.h"

#include "colt5/Stages/Common/Kernels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Support/DebugStringHelper.h"

using namespace mlir;
using namespace mlir::colt5;

/// The operands that the results of `op` are written to, one per result, or nothing.
static MutableArrayRef<OpOperand> getDestinations(Operation *op) {
  if (auto loop = dyn_cast<scf::ForallOp>(op))
    return loop.getOutputsMutable();
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return loop.getInitArgsMutable();
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return loop.getInitsMutable();
  return {};
}

bool colt5::isDestination(OpOperand &use) {
  if (!isa<TensorType>(use.get().getType()))
    return false;
  if (auto dps = dyn_cast<DestinationStyleOpInterface>(use.getOwner()))
    return dps.isDpsInit(&use);
  return llvm::any_of(getDestinations(use.getOwner()), [&](OpOperand &other) { return &other == &use; });
}

OpOperand *colt5::getDestination(OpResult result) {
  Operation *op = result.getOwner();
  if (auto dps = dyn_cast<DestinationStyleOpInterface>(op))
    return dps.getTiedOpOperand(result);
  MutableArrayRef<OpOperand> destinations = getDestinations(op);
  return result.getResultNumber() < destinations.size() ? &destinations[result.getResultNumber()] : nullptr;
}

bool colt5::isView(Operation *op) {
  return isa_and_present<tensor::CastOp, tensor::ExtractSliceOp, tensor::ExpandShapeOp,
                         tensor::CollapseShapeOp>(op);
}

Value colt5::getViewSource(Value value) {
  while (isView(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

void colt5::collectUses(Value value, SmallVectorImpl<OpOperand *> &uses) {
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (isa<tensor::DimOp>(user))
      continue;
    if (isView(user) && use.getOperandNumber() == 0)
      collectUses(user->getResult(0), uses);
    else
      uses.push_back(&use);
  }
}

bool colt5::happensBefore(Operation *first, Operation *second) {
  for (Operation *outer = second; outer; outer = outer->getParentOp()) {
    Operation *other = outer->getBlock() ? outer->getBlock()->findAncestorOpInBlock(*first) : nullptr;
    if (!other)
      continue;
    if (other != outer)
      return other->isBeforeInBlock(outer);
    // Both are in `outer`, in different regions.
    return isa<scf::IfOp>(outer) && first != outer && second != outer;
  }
  return false;
}

/// Whether the function may overwrite `root` at all.
static bool isWritable(Value root) {
  auto arg = dyn_cast<BlockArgument>(root);
  if (!arg)
    return !root.getDefiningOp<arith::ConstantOp>();
  return !isa<func::FuncOp>(arg.getOwner()->getParentOp()) || isDeclaredWritable(root);
}

/// Whether an elementwise op reads each element just before it overwrites it.
static bool isReadInStep(OpOperand &read, OpOperand &written) {
  auto op = dyn_cast<linalg::LinalgOp>(written.getOwner());
  return op && read.getOwner() == op && read.get() == written.get() && !isDestination(read) &&
         linalg::isElementwise(op) && op.getMatchingIndexingMap(&read) == op.getMatchingIndexingMap(&written);
}

bool colt5::isOwned(OpOperand &use) {
  Value root = getViewSource(use.get());
  if (!isWritable(root))
    return false;
  // Between the definition and the user only branches: a loop would overwrite one value several times.
  for (Operation *op = use.getOwner(); op->getBlock() != root.getParentBlock(); op = op->getParentOp())
    if (!isa<scf::IfOp>(op->getParentOp()))
      return false;
  SmallVector<OpOperand *> uses;
  collectUses(root, uses);
  return llvm::all_of(uses, [&](OpOperand *other) {
    return other == &use || happensBefore(other->getOwner(), use.getOwner()) || isReadInStep(*other, use);
  });
}

Value colt5::createCopy(OpBuilder &builder, Location loc, Value value, StringRef reason) {
  Value empty = createEmptyLike(builder, loc, value);
  if (getViewSource(value).getDefiningOp<tensor::EmptyOp>())
    return empty;
  return copyInto(builder, loc, value, empty, reason);
}

Value colt5::copyInto(OpBuilder &builder, Location loc, Value value, Value place, StringRef reason) {
  remark::analysis(loc, remark::RemarkOpts::name("copy").category("colt5-bufferize"))
      << ("copies a value of type " + debugString(value.getType()) + ": " + reason.str());
  return linalg::CopyOp::create(builder, loc, value, place).getResult(0);
}
