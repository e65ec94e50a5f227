// Compiles functions for this machine and runs them in this process.
#include "CompiledBackend.h"
#include "colt5/Target/CPU/Jit.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

namespace {
class CpuBackend : public CompiledBackend {
public:
  StringRef getName() const override { return "cpu"; }

protected:
  struct Compiled : Program {
    std::unique_ptr<CpuProgram> program;
    std::string entry;
    unsigned threads;

    llvm::Expected<SmallVector<SmallVector<int64_t>>> getResultShapes(ArrayRef<CpuTensor> inputs) override {
      return program->getResultShapes(entry, inputs);
    }
    llvm::Error execute(ArrayRef<CpuTensor> inputs, ArrayRef<CpuTensor> outputs, bool &errorWord,
                        double &seconds) override {
      auto ran = program->run(entry, inputs, outputs, threads);
      if (!ran)
        return ran.takeError();
      errorWord |= ran->badIndex;
      seconds = ran->seconds;
      return llvm::Error::success();
    }
  };

  FailureOr<PipelineOptions> getPipeline(ModuleOp module, const RunRequest &) override {
    FailureOr<const Machine *> machine = findCpuMachine(CpuOptions(), [&] { return module->emitError(); });
    if (failed(machine))
      return failure();
    PipelineOptions pipeline;
    pipeline.target.machine = *machine;
    return pipeline;
  }

  FailureOr<std::unique_ptr<Program>> load(ModuleOp module, StringRef entry,
                                           const RunRequest &request) override {
    FailureOr<std::unique_ptr<CpuProgram>> program = CpuProgram::compile(module);
    if (failed(program))
      return failure();
    auto compiled = std::make_unique<Compiled>();
    compiled->program = std::move(*program);
    compiled->entry = entry.str();
    compiled->threads = request.threads;
    return std::unique_ptr<Program>(std::move(compiled));
  }
};
} // namespace

std::unique_ptr<Backend> driver::createCpuBackend() { return std::make_unique<CpuBackend>(); }
