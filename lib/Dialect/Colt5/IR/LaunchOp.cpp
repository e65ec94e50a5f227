#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"

using namespace mlir;
using namespace mlir::colt5;

void LaunchOp::getEffects(SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  for (OpOperand &operand : getOperation()->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    // A kernel may read what it is going to write.
    effects.emplace_back(MemoryEffects::Read::get(), &operand);
    if (isDpsInit(&operand))
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
  }
}

LogicalResult LaunchOp::verify() {
  if (getGrid().empty() || getGrid().size() > 3)
    return emitOpError("launch_c4: expected 1 to 3 grid sizes, found ") << getGrid().size();
  bool onTensors = false, onBuffers = false;
  for (Value operand : llvm::concat<Value>(getInputs(), getOuts())) {
    onTensors |= isa<TensorType>(operand.getType());
    onBuffers |= isa<BaseMemRefType>(operand.getType());
  }
  if (onTensors && onBuffers)
    return emitOpError(
        "launch_c3: expected all shaped operands to be tensors or all to be memrefs, found both");
  SmallVector<Type> expected;
  if (onTensors)
    llvm::append_range(expected, getOuts().getTypes());
  if (!llvm::equal(expected, getResultTypes()))
    return emitOpError("launch_c3: expected the results to be the tensors of outs (")
           << expected << "), found (" << getResultTypes() << ")";
  return success();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<gpu::GPUFuncOp>(getOperation(), getKernelAttr());
  if (!kernel || !kernel.isKernel() || !kernel.getKnownBlockSize())
    return emitOpError("launch_c1: expected '")
           << getKernelAttr() << "' to be a gpu.func kernel with a known_block_size, found "
           << (kernel ? "one without" : "none");
  auto operands = llvm::to_vector(llvm::concat<Value>(getInputs(), getOuts()));
  if (operands.size() != kernel.getNumArguments())
    return emitOpError("launch_c2: expected ")
           << kernel.getNumArguments() << " operands as kernel '" << getKernelAttr()
           << "' has parameters, found " << operands.size();
  for (auto [index, operand] : llvm::enumerate(operands)) {
    Type type = operand.getType(), parameter = kernel.getArgument(index).getType();
    auto shaped = dyn_cast<ShapedType>(type);
    auto memref = dyn_cast<MemRefType>(parameter);
    bool fits = shaped ? memref && shaped.hasRank() && memref.getRank() == shaped.getRank() &&
                             memref.getElementType() == shaped.getElementType()
                       : type == parameter;
    if (!fits)
      return emitOpError("launch_c2: expected operand #")
             << index << " to fit parameter type " << parameter << ", found " << type;
  }
  return success();
}
