#include "colt5/Codegen/GPU/Passes.h"

#include "colt5/Codegen/Common/Passes.h"
#include "colt5/Codegen/Host/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/Transforms/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

static void buildDevicePipeline(OpPassManager &pm) {
  colt5::ExpandMathOptions math;
  math.device = true;
  pm.addPass(colt5::createExpandMath(math));
  pm.addPass(affine::createAffineExpandIndexOpsPass());
  pm.addPass(colt5::createColt5ExpandReshapes());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  pm.addPass(createSCFToControlFlowPass());

  colt5::addFloatEmulationPasses(pm);
  pm.addPass(colt5::createColt5ConvertDevice());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
}

void colt5::buildNVVMStage(OpPassManager &pm) {
  pm.addPass(createColt5LaunchesToCalls());
  buildDevicePipeline(pm.nest<gpu::GPUModuleOp>());
  pm.addPass(createColt5EmitGpuEntries());
  addHostToLLVMPasses(pm);
}

void colt5::registerNVVMStage() {
  PassPipelineRegistration<>("colt5-nvvm-stage",
                             "Stage nvvm: kernels become llvm and nvvm ops, host functions the LLVM dialect",
                             [](OpPassManager &pm) { buildNVVMStage(pm); });
}
