#include "colt5/Codegen/GPU/Passes.h"

#include "colt5/Codegen/Common/Outlining.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5MERGEGPUKERNELS
#include "colt5/Codegen/GPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct MergeGpuKernels : colt5::impl::Colt5MergeGpuKernelsBase<MergeGpuKernels> {
  using Base::Base;

  void runOnOperation() override {
    // From a merged kernel to the one that stays.
    llvm::DenseMap<SymbolRefAttr, SymbolRefAttr> replacements;
    for (auto module : getOperation().getOps<gpu::GPUModuleOp>()) {
      DistinctFunctions distinct;
      auto nameOf = [&](gpu::GPUFuncOp kernel) {
        return SymbolRefAttr::get(module.getNameAttr(), {FlatSymbolRefAttr::get(kernel)});
      };
      for (auto kernel : llvm::to_vector(module.getOps<gpu::GPUFuncOp>())) {
        FunctionOpInterface same = distinct.findOrInsert(kernel);
        if (!same)
          continue;
        replacements[nameOf(kernel)] = nameOf(cast<gpu::GPUFuncOp>(*same));
        kernel.erase();
        ++numMerged;
      }
    }
    getOperation().walk([&](gpu::LaunchFuncOp launch) {
      if (SymbolRefAttr kernel = replacements.lookup(launch.getKernelAttr()))
        launch.setKernelAttr(kernel);
    });
  }
};
} // namespace
