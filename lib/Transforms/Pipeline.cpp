#include "colt5/Transforms/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void colt5::buildBufferizePipeline(OpPassManager &pm) {
  // Only entry functions get a workspace, so everything they call moves into them.
  pm.addPass(createInlinerPass());
  pm.addPass(createSymbolDCEPass());
  // The sizes of the results are easiest to see on tensors.
  pm.addPass(createColt5EmitSizeFunctions());
  // Equal tensor.empty ops are merged by this CSE; bufferization gives each use its own buffer where needed.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createColt5Bufferize());
  // Folds the views and size computations that the plan is made from.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createColt5PlanWorkspace());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void colt5::registerColt5BuffersPipelines() {
  PassPipelineRegistration<>("colt5-bufferize-pipeline",
                             "Stage bufferize: tensors become memrefs in one planned workspace",
                             [](OpPassManager &pm) { buildBufferizePipeline(pm); });
}
