// Compiles functions for a GPU of this machine and runs them there.
#include "CompiledBackend.h"
#include "colt5/Tools/Run/CudaProgram.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

namespace {
class CudaBackend : public CompiledBackend {
public:
  StringRef getName() const override { return "cuda"; }

protected:
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
    return wrap(std::move(*program), entry);
  }

private:
  std::shared_ptr<CudaDevice> device;
  Target target;
};
} // namespace

std::unique_ptr<Backend> driver::createCudaBackend() { return std::make_unique<CudaBackend>(); }
