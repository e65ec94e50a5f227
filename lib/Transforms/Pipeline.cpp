#include "colt5/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace {
struct GpuOptions : PassPipelineOptions<GpuOptions> {
  Option<int64_t> sharedBytes{*this, "shared-bytes", llvm::cl::init(36 << 10),
                              llvm::cl::desc("Shared memory that the buffers of a tile may take, in bytes")};
};
} // namespace

void colt5::buildBufferizePipeline(OpPassManager &pm, int64_t sharedBytes) {
  // Only entry functions get a workspace, so everything they call moves into them.
  pm.addPass(createInlinerPass());
  pm.addPass(createSymbolDCEPass());
  // The sizes of the results are easiest to see on tensors.
  pm.addPass(createColt5EmitSizeFunctions());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createColt5Bufferize());
  // Folds the views and size computations that the plan is made from.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  if (sharedBytes)
    pm.addNestedPass<func::FuncOp>(createColt5CopyConstants());
  Colt5PlanWorkspaceOptions workspace;
  workspace.sharedBytes = sharedBytes;
  pm.addPass(createColt5PlanWorkspace(workspace));
  Colt5VerifyWorkspaceOptions verify;
  verify.perBlock = sharedBytes > 0;
  pm.addPass(createColt5VerifyWorkspace(verify));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void colt5::registerColt5BuffersPipelines() {
  PassPipelineRegistration<>("colt5-bufferize-pipeline",
                             "Stage bufferize: tensors become memrefs in one planned workspace",
                             [](OpPassManager &pm) { buildBufferizePipeline(pm); });
  PassPipelineRegistration<GpuOptions>(
      "colt5-bufferize-gpu-pipeline",
      "Stage bufferize of a GPU: tensors become memrefs in one planned workspace and shared memory",
      [](OpPassManager &pm, const GpuOptions &options) { buildBufferizePipeline(pm, options.sharedBytes); });
}
