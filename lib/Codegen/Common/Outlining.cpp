#include "colt5/Codegen/Common/Outlining.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/OperationSupport.h"

using namespace mlir;
using namespace mlir::colt5;

bool colt5::isRematerializable(Operation *op) {
  return op && op->getNumOperands() == 0 &&
         (op->hasTrait<OpTrait::ConstantLike>() || isa<memref::GetGlobalOp>(op));
}

/// Everything about a function but its name and its body.
static DictionaryAttr getTraits(FunctionOpInterface function) {
  NamedAttrList attrs(function->getAttrDictionary());
  attrs.erase(SymbolTable::getSymbolAttrName());
  return attrs.getDictionary(function->getContext());
}

/// Equal for functions that may be the same.
static llvm::hash_code hash(FunctionOpInterface function) {
  llvm::hash_code hash = llvm::hash_value(getTraits(function).getAsOpaquePointer());
  function->walk<WalkOrder::PreOrder>([&](Operation *op) {
    hash = llvm::hash_combine(hash, op->getName().getAsOpaquePointer(), op->getNumOperands());
  });
  return hash;
}

static bool isSame(FunctionOpInterface first, FunctionOpInterface second) {
  return getTraits(first) == getTraits(second) &&
         OperationEquivalence::isRegionEquivalentTo(&first.getFunctionBody(), &second.getFunctionBody(),
                                                    OperationEquivalence::IgnoreLocations);
}

FunctionOpInterface DistinctFunctions::findOrInsert(FunctionOpInterface function) {
  SmallVector<FunctionOpInterface> &candidates = known[hash(function)];
  for (FunctionOpInterface candidate : candidates)
    if (isSame(candidate, function))
      return candidate;
  candidates.push_back(function);
  return {};
}
