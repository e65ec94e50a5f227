// What backends that compile the function share: stages, instrumentation, arguments and results.
#ifndef COLT5_LIB_TOOLS_RUN_COMPILEDBACKEND_H
#define COLT5_LIB_TOOLS_RUN_COMPILEDBACKEND_H

#include "colt5/Stages/Table.h"
#include "colt5/Target/CPU/HostEntries.h"
#include "colt5/Tools/Common/Instrument.h"
#include "colt5/Tools/Run/Backend.h"
#include "colt5/Tools/Run/GpuProgram.h"

namespace mlir::colt5::driver {

class CompiledBackend : public Backend {
public:
  FailureOr<RunOutcome> run(RunRequest request) final;

protected:
  /// A compiled function.
  class Program {
  public:
    virtual ~Program() = default;
    virtual llvm::Expected<SmallVector<SmallVector<int64_t>>> getResultShapes(ArrayRef<CpuTensor> inputs) = 0;
    /// One run, which adds to `errorWord` and sets `seconds`.
    virtual llvm::Error execute(ArrayRef<CpuTensor> inputs, ArrayRef<CpuTensor> outputs, bool &errorWord,
                                double &seconds) = 0;
  };

  /// A function of GPU code.
  static std::unique_ptr<Program> wrap(std::unique_ptr<GpuProgram> code, StringRef entry);

  /// The stages to run. Failure comes after a diagnostic, as below.
  virtual FailureOr<PipelineOptions> getPipeline(ModuleOp module, const RunRequest &request) = 0;
  /// Compiles the function `entry` of `module`, which is at the last stage.
  virtual FailureOr<std::unique_ptr<Program>> load(ModuleOp module, StringRef entry,
                                                   const RunRequest &request) = 0;

private:
  static LogicalResult execute(Program &program, RunRequest &request, const Instrumentation &added,
                               ArrayRef<Type> resultTypes, RunOutcome &outcome);
};

} // namespace mlir::colt5::driver

#endif // COLT5_LIB_TOOLS_RUN_COMPILEDBACKEND_H
