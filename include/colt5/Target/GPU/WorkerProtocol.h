// How the compiler and colt5-ptx-worker talk. The worker is called with the chip, the PTX version as LLVM
// calls it, and the only kernel to keep ("": all). It reads bitcode from its standard input up to the end,
// and writes its answer there too. What else it prints, before the answer, is for people.
#ifndef COLT5_TARGET_GPU_WORKERPROTOCOL_H
#define COLT5_TARGET_GPU_WORKERPROTOCOL_H

#include "llvm/ADT/StringRef.h"

namespace mlir::colt5 {

/// Begins the answer. One of the two below follows.
inline constexpr llvm::StringLiteral kAnswerMark = "\n%colt5-ptx-worker:";
/// The rest is PTX.
inline constexpr llvm::StringLiteral kDone = "done:";
/// The rest says why there is none.
inline constexpr llvm::StringLiteral kFailed = "failed:";

} // namespace mlir::colt5

#endif // COLT5_TARGET_GPU_WORKERPROTOCOL_H
