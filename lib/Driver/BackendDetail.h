// What the backends share.
#ifndef COLT5_LIB_DRIVER_BACKENDDETAIL_H
#define COLT5_LIB_DRIVER_BACKENDDETAIL_H

#include "colt5/Pipelines/Stages.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"

namespace mlir::colt5::driver {

/// Runs the CPU's stages after `start` ("" = on user input) up to and including `stop` on `module`.
LogicalResult runStages(ModuleOp module, StringRef start, StringRef stop,
                        const PipelineOptions &options = {});

} // namespace mlir::colt5::driver

#endif // COLT5_LIB_DRIVER_BACKENDDETAIL_H
