#include "OutputArguments.h"

#include "Destinations.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::colt5;

/// Steps over static reshapes at the end of the chain that produces a result, by reshaping the output buffer
/// instead, so that the producer can write to it directly.
static void reshapeOutput(OpBuilder &builder, Location loc, Value &value, Value &buffer) {
  while (Operation *def = value.getDefiningOp()) {
    if (!value.hasOneUse())
      return;
    auto sourceType =
        def->getNumOperands() ? dyn_cast<RankedTensorType>(def->getOperand(0).getType()) : nullptr;
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(def) || !sourceType.hasStaticShape() ||
        !cast<MemRefType>(buffer.getType()).hasStaticShape())
      return;
    auto newType = MemRefType::get(sourceType.getShape(), sourceType.getElementType());
    if (auto expand = dyn_cast<tensor::ExpandShapeOp>(def))
      buffer =
          memref::CollapseShapeOp::create(builder, loc, newType, buffer, expand.getReassociationIndices());
    else
      buffer = memref::ExpandShapeOp::create(builder, loc, newType, buffer,
                                             cast<tensor::CollapseShapeOp>(def).getReassociationIndices());
    value = def->getOperand(0);
  }
}

LogicalResult OutputArguments::add(DestinationOwner &owner) {
  auto ret = cast<func::ReturnOp>(func.front().getTerminator());
  OpBuilder builder(ret);
  for (OpOperand &operand : ret->getOpOperands()) {
    unsigned index = operand.getOperandNumber();
    Value value = operand.get();
    if (!isa<ShapedType>(value.getType())) {
      Value empty = tensor::EmptyOp::create(builder, ret.getLoc(), ArrayRef<int64_t>(), value.getType());
      value = tensor::InsertOp::create(builder, ret.getLoc(), value, empty, ValueRange());
    }
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type)
      return func.emitError("expected result #")
             << index << " to be a ranked tensor or a scalar, found " << value.getType();
    auto memref = MemRefType::get(type.getShape(), type.getElementType());
    NamedAttrList attrs;
    attrs.set(kOutputAttr, builder.getUnitAttr());
    for (StringRef kept : {kNameAttr, kSizesAttr})
      if (Attribute attr = func.getResultAttr(index, kept))
        attrs.set(kept, attr);
    if (failed(func.insertArgument(func.getNumArguments(), memref, attrs.getDictionary(func.getContext()),
                                   func.getLoc())))
      return func.emitError("cannot add an output argument");
    Value buffer = func.getArguments().back();
    // A reshaped view has to be made before everything that will write through it.
    OpBuilder entry = OpBuilder::atBlockBegin(&func.front());
    reshapeOutput(entry, ret.getLoc(), value, buffer);
    auto place =
        bufferization::ToTensorOp::create(entry, ret.getLoc(), value.getType(), buffer, /*restrict=*/true,
                                          /*writable=*/true);
    if (failed(owner.computeIn(value, place, &func.front())))
      place.erase();
    operand.set(value);
    buffers.push_back(buffer);
  }
  return success();
}

void OutputArguments::writeResults() {
  auto ret = cast<func::ReturnOp>(func.front().getTerminator());
  OpBuilder builder(ret);
  for (auto [value, buffer] : llvm::zip_equal(ret.getOperands(), buffers)) {
    auto write =
        bufferization::MaterializeInDestinationOp::create(builder, ret.getLoc(), Type(), value, buffer);
    write.setRestrict(true);
    write.setWritable(true);
  }
  ret.getOperandsMutable().clear();
  func.setResAttrsAttr(nullptr);
  func.setFunctionType(FunctionType::get(func.getContext(), func.getArgumentTypes(), {}));
}
