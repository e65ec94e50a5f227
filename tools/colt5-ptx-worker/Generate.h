#ifndef COLT5_TOOLS_COLT5_PTX_WORKER_GENERATE_H
#define COLT5_TOOLS_COLT5_PTX_WORKER_GENERATE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include <string>

namespace mlir::colt5 {

/// Optimizes `module` and returns it as PTX for `chip` ("sm_80"); `version` is a feature of LLVM ("+ptx70").
/// LLVM may abort in here.
llvm::Expected<std::string> generatePtx(llvm::Module &module, llvm::StringRef chip, llvm::StringRef version);

} // namespace mlir::colt5

#endif // COLT5_TOOLS_COLT5_PTX_WORKER_GENERATE_H
