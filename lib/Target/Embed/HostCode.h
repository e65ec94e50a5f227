// The host code of one target.
#ifndef COLT5_LIB_TARGET_EMBED_HOSTCODE_H
#define COLT5_LIB_TARGET_EMBED_HOSTCODE_H

#include "colt5/Target/Embed/Embed.h"
#include "llvm/IR/Module.h"

namespace mlir::colt5 {

/// The functions that every entry has on every target.
inline constexpr llvm::StringLiteral kHostFunctions[] = {"run", "result_sizes", "workspace_size"};

/// "scale_run": what the compiled code calls function `function` of an entry.
std::string getHostFunction(const EmbedEntry &entry, StringRef function);

/// The module of `target` without its GPU code.
OwningOpRef<ModuleOp> cloneHostModule(const EmbedTarget &target);

/// Makes everything internal but the functions of `entries`; fails when one is missing.
llvm::Error keepEntries(llvm::Module &code, StringRef target, ArrayRef<EmbedEntry> entries);

} // namespace mlir::colt5

#endif // COLT5_LIB_TARGET_EMBED_HOSTCODE_H
