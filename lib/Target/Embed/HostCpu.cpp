#include "HostCpu.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace mlir::colt5;

static bool isHalf(Type type) { return getElementTypeOrSelf(type).isF16(); }

bool colt5::needsRequestedCpu(const EmbedTarget &target) {
  if (!target.isGPU)
    return true;
  auto usesHalf = [](Operation *op) {
    return llvm::any_of(op->getOperandTypes(), isHalf) || llvm::any_of(op->getResultTypes(), isHalf);
  };
  // Loads and stores move bits.
  auto needsCpu = [&](Operation *op) {
    bool rounds = isa<LLVM::FMAOp, LLVM::FMulAddOp, LLVM::FFloorOp, LLVM::FCeilOp, LLVM::FTruncOp,
                      LLVM::RintOp, LLVM::NearbyintOp, LLVM::RoundOp, LLVM::RoundEvenOp>(op);
    return rounds || (usesHalf(op) && !isa<LLVM::LoadOp, LLVM::StoreOp>(op));
  };
  WalkResult result = ModuleOp(target.module)->walk([&](Operation *op) {
    return needsCpu(op) ? WalkResult::interrupt() : WalkResult::advance();
  });
  return result.wasInterrupted();
}
