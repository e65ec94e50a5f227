// The runtime that artefacts carry.
#ifndef COLT5_LIB_TARGET_EMBED_RUNTIMECODE_H
#define COLT5_LIB_TARGET_EMBED_RUNTIMECODE_H

#include "llvm/ADT/StringRef.h"

namespace mlir::colt5 {

/// lib/Runtime as LLVM bitcode.
llvm::StringRef getRuntimeBitcode();

/// lib/Runtime and the headers it needs as one C file, but for cpu.h and call.h, which every header of an
/// artefact has.
llvm::StringRef getRuntimeText();

} // namespace mlir::colt5

#endif // COLT5_LIB_TARGET_EMBED_RUNTIMECODE_H
