#include "colt5/Stages/Bufferize/Contract.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::colt5;

static LogicalResult checkBufferize(Operation *root) {
  auto isTensor = [](Type type) { return isa<TensorType>(type); };
  return checkEvery(root, [&](Operation *op) -> LogicalResult {
    // What a kernel computes is said on tensors.
    if (isInKernelOp(op))
      return success();
    if (auto function = dyn_cast<FunctionOpInterface>(op))
      if (llvm::any_of(function.getArgumentTypes(), isTensor) ||
          llvm::any_of(function.getResultTypes(), isTensor))
        return op->emitOpError("has a tensor in its type ")
               << function.getFunctionType() << ", expected buffers only";
    for (Type type : op->getResultTypes())
      if (isTensor(type))
        return op->emitOpError("yields a tensor of type ")
               << type << ", expected buffers only; run colt5-bufferize";
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (Type type : block.getArgumentTypes())
          if (isTensor(type) && !isa<FunctionOpInterface, KernelOp>(op))
            return op->emitOpError("has a region argument of type ") << type << ", expected buffers only";
    if (isa<memref::AllocOp, memref::ReallocOp>(op))
      return op->emitOpError(
          "allocates on the heap, expected a slice of the workspace; run colt5-plan-workspace");
    if (auto alloca = dyn_cast<memref::AllocaOp>(op); alloca && !alloca.getType().hasStaticShape())
      return op->emitOpError("puts a buffer of dynamic shape ")
             << alloca.getType() << " on the stack, expected a static shape or a slice of the workspace";
    return success();
  });
}

const StageContract colt5::kBufferizeContract = {"no tensor type outside of the regions of colt5.kernel; no "
                                                 "heap allocation; stack buffers have a static shape",
                                                 checkBufferize};
