#include "Destinations.h"

#include "mlir/IR/OperationSupport.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/ScopedHashTable.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct OperationInfo : llvm::DenseMapInfo<Operation *> {
  static unsigned getHashValue(const Operation *op) {
    return OperationEquivalence::computeHash(
        const_cast<Operation *>(op), OperationEquivalence::directHashValue,
        OperationEquivalence::ignoreHashValue, OperationEquivalence::IgnoreLocations);
  }
  static bool isEqual(const Operation *a, const Operation *b) {
    if (a == b)
      return true;
    if (a == getTombstoneKey() || a == getEmptyKey() || b == getTombstoneKey() || b == getEmptyKey())
      return false;
    return OperationEquivalence::isEquivalentTo(const_cast<Operation *>(a), const_cast<Operation *>(b),
                                                OperationEquivalence::IgnoreLocations);
  }
};
using KnownOps = llvm::ScopedHashTable<Operation *, Operation *, OperationInfo>;
} // namespace

static bool computesScalars(Operation *op) {
  return op->getNumRegions() == 0 && op->getNumResults() > 0 && isMemoryEffectFree(op) &&
         llvm::all_of(op->getResultTypes(), [](Type type) { return type.isIntOrIndexOrFloat(); });
}

static void visit(Block &block, KnownOps &known);

static void visitRegions(Operation &op, KnownOps &known) {
  for (Region &region : op.getRegions())
    for (Block &inner : region)
      visit(inner, known);
}

static void visit(Block &block, KnownOps &known) {
  KnownOps::ScopeTy scope(known);
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (op.hasTrait<OpTrait::IsIsolatedFromAbove>()) {
      // Its regions see nothing from outside.
      KnownOps isolated;
      visitRegions(op, isolated);
    } else {
      visitRegions(op, known);
    }
    if (!computesScalars(&op))
      continue;
    if (Operation *other = known.lookup(&op)) {
      op.replaceAllUsesWith(other);
      op.erase();
    } else {
      known.insert(&op, &op);
    }
  }
}

void colt5::mergeEqualScalars(func::FuncOp func) {
  KnownOps known;
  for (Block &block : func.getBody())
    visit(block, known);
}
