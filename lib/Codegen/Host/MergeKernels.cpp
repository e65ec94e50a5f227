#include "colt5/Codegen/Host/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OperationSupport.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5MERGEKERNELS
#include "colt5/Codegen/Host/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;

namespace {

/// Equal for functions that may be the same; cheap enough to compute for all.
llvm::hash_code sketch(func::FuncOp func) {
  llvm::hash_code hash = llvm::hash_value(func.getFunctionType().getAsOpaquePointer());
  func.walk<WalkOrder::PreOrder>([&](Operation *op) {
    hash = llvm::hash_combine(hash, op->getName().getAsOpaquePointer(), op->getNumOperands());
  });
  return hash;
}

bool isSame(func::FuncOp first, func::FuncOp second) {
  return first.getFunctionType() == second.getFunctionType() &&
         OperationEquivalence::isRegionEquivalentTo(&first.getBody(), &second.getBody(),
                                                    OperationEquivalence::IgnoreLocations);
}

struct MergeKernels : colt5::impl::Colt5MergeKernelsBase<MergeKernels> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    llvm::DenseMap<size_t, SmallVector<func::FuncOp>> known;
    // From a merged function to the one that stays.
    llvm::DenseMap<StringAttr, FlatSymbolRefAttr> replacements;
    for (auto func : llvm::to_vector(module.getOps<func::FuncOp>())) {
      if (func.isDeclaration() || func.isPublic() || !func->getDiscardableAttrs().empty())
        continue;
      SmallVector<func::FuncOp> &candidates = known[sketch(func)];
      auto same = llvm::find_if(candidates, [&](func::FuncOp other) { return isSame(other, func); });
      if (same == candidates.end()) {
        candidates.push_back(func);
        continue;
      }
      replacements[func.getSymNameAttr()] = FlatSymbolRefAttr::get(*same);
      symbols.erase(func);
      ++numMerged;
    }
    if (replacements.empty())
      return;
    AttrTypeReplacer replacer;
    replacer.addReplacement([&](FlatSymbolRefAttr symbol) -> std::optional<Attribute> {
      auto found = replacements.find(symbol.getAttr());
      return found == replacements.end() ? std::nullopt : std::optional<Attribute>(found->second);
    });
    replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true);
  }
};

} // namespace
