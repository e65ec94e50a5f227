#include "colt5/Codegen/GPU/Contract.h"

#include "Outline/KernelMemory.h"
#include "colt5/Codegen/Host/Contract.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Common/Contract.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::colt5;

static LogicalResult checkGPU(Operation *root) {
  return checkEvery(root, [](Operation *op) -> LogicalResult {
    if (isInKernelOp(op))
      return success();
    if (isa<KernelOp>(op))
      return op->emitOpError(
          "is left after stage gpu, expected a launch of its code; run colt5-emit-kernels");
    if (isa<scf::ForallOp, LaunchOp, ThreadIdOp>(op))
      return op->emitOpError("is left after stage gpu, expected gpu.launch_func; run colt5-outline-gpu");
    if (op->hasAttr(kPlanAttr))
      return op->emitOpError("still carries a plan, expected none after stage gpu");
    if (auto launch = dyn_cast<gpu::LaunchFuncOp>(op))
      return checkKernelMemory(launch);
    bool onDevice = op->getParentOfType<gpu::GPUModuleOp>() != nullptr;
    bool touchesData =
        isa<memref::LoadOp, memref::StoreOp, memref::CopyOp, memref::AtomicRMWOp>(op) || isWorkOp(op);
    if (!onDevice && touchesData)
      return op->emitOpError("computes on device memory in host code, expected it in a kernel");
    if (!onDevice && isa<gpu::ThreadIdOp, gpu::BlockIdOp, gpu::BarrierOp, gpu::ShuffleOp>(op))
      return op->emitOpError("is in host code, expected it in a kernel");
    if (onDevice && isa<memref::AllocOp>(op))
      return op->emitOpError("allocates on the heap of the device, expected shared memory or the workspace");
    return success();
  });
}

static LogicalResult checkDeviceOp(Operation *op) {
  if (isa_and_nonnull<LLVM::LLVMDialect, NVVM::NVVMDialect>(op->getDialect()))
    return success();
  return op->emitOpError("is not an op of the llvm or nvvm dialect");
}

static LogicalResult checkNVVM(Operation *root) {
  bool failedAny = false;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto kernels = dyn_cast<gpu::GPUModuleOp>(op)) {
      kernels.walk([&](Operation *inner) { failedAny |= inner != kernels && failed(checkDeviceOp(inner)); });
      return WalkResult::skip();
    }
    failedAny |= failed(checkLLVMOp(op));
    return WalkResult::advance();
  });
  return failure(failedAny);
}

const StageContract colt5::kGPUContract = {"compute only in gpu.module; no scf.forall, no colt5.kernel, no "
                                           "colt5.launch and no plan; kernels get device memory only",
                                           checkGPU};

const StageContract colt5::kNVVMContract = {"device code is llvm and nvvm only; host code is LLVM only and "
                                            "calls no external symbol but memcpy, memset and memmove",
                                            checkNVVM};
