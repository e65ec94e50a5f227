// The runtime that artefacts carry.
#ifndef COLT5_LIB_TARGET_EMBED_RUNTIMECODE_H
#define COLT5_LIB_TARGET_EMBED_RUNTIMECODE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace mlir::colt5 {

/// lib/Runtime as LLVM bitcode for the architecture of this compiler.
llvm::StringRef getRuntimeBitcode();

/// The same for `architecture`. Fails where this compiler was built without it.
llvm::Expected<llvm::StringRef> getRuntimeBitcode(llvm::StringRef architecture);

/// lib/Runtime and the headers it needs as one C file, but for cpu.h and call.h, which every header of an
/// artefact has.
llvm::StringRef getRuntimeText();

} // namespace mlir::colt5

#endif // COLT5_LIB_TARGET_EMBED_RUNTIMECODE_H
