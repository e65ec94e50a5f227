#include "colt5/Conversion/ToGPU/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void colt5::buildToGPUPipeline(OpPassManager &pm) {
  pm.addPass(createColt5OutlineGpu());
  pm.addNestedPass<gpu::GPUModuleOp>(createColt5AssignSharedMemory());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // After equal computations have become equal code.
  pm.addPass(createColt5MergeGpuKernels());
}

void colt5::registerColt5ToGPUPipelines() {
  PassPipelineRegistration<>("colt5-to-gpu-pipeline",
                             "Stage gpu: kernels become gpu.func, merged where equal",
                             [](OpPassManager &pm) { buildToGPUPipeline(pm); });
}
