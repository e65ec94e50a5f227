// Work that may abort the process, done in a child process.
#ifndef COLT5_LIB_TARGET_GPU_CHILD_H
#define COLT5_LIB_TARGET_GPU_CHILD_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace mlir::colt5 {

/// Runs `work` in a child process and returns what it wrote. The child sees a copy of memory; nothing that it
/// changes there comes back. When it fails, exits, aborts or crashes, the error is LLVM's message or the
/// signal. The child has one thread, so another thread of this process must not hold a lock of LLVM or MLIR
/// meanwhile.
llvm::Expected<std::string> runInChild(llvm::function_ref<llvm::Error(llvm::raw_ostream &)> work);

} // namespace mlir::colt5

#endif // COLT5_LIB_TARGET_GPU_CHILD_H
