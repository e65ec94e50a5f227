#include "colt5/Codegen/GPU/KernelFamily.h"
#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Stages/Plan/KernelCost.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5CLAIMKERNELS
#include "colt5/Codegen/GPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

/// What reports say of the kernel.
static void describeCost(KernelOp op, StringRef family, std::optional<int64_t> flops,
                         std::optional<int64_t> minBytes, std::optional<int64_t> bytes) {
  Builder builder(op.getContext());
  auto set = [&](StringRef name, std::optional<int64_t> value) {
    if (value)
      op->setAttr(name, builder.getI64IntegerAttr(*value));
  };
  op->setAttr(kFamilyAttr, builder.getStringAttr(family));
  set(kFlopsAttr, flops);
  set(kMinBytesAttr, minBytes);
  set(kBytesAttr, bytes);
}

namespace {
struct ClaimKernels : colt5::impl::Colt5ClaimKernelsBase<ClaimKernels> {
  using Base::Base;

  void runOnOperation() override {
    // Kernel numbers count within a function.
    WalkResult walk = getOperation()->walk<WalkOrder::PreOrder>([&](FunctionOpInterface function) {
      return succeeded(claimIn(function)) ? WalkResult::skip() : WalkResult::interrupt();
    });
    if (walk.wasInterrupted())
      signalPassFailure();
  }

  LogicalResult claimIn(Operation *function) {
    FailureOr<SmallVector<Kernel>> kernels = collectKernels(function);
    if (failed(kernels))
      return failure();
    for (const Kernel &kernel : *kernels)
      if (const WholeKernelFamily *family = findWholeKernelFamily(getPlan(kernel.root)))
        if (failed(claim(kernel, *family)))
          return failure();
    return success();
  }

  LogicalResult claim(const Kernel &kernel, const WholeKernelFamily &family) {
    IRRewriter rewriter(kernel.root);
    KernelClaim claim = family.claim(kernel, rewriter);
    if (!claim.refusal.empty())
      return kernel.root->emitOpError("is planned for family ")
             << family.getName() << ", which does not take its kernel: " << claim.refusal
             << "; leave the schedule out and colt5-plan chooses one";
    std::optional<int64_t> flops = countFlops(kernel), minBytes = countMinBytes(kernel);
    FailureOr<KernelOp> op = claimKernel(rewriter, kernel, claim.scratch);
    if (failed(op))
      return failure();
    describeCost(*op, family.getName(), flops, minBytes, claim.bytes);
    ++numClaimed;
    return success();
  }
};
} // namespace
