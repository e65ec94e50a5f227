// Compiles functions for a GPU and executes their kernels in the emulator.
#include "CompiledBackend.h"
#include "colt5/Tools/Run/EmulatedProgram.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

namespace {
class EmulatorBackend : public CompiledBackend {
public:
  StringRef getName() const override { return "emulator"; }

protected:
  FailureOr<PipelineOptions> getPipeline(ModuleOp module, const RunRequest &request) override {
    PipelineOptions pipeline;
    pipeline.target = *symbolizeTarget(request.chip);
    return pipeline;
  }

  FailureOr<std::unique_ptr<Program>> load(ModuleOp module, StringRef entry,
                                           const RunRequest &request) override {
    EmulatorOptions options;
    options.hostThreads = request.threads;
    options.seed = request.emulatorSeed;
    FailureOr<std::unique_ptr<EmulatedProgram>> program = EmulatedProgram::compile(module, options);
    if (failed(program))
      return failure();
    return wrap(std::move(*program), entry);
  }
};
} // namespace

std::unique_ptr<Backend> driver::createEmulatorBackend() { return std::make_unique<EmulatorBackend>(); }
