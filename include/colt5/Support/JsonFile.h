#ifndef COLT5_SUPPORT_JSONFILE_H
#define COLT5_SUPPORT_JSONFILE_H

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace mlir::colt5::driver {

/// Writes `root` to the file that `--json` names ("-" is stdout).
llvm::Error writeJsonFile(StringRef path, llvm::json::Object root);

} // namespace mlir::colt5::driver

#endif // COLT5_SUPPORT_JSONFILE_H
