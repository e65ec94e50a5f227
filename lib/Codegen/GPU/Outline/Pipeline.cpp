#include "colt5/Codegen/GPU/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void colt5::buildGPUStage(OpPassManager &pm) {
  pm.addPass(createColt5EmitKernels());
  pm.addPass(createColt5OutlineGpu());
  pm.addNestedPass<gpu::GPUModuleOp>(createColt5AssignSharedMemory());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // After equal computations have become equal code.
  pm.addPass(createColt5MergeGpuKernels());
}

void colt5::registerGPUStage() {
  PassPipelineRegistration<>("colt5-gpu-stage", "Stage gpu: kernels become gpu.func, merged where equal",
                             [](OpPassManager &pm) { buildGPUStage(pm); });
}
