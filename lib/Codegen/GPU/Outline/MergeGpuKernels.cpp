#include "colt5/Codegen/GPU/Passes.h"

#include "mlir/IR/OperationSupport.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5MERGEGPUKERNELS
#include "colt5/Codegen/GPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

/// Everything about a kernel but its name and its body.
static DictionaryAttr getTraits(gpu::GPUFuncOp kernel) {
  NamedAttrList attrs(kernel->getAttrDictionary());
  attrs.erase(SymbolTable::getSymbolAttrName());
  return attrs.getDictionary(kernel.getContext());
}

/// Equal for kernels that may be the same; cheap enough to compute for all.
static llvm::hash_code sketch(gpu::GPUFuncOp kernel) {
  llvm::hash_code hash = llvm::hash_value(getTraits(kernel).getAsOpaquePointer());
  kernel.walk<WalkOrder::PreOrder>([&](Operation *op) {
    hash = llvm::hash_combine(hash, op->getName().getAsOpaquePointer(), op->getNumOperands());
  });
  return hash;
}

static bool isSame(gpu::GPUFuncOp first, gpu::GPUFuncOp second) {
  return getTraits(first) == getTraits(second) &&
         OperationEquivalence::isRegionEquivalentTo(&first.getBody(), &second.getBody(),
                                                    OperationEquivalence::IgnoreLocations);
}

namespace {
struct MergeGpuKernels : colt5::impl::Colt5MergeGpuKernelsBase<MergeGpuKernels> {
  using Base::Base;

  void runOnOperation() override {
    // From a merged kernel to the one that stays.
    llvm::DenseMap<SymbolRefAttr, SymbolRefAttr> replacements;
    for (auto module : getOperation().getOps<gpu::GPUModuleOp>()) {
      llvm::DenseMap<size_t, SmallVector<gpu::GPUFuncOp>> known;
      auto nameOf = [&](gpu::GPUFuncOp kernel) {
        return SymbolRefAttr::get(module.getNameAttr(), {FlatSymbolRefAttr::get(kernel)});
      };
      for (auto kernel : llvm::to_vector(module.getOps<gpu::GPUFuncOp>())) {
        SmallVector<gpu::GPUFuncOp> &candidates = known[sketch(kernel)];
        auto same = llvm::find_if(candidates, [&](gpu::GPUFuncOp other) { return isSame(other, kernel); });
        if (same == candidates.end()) {
          candidates.push_back(kernel);
          continue;
        }
        replacements[nameOf(kernel)] = nameOf(*same);
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
