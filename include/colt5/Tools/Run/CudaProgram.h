#ifndef COLT5_TOOLS_RUN_CUDAPROGRAM_H
#define COLT5_TOOLS_RUN_CUDAPROGRAM_H

#include "colt5-abi/gpu_runtime.h"
#include "colt5/Stages/Table.h"
#include "colt5/Tools/Run/GpuProgram.h"

namespace mlir::colt5::driver {

/// A GPU of this machine.
class CudaDevice {
public:
  /// Opens device number `ordinal` with the driver's library at `library` ("": the system's).
  static llvm::Expected<std::shared_ptr<CudaDevice>> open(int32_t ordinal, StringRef library);
  ~CudaDevice();

  colt5_gpu_context *getContext() const { return context; }
  /// 10 * major + minor of the compute capability.
  unsigned getChip() const { return description.chip; }
  /// The target whose code suits the device best: its own chip, or else the latest one before it that is not
  /// specific to its architecture. The error lists the targets.
  llvm::Expected<Target> chooseTarget() const;

private:
  colt5_gpu_context *context = nullptr;
  colt5_gpu_device description = {};
};

/// A module for a GPU whose host code runs in this process and whose kernels run on a device.
class CudaProgram : public GpuProgram {
public:
  /// Compiles `module`, which is at stage `nvvm` of `target`. Failure comes after a diagnostic.
  static FailureOr<std::unique_ptr<CudaProgram>> compile(ModuleOp module, Target target,
                                                         std::shared_ptr<CudaDevice> device);
  ~CudaProgram() override;

  const HostEntries &getEntries() const override;
  /// The error is the runtime's message.
  llvm::Expected<RunResult> run(StringRef entry, ArrayRef<CpuTensor> inputs,
                                ArrayRef<CpuTensor> outputs) override;

private:
  struct Impl;
  explicit CudaProgram(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_RUN_CUDAPROGRAM_H
