#include "colt5/Stages/Common/Kernels.h"
#include "colt5/Stages/Plan/Passes.h"

#include "mlir/Interfaces/DestinationStyleOpInterface.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5DETACHDESTINATIONS
#include "colt5/Stages/Plan/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

/// Whether `use`, a destination, is the only use of a value that an op beside it computes.
static bool isOwn(OpOperand &use) {
  Value value = use.get();
  if (isDeclaredWritable(value))
    return true;
  Operation *def = value.getDefiningOp();
  if (!def || def->getBlock() != use.getOwner()->getBlock() ||
      !(isa<tensor::EmptyOp>(def) || isComputeOp(def)))
    return false;
  return llvm::all_of(value.getUses(), [&](OpOperand &other) {
    return &other == &use || isa<tensor::DimOp>(other.getOwner());
  });
}

namespace {
struct DetachDestinations : colt5::impl::Colt5DetachDestinationsBase<DetachDestinations> {
  using Base::Base;

  void runOnOperation() override {
    getOperation()->walk([&](Operation *op) {
      if (!isComputeOp(op))
        return;
      for (OpOperand &init : cast<DestinationStyleOpInterface>(op).getDpsInitsMutable())
        if (!readsDestination(init) && !isOwn(init))
          detach(op, init);
    });
  }

  void detach(Operation *op, OpOperand &init) {
    OpBuilder builder(op);
    init.set(createEmptyLike(builder, op->getLoc(), init.get()));
    ++numDetached;
  }
};
} // namespace
