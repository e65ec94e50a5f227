#include "colt5/Codegen/GPU/KernelFamily.h"
#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5BUILDKERNELS
#include "colt5/Codegen/GPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

ArrayRef<KernelBuilder> colt5::getKernelBuilders() {
  static const KernelBuilder builders[] = {{"select", buildSelectKernel}};
  return builders;
}

namespace {
struct BuildKernels : colt5::impl::Colt5BuildKernelsBase<BuildKernels> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<std::pair<scf::ForallOp, const KernelBuilder *>> loops;
    getOperation().walk<WalkOrder::PreOrder>([&](scf::ForallOp loop) {
      auto plan = loop->getAttrOfType<PlanAttr>(kPlanAttr);
      if (!plan || !loop.getMapping())
        return WalkResult::advance();
      for (const KernelBuilder &builder : getKernelBuilders())
        if (builder.family == plan.getFamily())
          loops.push_back({loop, &builder});
      return WalkResult::skip();
    });
    for (auto [loop, builder] : loops) {
      gpu::GPUModuleOp kernels = getOrCreateKernelModule(getOperation());
      std::optional<std::string> reason = builder->build(loop, kernels);
      if (!reason) {
        ++numBuilt;
        continue;
      }
      // colt5-plan asks a family before it plans a kernel for it.
      loop.emitOpError("is planned for family ")
          << builder->family << ", which does not take this kernel: " << *reason
          << "; expected #colt5.simt as the schedule in the plan of the loop";
      return signalPassFailure();
    }
  }
};
} // namespace
