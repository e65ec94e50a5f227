// Compiles functions for a GPU of this machine and runs them there.
#include "CompiledBackend.h"
#include "colt5/Driver/CudaProgram.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

namespace {
class CudaBackend : public CompiledBackend {
public:
  StringRef getName() const override { return "cuda"; }

protected:
  struct Compiled : Program {
    std::unique_ptr<CudaProgram> program;
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
    auto opened = CudaDevice::open(request.cudaDevice, request.cudaLibrary);
    if (!opened)
      return module.emitError(llvm::toString(opened.takeError()));
    device = std::move(*opened);
    llvm::Expected<Target> chosen = device->chooseTarget();
    if (!chosen)
      return module.emitError(llvm::toString(chosen.takeError()));
    PipelineOptions pipeline;
    pipeline.target = target = *chosen;
    return pipeline;
  }

  FailureOr<std::unique_ptr<Program>> load(ModuleOp module, StringRef entry,
                                           const RunRequest &request) override {
    FailureOr<std::unique_ptr<CudaProgram>> program = CudaProgram::compile(module, target, device);
    if (failed(program))
      return failure();
    auto compiled = std::make_unique<Compiled>();
    compiled->entry = entry.str();
    compiled->program = std::move(*program);
    return std::unique_ptr<Program>(std::move(compiled));
  }

private:
  std::shared_ptr<CudaDevice> device;
  Target target;
};
} // namespace

std::unique_ptr<Backend> driver::createCudaBackend() { return std::make_unique<CudaBackend>(); }
