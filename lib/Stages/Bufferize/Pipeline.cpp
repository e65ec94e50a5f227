#include "colt5/Stages/Bufferize/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace {
struct Options : PassPipelineOptions<Options> {
  Option<int64_t> sharedBytes{
      *this, "shared-bytes", llvm::cl::init(0),
      llvm::cl::desc("Bytes of shared memory that the buffers of a tile may take on a "
                     "GPU; 0 for a CPU")};
};
} // namespace

void colt5::buildBufferizeStage(OpPassManager &pm, int64_t sharedBytes) {
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

void colt5::registerBufferizeStage() {
  PassPipelineRegistration<Options>(
      "colt5-bufferize-stage",
      "Stage bufferize: tensors become memrefs in one planned workspace, on a GPU also in shared memory",
      [](OpPassManager &pm, const Options &options) { buildBufferizeStage(pm, options.sharedBytes); });
}
