#include "colt5/Stages/Bufferize/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void colt5::buildBufferizeStage(OpPassManager &pm) {
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
  pm.addNestedPass<func::FuncOp>(createColt5CopyConstants());
  pm.addPass(createColt5PlanWorkspace());
  pm.addPass(createColt5VerifyWorkspace());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void colt5::registerBufferizeStage() {
  PassPipelineRegistration<>(
      "colt5-bufferize-stage",
      "Stage bufferize: tensors become memrefs in one planned workspace, on a GPU also in shared memory",
      [](OpPassManager &pm) { buildBufferizeStage(pm); });
}
