#ifndef COLT5_TOOLS_RUN_EMULATEDPROGRAM_H
#define COLT5_TOOLS_RUN_EMULATEDPROGRAM_H

#include "colt5/Emulator/Emulator.h"
#include "colt5/Tools/Run/GpuProgram.h"

namespace mlir::colt5::driver {

/// A module for a GPU whose host code runs in this process and whose kernels run in the emulator.
class EmulatedProgram : public GpuProgram {
public:
  /// Compiles `module`, which is at stage `nvvm`. Failure comes after a diagnostic.
  static FailureOr<std::unique_ptr<EmulatedProgram>> compile(ModuleOp module,
                                                             const EmulatorOptions &options = {});
  ~EmulatedProgram() override;

  const HostEntries &getEntries() const override;
  /// The error says what a kernel did wrong, or which output was not written whole.
  llvm::Expected<RunResult> run(StringRef entry, ArrayRef<CpuTensor> inputs,
                                ArrayRef<CpuTensor> outputs) override;

private:
  struct Impl;
  explicit EmulatedProgram(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_RUN_EMULATEDPROGRAM_H
