#include "colt5/InitAll.h"

#include "colt5/Conversion/Passes.h"
#include "colt5/Conversion/ToGPU/Passes.h"
#include "colt5/Conversion/ToLLVM/Passes.h"
#include "colt5/Conversion/ToNVVM/Passes.h"
#include "colt5/Dialect/Colt5/Bufferization/BufferizableOpInterfaceImpl.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Dialect/Colt5/IR/ValueBoundsOpInterfaceImpl.h"
#include "colt5/Dialect/Colt5/TilingInterface/TilingInterfaceImpl.h"
#include "colt5/Dialect/Colt5/Transforms/Decompose.h"
#include "colt5/Dialect/Colt5/Transforms/ParallelScatterBufferization.h"
#include "colt5/Dialect/Colt5/Transforms/Passes.h"
#include "colt5/Emulator/Passes.h"
#include "colt5/Kernels/Passes.h"
#include "colt5/Pipelines/Stages.h"
#include "colt5/Target/GPU/Passes.h"
#include "colt5/Transforms/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"

using namespace mlir;

void colt5::registerColt5Dialects(DialectRegistry &registry) {
  registry.insert<Colt5Dialect>();
  registerAggregatedOpInterfaceExternalModels(registry);
  registerTilingInterfaceExternalModels(registry);
  registerParallelScatterBufferization(registry);
  registerBufferizableOpInterfaceExternalModels(registry);
  registerValueBoundsOpInterfaceExternalModels(registry);
}

void colt5::registerColt5Passes() {
  registerColt5TransformsPasses();
  registerColt5ConversionPasses();
  registerColt5BuffersPasses();
  registerColt5BuffersPipelines();
  registerColt5ToLLVMPasses();
  registerColt5ToLLVMPipelines();
  registerColt5KernelsPasses();
  registerColt5ToGPUPasses();
  registerColt5ToGPUPipelines();
  registerColt5ToNVVMPasses();
  registerColt5ToNVVMPipelines();
  registerColt5EmulatorPasses();
  registerColt5TargetGPUPasses();
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
