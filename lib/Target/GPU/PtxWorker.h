// LLVM's code generator for GPUs, in a process of its own.
#ifndef COLT5_LIB_TARGET_GPU_PTXWORKER_H
#define COLT5_LIB_TARGET_GPU_PTXWORKER_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace mlir::colt5 {

/// What colt5-ptx-worker is asked to do.
struct PtxRequest {
  /// Of the kernels.
  llvm::StringRef bitcode;
  /// "sm_80".
  llvm::StringRef chip;
  /// The PTX version times ten.
  int ptxVersion;
  /// The only kernel to generate; "": all of them.
  llvm::StringRef kernel;
};

/// What LLVM made of a request.
struct PtxAnswer {
  bool succeeded;
  /// PTX, or why there is none: an error, an abort or a crash of LLVM.
  std::string text;
};

/// Runs the worker. Fails where it cannot be found or started or is none. Several threads may call it at
/// once.
llvm::Expected<PtxAnswer> runPtxWorker(const PtxRequest &request);

} // namespace mlir::colt5

#endif // COLT5_LIB_TARGET_GPU_PTXWORKER_H
