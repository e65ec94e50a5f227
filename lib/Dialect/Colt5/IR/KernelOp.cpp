#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::colt5;

OperandRange KernelOp::getYielded() { return cast<YieldOp>(getBody().front().getTerminator()).getValues(); }

Block::BlockArgListType KernelOp::getInputArguments() {
  return getBody().getArguments().take_front(getInputs().size());
}

Block::BlockArgListType KernelOp::getOutArguments() {
  return getBody().getArguments().drop_front(getInputs().size());
}

/// Whether the op of `use` looks at the elements of the tensor.
static bool readsElements(OpOperand &use) {
  Operation *user = use.getOwner();
  auto dps = dyn_cast<DestinationStyleOpInterface>(user);
  if (!dps || !dps.isDpsInit(&use))
    return !isa<tensor::DimOp>(user);
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(user))
    return linalgOp.payloadUsesValueFromOperand(&use);
  return !isa<Colt5Dialect>(user->getDialect()) || readsInits(user);
}

bool KernelOp::readsOperand(OpOperand &operand) {
  if (!isDpsInit(&operand))
    return true;
  return llvm::any_of(getBody().getArgument(operand.getOperandNumber()).getUses(), readsElements);
}

void KernelOp::getEffects(SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  for (OpOperand &operand : getOperation()->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    if (readsOperand(operand))
      effects.emplace_back(MemoryEffects::Read::get(), &operand, /*stage=*/0, /*effectOnFullRegion=*/true,
                           SideEffects::DefaultResource::get());
    if (isDpsInit(&operand))
      effects.emplace_back(MemoryEffects::Write::get(), &operand, /*stage=*/1, /*effectOnFullRegion=*/true,
                           SideEffects::DefaultResource::get());
  }
}

LogicalResult KernelOp::reifyResultShapes(OpBuilder &builder, ReifiedRankedShapedTypeDims &shapes) {
  return detail::reifyStructuredShapes(*this, builder, shapes);
}

LogicalResult KernelOp::fold(FoldAdaptor, SmallVectorImpl<OpFoldResult> &) {
  // Buffers are as static as they can be.
  return memref::foldMemRefCast(*this);
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

/// Whether `argument` can stand for an operand of type `type` in the region.
static bool standsFor(Type argument, Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped)
    return argument == type;
  auto tensor = dyn_cast<RankedTensorType>(argument);
  return tensor && shaped.hasRank() && tensor.getElementType() == shaped.getElementType() &&
         succeeded(verifyCompatibleShape(tensor.getShape(), shaped.getShape()));
}

static LogicalResult verifyArguments(KernelOp op) {
  Block &body = op.getBody().front();
  if (body.getNumArguments() != op->getNumOperands())
    return op.emitOpError("kernel_c1: expected one region argument per operand, ")
           << op->getNumOperands() << ", found " << body.getNumArguments();
  for (auto [index, argument, operand] : llvm::enumerate(body.getArgumentTypes(), op->getOperandTypes()))
    if (!standsFor(argument, operand))
      return op.emitOpError("kernel_c1: expected region argument #")
             << index << " to stand for an operand of type " << operand << ", found type " << argument;
  return success();
}

static LogicalResult verifyForm(KernelOp op) {
  auto shaped = llvm::make_filter_range(op->getOperandTypes(), llvm::IsaPred<ShapedType>);
  bool onTensors = llvm::any_of(shaped, llvm::IsaPred<TensorType>);
  if (onTensors && !llvm::all_of(shaped, llvm::IsaPred<TensorType>))
    return op.emitOpError(
        "kernel_c2: expected all shaped operands to be tensors or all to be memrefs, found both");
  SmallVector<Type> expected;
  if (onTensors)
    llvm::append_range(expected, op.getOuts().getTypes());
  if (!llvm::equal(expected, op.getResultTypes()))
    return op.emitOpError("kernel_c2: expected the results to be the tensors of outs (")
           << expected << "), found (" << op.getResultTypes() << ")";
  return success();
}

static LogicalResult verifyYield(KernelOp op) {
  auto yield = dyn_cast<YieldOp>(op.getBody().front().getTerminator());
  if (!yield)
    return op.emitOpError("kernel_c3: expected the region to end in colt5.yield, found ")
           << op.getBody().front().getTerminator()->getName();
  size_t count = yield.getValues().size(), outs = op.getOuts().size();
  if (count == 0 || count > outs)
    return op.emitOpError("kernel_c3: expected the region to yield 1 to ")
           << outs << " values, at most one per out, found " << count;
  for (auto [index, value] : llvm::enumerate(yield.getValues()))
    if (Type type = op.getOutArguments()[index].getType(); value.getType() != type)
      return op.emitOpError("kernel_c3: expected yielded value #")
             << index << " to have the type of the argument of its out, " << type << ", found "
             << value.getType();
  return success();
}

static LogicalResult verifyScratch(KernelOp op) {
  for (unsigned number = op.getYielded().size(); number < op.getOuts().size(); ++number) {
    if (!op.getOutArguments()[number].use_empty())
      return op.emitOpError("kernel_c4: expected no use in the region of out #")
             << number << ": it is scratch because the region yields no value for it, found one";
    if (op->getNumResults() && !op->getResult(number).use_empty())
      return op.emitOpError("kernel_c4: expected no use of result #")
             << number << ": its out is scratch because the region yields no value for it, found one";
  }
  return success();
}

static LogicalResult verifyBody(KernelOp op) {
  auto isMemref = [](Type type) { return isa<BaseMemRefType>(type); };
  WalkResult walk = op.getBody().walk([&](Operation *inner) {
    if (llvm::none_of(inner->getOperandTypes(), isMemref) && llvm::none_of(inner->getResultTypes(), isMemref))
      return WalkResult::advance();
    InFlightDiagnostic diag = op.emitOpError("kernel_c5: expected ops on tensors and scalars in the region, "
                                             "found one with a memref");
    diag.attachNote(inner->getLoc()) << "this '" << inner->getName() << "'";
    return WalkResult::interrupt();
  });
  return failure(walk.wasInterrupted());
}

LogicalResult KernelOp::verify() {
  return failure(failed(verifyForm(*this)) || failed(verifyArguments(*this)));
}

LogicalResult KernelOp::verifyRegions() {
  return failure(failed(verifyYield(*this)) || failed(verifyScratch(*this)) || failed(verifyBody(*this)));
}
