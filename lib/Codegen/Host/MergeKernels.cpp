#include "colt5/Codegen/Host/Passes.h"

#include "colt5/Codegen/Common/Outlining.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5MERGEKERNELS
#include "colt5/Codegen/Host/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {

struct MergeKernels : colt5::impl::Colt5MergeKernelsBase<MergeKernels> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    DistinctFunctions distinct;
    // From a merged function to the one that stays.
    llvm::DenseMap<StringAttr, FlatSymbolRefAttr> replacements;
    for (auto func : llvm::to_vector(module.getOps<func::FuncOp>())) {
      if (func.isDeclaration() || func.isPublic() || !func->getDiscardableAttrs().empty())
        continue;
      FunctionOpInterface same = distinct.findOrInsert(func);
      if (!same)
        continue;
      replacements[func.getSymNameAttr()] = FlatSymbolRefAttr::get(same);
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
