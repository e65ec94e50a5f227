// Where the memory that host code hands to kernels comes from.
#include "KernelMemory.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::colt5;

/// Whether `value` is computed from an address, as far as sums go.
static bool holdsAddress(Value value) {
  Operation *def = value.getDefiningOp();
  if (isa_and_present<memref::ExtractAlignedPointerAsIndexOp>(def))
    return true;
  return isa_and_present<arith::AddIOp, arith::IndexCastOp>(def) &&
         llvm::any_of(def->getOperands(), holdsAddress);
}

/// The values that `value` may be; empty when it is where memory comes from.
static SmallVector<Value> getOrigins(Value value) {
  if (auto arg = dyn_cast<BlockArgument>(value)) {
    auto loop = dyn_cast<LoopLikeOpInterface>(arg.getOwner()->getParentOp());
    OpOperand *init = loop ? loop.getTiedLoopInit(arg) : nullptr;
    OpOperand *next = loop ? loop.getTiedLoopYieldedValue(arg) : nullptr;
    return init && next ? SmallVector<Value>{init->get(), next->get()} : SmallVector<Value>();
  }
  Operation *def = value.getDefiningOp();
  unsigned number = cast<OpResult>(value).getResultNumber();
  if (auto view = dyn_cast<ViewLikeOpInterface>(def))
    return {view.getViewSource()};
  if (isa<LLVM::IntToPtrOp, arith::IndexCastOp, memref::ExtractAlignedPointerAsIndexOp,
          memref::ExtractStridedMetadataOp>(def))
    return {def->getOperand(0)};
  if (isa<arith::AddIOp>(def))
    return llvm::to_vector(llvm::make_filter_range(def->getOperands(), holdsAddress));
  if (auto select = dyn_cast<arith::SelectOp>(def))
    return {select.getTrueValue(), select.getFalseValue()};
  if (auto ifOp = dyn_cast<scf::IfOp>(def))
    return {ifOp.thenYield().getOperand(number), ifOp.elseYield().getOperand(number)};
  if (auto loop = dyn_cast<LoopLikeOpInterface>(def); loop && number < loop.getInits().size())
    return {loop.getInits()[number], loop.getYieldedValues()[number]};
  return {};
}

/// Whether memory that comes from `value` is the device's: arguments of bufferized functions are.
static bool isDeviceMemory(Value value) {
  auto arg = dyn_cast<BlockArgument>(value);
  return arg && arg.getOwner()->isEntryBlock() && isa<FunctionOpInterface>(arg.getOwner()->getParentOp()) &&
         isa<MemRefType>(arg.getType());
}

static void describe(Value value, InFlightDiagnostic &diagnostic) {
  Operation *def = value.getDefiningOp();
  if (auto global = dyn_cast_if_present<memref::GetGlobalOp>(def))
    diagnostic << "the constant @" << global.getName();
  else if (def)
    diagnostic << "what '" << def->getName() << "' yields";
  else
    diagnostic << "an argument of type " << value.getType();
}

LogicalResult colt5::checkKernelMemory(gpu::LaunchFuncOp launch) {
  for (auto [index, operand] : llvm::enumerate(launch.getKernelOperands())) {
    if (!isa<LLVM::LLVMPointerType, MemRefType>(operand.getType()))
      continue;
    SetVector<Value> reached;
    reached.insert(operand);
    for (size_t i = 0; i < reached.size(); ++i) {
      SmallVector<Value> origins = getOrigins(reached[i]);
      reached.insert(origins.begin(), origins.end());
      if (!origins.empty() || isDeviceMemory(reached[i]))
        continue;
      InFlightDiagnostic diagnostic = launch.emitOpError("hands host memory to kernel ")
                                      << launch.getKernelAttr() << " as argument #" << index << ": ";
      describe(reached[i], diagnostic);
      return diagnostic << "; expected device memory, which is that of tensor arguments and of the workspace";
    }
  }
  return success();
}
