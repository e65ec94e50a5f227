#include "colt5/Codegen/Host/Contract.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace mlir::colt5;

LogicalResult colt5::checkLLVMOp(Operation *op) {
  static const StringRef allowed[] = {"memcpy", "memset", "memmove"};
  if (!isa_and_nonnull<LLVM::LLVMDialect>(op->getDialect()) && !isa<ModuleOp>(op))
    return op->emitOpError("is not an op of the LLVM dialect");
  if (auto function = dyn_cast<LLVM::LLVMFuncOp>(op))
    if (function.isExternal() && !llvm::is_contained(allowed, function.getName()))
      return op->emitOpError("needs the external symbol '")
             << function.getName() << "', expected none but memcpy, memset and memmove";
  if (auto global = dyn_cast<LLVM::GlobalOp>(op))
    if (!global.getValueAttr() && global.getInitializerRegion().empty() &&
        global.getLinkage() == LLVM::Linkage::External)
      return op->emitOpError("needs the external variable '") << global.getSymName() << "', expected none";
  return success();
}

static LogicalResult checkLLVM(Operation *root) { return checkEvery(root, checkLLVMOp); }

const StageContract colt5::kLLVMContract = {
    "only the LLVM dialect; no external symbol but memcpy, memset and memmove", checkLLVM};
