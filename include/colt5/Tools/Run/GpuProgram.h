#ifndef COLT5_TOOLS_RUN_GPUPROGRAM_H
#define COLT5_TOOLS_RUN_GPUPROGRAM_H

#include "colt5/Target/CPU/HostEntries.h"

namespace mlir::colt5::driver {

/// Code for a GPU whose host part runs in this process, wherever its kernels run.
class GpuProgram {
public:
  virtual ~GpuProgram() = default;

  virtual const HostEntries &getEntries() const = 0;

  struct RunResult {
    /// True when an index tensor held a value outside its range (it counted as -1); the outputs are defined.
    bool badIndex = false;
    /// From the first launch until the last kernel has finished.
    double seconds = 0.0;
  };
  /// Runs `entry` on copies of the caller's host memory; the outputs are copied back. Workspace and outputs
  /// start with garbage.
  virtual llvm::Expected<RunResult> run(StringRef entry, ArrayRef<CpuTensor> inputs,
                                        ArrayRef<CpuTensor> outputs) = 0;
};

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_RUN_GPUPROGRAM_H
