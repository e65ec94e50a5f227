#ifndef COLT5_SUPPORT_ERROR_H
#define COLT5_SUPPORT_ERROR_H

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"

namespace mlir::colt5::driver {

/// An error for the user: what was expected, what was found, and where.
llvm::Error makeError(const Twine &text);

/// Prints "<tool>: error: <text>" for every error in `error` to stderr and returns the exit status 1.
int reportError(StringRef tool, llvm::Error error);

} // namespace mlir::colt5::driver

#endif // COLT5_SUPPORT_ERROR_H
