#include "HostCode.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::colt5;

std::string colt5::getHostFunction(const EmbedEntry &entry, StringRef function) {
  return (entry.entry.name + "_" + function).str();
}

OwningOpRef<ModuleOp> colt5::cloneHostModule(const EmbedTarget &target) {
  OwningOpRef<ModuleOp> host(ModuleOp(target.module).clone());
  for (auto binary : llvm::make_early_inc_range(host->getOps<gpu::BinaryOp>()))
    binary.erase();
  (*host)->removeAttr(gpu::GPUDialect::getContainerModuleAttrName());
  return host;
}

llvm::Error colt5::keepEntries(llvm::Module &code, StringRef target, ArrayRef<EmbedEntry> entries) {
  llvm::StringSet<> kept;
  for (const EmbedEntry &entry : entries)
    for (StringRef function : kHostFunctions) {
      std::string name = getHostFunction(entry, function);
      if (!code.getFunction(name))
        return llvm::createStringError("target " + target + ": expected a function " + name + ", found none");
      kept.insert(name);
    }
  // Targets have the same names for what is theirs, and so have functions that are not kept.
  for (llvm::GlobalValue &value : code.global_values())
    if (!value.isDeclaration() && !kept.contains(value.getName()))
      value.setLinkage(llvm::GlobalValue::InternalLinkage);
  return llvm::Error::success();
}
