#include "colt5/Codegen/GPU/Passes.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Machine/Machine.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5ASSIGNSHAREDMEMORY
#include "colt5/Codegen/GPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

/// Shared buffers start at a multiple of this many bytes: what one bulk copy and a swizzled tile need.
static constexpr int64_t kSharedAlignment = 128;

static bool isShared(MemRefType type) {
  auto space = dyn_cast_if_present<gpu::AddressSpaceAttr>(type.getMemorySpace());
  return space && space.getValue() == gpu::AddressSpace::Workgroup;
}

static int64_t getBytes(MemRefType type) {
  Type element = type.getElementType();
  int64_t bytes = element.isIndex() ? 8 : llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
  return type.getNumElements() * bytes;
}

namespace {
struct AssignSharedMemory : colt5::impl::Colt5AssignSharedMemoryBase<AssignSharedMemory> {
  using Base::Base;

  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<gpu::GPUFuncOp>())
      if (failed(assign(kernel)))
        return signalPassFailure();
  }

  LogicalResult assign(gpu::GPUFuncOp kernel) {
    SmallVector<memref::AllocaOp> allocas;
    WalkResult result = kernel.walk([&](Operation *op) {
      bool isHeap = isa<memref::AllocOp>(op);
      auto alloca = dyn_cast<memref::AllocaOp>(op);
      if (!isHeap && !(alloca && isShared(alloca.getType())))
        return WalkResult::advance();
      if (isHeap || !alloca.getType().hasStaticShape() || op->getBlock() != &kernel.getBody().front()) {
        op->emitOpError(
            "expected shared memory of static shape, allocated by memref.alloca at the top of the "
            "kernel, found one that would be allocated while the kernel runs");
        return WalkResult::interrupt();
      }
      allocas.push_back(alloca);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return failure();
    int64_t total = 0;
    for (memref::AllocaOp alloca : allocas)
      total += llvm::alignTo(getBytes(alloca.getType()), kSharedAlignment);
    if (total > kStaticSharedLimit)
      takeDynamic(kernel, allocas, total);
    else
      takeStatic(kernel, allocas);
    return success();
  }

  void takeStatic(gpu::GPUFuncOp kernel, ArrayRef<memref::AllocaOp> allocas) {
    Builder builder(kernel.getContext());
    for (memref::AllocaOp alloca : allocas) {
      unsigned number = kernel.getNumWorkgroupAttributions();
      BlockArgument buffer = kernel.addWorkgroupAttribution(alloca.getType(), alloca.getLoc());
      kernel.setWorkgroupAttributionAttr(number, LLVM::LLVMDialect::getAlignAttrName(),
                                         builder.getI64IntegerAttr(kSharedAlignment));
      alloca.replaceAllUsesWith(buffer);
      alloca.erase();
    }
  }

  void takeDynamic(gpu::GPUFuncOp kernel, ArrayRef<memref::AllocaOp> allocas, int64_t total) {
    OpBuilder builder = OpBuilder::atBlockBegin(&kernel.getBody().front());
    auto space = gpu::AddressSpaceAttr::get(builder.getContext(), gpu::AddressSpace::Workgroup);
    auto bytes =
        MemRefType::get({ShapedType::kDynamic}, builder.getI8Type(), MemRefLayoutAttrInterface(), space);
    Value memory = gpu::DynamicSharedMemoryOp::create(builder, kernel.getLoc(), bytes);
    int64_t offset = 0;
    for (memref::AllocaOp alloca : allocas) {
      builder.setInsertionPoint(alloca);
      Value start = arith::ConstantIndexOp::create(builder, alloca.getLoc(), offset);
      offset += llvm::alignTo(getBytes(alloca.getType()), kSharedAlignment);
      alloca.replaceAllUsesWith(
          memref::ViewOp::create(builder, alloca.getLoc(), alloca.getType(), memory, start, ValueRange())
              .getResult());
      alloca.erase();
    }
    kernel->setAttr(kDynamicSharedAttr, builder.getI64IntegerAttr(total));
  }
};
} // namespace
