// What the backends share.
#ifndef COLT5_LIB_TOOLS_RUN_BACKENDDETAIL_H
#define COLT5_LIB_TOOLS_RUN_BACKENDDETAIL_H

#include "colt5/Reference/Tensor.h"
#include "colt5/Stages/Table.h"
#include "colt5/Tools/Run/Backend.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"

namespace mlir::colt5::driver {

/// What runs kernels makes code of the module after this stage of a GPU.
inline constexpr llvm::StringLiteral kLastGpuStage = "nvvm";

/// Runs the CPU's stages after `start` ("" = on user input) up to and including `stop` on `module`.
LogicalResult runStages(ModuleOp module, StringRef start, StringRef stop,
                        const PipelineOptions &options = {});

/// The inputs of `request` as the reference takes them.
std::vector<reference::Tensor> makeReferenceInputs(const RunRequest &request);

/// Executes the module with the reference after every pass up to the tiled program and compares with its
/// results before the first one. Returns the number of passes checked; failure comes after a diagnostic that
/// names the pass.
FailureOr<unsigned> verifySemantics(const RunRequest &request);

} // namespace mlir::colt5::driver

#endif // COLT5_LIB_TOOLS_RUN_BACKENDDETAIL_H
