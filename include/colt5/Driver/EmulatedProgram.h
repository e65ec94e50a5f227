#ifndef COLT5_DRIVER_EMULATEDPROGRAM_H
#define COLT5_DRIVER_EMULATEDPROGRAM_H

#include "colt5/Emulator/Emulator.h"
#include "colt5/Target/CPU/HostEntries.h"

namespace mlir::colt5::driver {

/// A module for a GPU whose host code runs in this process and whose kernels run in the emulator.
class EmulatedProgram {
public:
  /// Compiles `module`, which is at stage `nvvm`. Failure comes after a diagnostic.
  static FailureOr<std::unique_ptr<EmulatedProgram>> compile(ModuleOp module,
                                                             const EmulatorOptions &options = {});
  ~EmulatedProgram();

  const HostEntries &getEntries() const;

  struct RunResult {
    /// True when an index tensor held a value outside its range (it counted as -1); the outputs are defined.
    bool badIndex = false;
    /// Wall time of the run.
    double seconds = 0.0;
  };
  /// Runs `entry` on copies of the caller's host memory; the outputs are copied back. Workspace and outputs
  /// start with garbage. The error says what a kernel did wrong, or which output was not written whole.
  llvm::Expected<RunResult> run(StringRef entry, ArrayRef<CpuTensor> inputs, ArrayRef<CpuTensor> outputs);

private:
  struct Impl;
  explicit EmulatedProgram(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

} // namespace mlir::colt5::driver

#endif // COLT5_DRIVER_EMULATEDPROGRAM_H
