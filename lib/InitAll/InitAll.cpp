#include "colt5/InitAll.h"

#include "colt5/Codegen/CPU/Families.h"
#include "colt5/Codegen/CPU/Passes.h"
#include "colt5/Codegen/Common/Passes.h"
#include "colt5/Codegen/GPU/Families.h"
#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Codegen/Host/Passes.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Dialect/Colt5/Interfaces/Aggregated.h"
#include "colt5/Dialect/Colt5/Interfaces/Bufferization.h"
#include "colt5/Dialect/Colt5/Interfaces/Tiling.h"
#include "colt5/Dialect/Colt5/Interfaces/ValueBounds.h"
#include "colt5/Emulator/Passes.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "colt5/Stages/Decompose/Passes.h"
#include "colt5/Stages/Input/Passes.h"
#include "colt5/Stages/Passes.h"
#include "colt5/Stages/Plan/Passes.h"
#include "colt5/Stages/Table.h"
#include "colt5/Stages/Tile/Passes.h"
#include "colt5/Target/GPU/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"

using namespace mlir;

void colt5::registerColt5Dialects(DialectRegistry &registry) {
  registry.insert<Colt5Dialect>();
  registerAggregatedOpInterfaceExternalModels(registry);
  registerTilingInterfaceExternalModels(registry);
  registerParallelScatterBufferization(registry);
  registerKernelBufferization(registry);
  registerBufferizableOpInterfaceExternalModels(registry);
  registerValueBoundsOpInterfaceExternalModels(registry);
  registerCPUFamilies(registry);
  registerGPUFamilies(registry);
}

void colt5::registerColt5Passes() {
  registerColt5StagesPasses();
  registerColt5StagesInputPasses();
  registerColt5StagesDecomposePasses();
  registerColt5StagesPlanPasses();
  registerColt5StagesTilePasses();
  registerColt5StagesBufferizePasses();
  registerBufferizeStage();
  registerColt5CodegenCommonPasses();
  registerColt5CodegenCPUPasses();
  registerColt5CodegenGPUPasses();
  registerGPUStage();
  registerNVVMStage();
  registerColt5CodegenHostPasses();
  registerLLVMStage();
  registerColt5TargetGPUPasses();
  registerColt5EmulatorPasses();
  registerPipelines();
}

void colt5::registerAllDialects(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registerColt5Dialects(registry);
}

void colt5::registerAllPasses() {
  mlir::registerAllPasses();
  registerColt5Passes();
}
