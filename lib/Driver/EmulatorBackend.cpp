// Compiles functions for a GPU and executes their kernels in the emulator.
#include "CompiledBackend.h"
#include "colt5/Driver/EmulatedProgram.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

namespace {
class EmulatorBackend : public CompiledBackend {
public:
  StringRef getName() const override { return "emulator"; }

protected:
  struct Compiled : Program {
    std::unique_ptr<EmulatedProgram> program;
    std::string entry;

    llvm::Expected<SmallVector<SmallVector<int64_t>>> getResultShapes(ArrayRef<CpuTensor> inputs) override {
      return program->getEntries().getResultShapes(entry, inputs);
    }
    llvm::Error execute(ArrayRef<CpuTensor> inputs, ArrayRef<CpuTensor> outputs, bool &errorWord,
                        double &seconds) override {
      auto ran = program->run(entry, inputs, outputs);
      if (!ran)
        return ran.takeError();
      errorWord |= ran->badIndex;
      seconds = ran->seconds;
      return llvm::Error::success();
    }
  };

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
    auto compiled = std::make_unique<Compiled>();
    compiled->entry = entry.str();
    compiled->program = std::move(*program);
    return std::unique_ptr<Program>(std::move(compiled));
  }
};
} // namespace

std::unique_ptr<Backend> driver::createEmulatorBackend() { return std::make_unique<EmulatorBackend>(); }
