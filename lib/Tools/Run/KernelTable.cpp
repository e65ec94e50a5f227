#include "KernelTable.h"

#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

static KernelDescription describe(LLVM::LLVMFuncOp func) {
  KernelDescription kernel;
  kernel.name = func.getName().str();
  if (auto block = func->getAttrOfType<DenseI32ArrayAttr>("gpu.known_block_size"))
    llvm::copy(block.asArrayRef(), kernel.block.begin());
  if (auto cluster = func->getAttrOfType<DenseI32ArrayAttr>(NVVM::NVVMDialect::getClusterDimAttrName()))
    llvm::copy(cluster.asArrayRef(), kernel.cluster.begin());
  if (auto bytes = func->getAttrOfType<IntegerAttr>(kDynamicSharedAttr))
    kernel.dynamicSharedBytes = bytes.getInt();
  for (Type type : func.getArgumentTypes()) {
    bool isPointer = isa<LLVM::LLVMPointerType>(type);
    uint32_t bytes = isPointer ? 8 : llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
    kernel.parameters.push_back({COLT5_GPU_VALUE, bytes});
  }
  return kernel;
}

std::vector<KernelDescription> driver::describeKernels(ModuleOp module) {
  std::vector<KernelDescription> kernels;
  if (auto device = module.lookupSymbol<gpu::GPUModuleOp>(kKernelModuleName))
    for (auto func : device.getOps<LLVM::LLVMFuncOp>())
      kernels.push_back(describe(func));
  return kernels;
}
