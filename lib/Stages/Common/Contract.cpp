#include "colt5/Stages/Common/Contract.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::colt5;

LogicalResult colt5::checkEvery(Operation *root, function_ref<LogicalResult(Operation *)> check) {
  bool failedAny = false;
  root->walk([&](Operation *op) { failedAny |= failed(check(op)); });
  return failure(failedAny);
}

bool colt5::isWorkOp(Operation *op) {
  if (isa<LaunchOp, KernelOp>(op)) // a whole kernel
    return false;
  return isa<linalg::LinalgOp, linalg::AggregatedOpInterface>(op) ||
         (isa<DestinationStyleOpInterface>(op) && isa_and_nonnull<Colt5Dialect>(op->getDialect())) ||
         isa<ParallelScatterOp>(op);
}

bool colt5::isMapped(scf::ForallOp forall) { return forall.getMapping() && !forall.getMapping()->empty(); }

bool colt5::isInKernelOp(Operation *op) { return op->getParentOfType<KernelOp>() != nullptr; }

bool colt5::isInMappedForall(Operation *op) {
  for (auto forall = op->getParentOfType<scf::ForallOp>(); forall;
       forall = forall->getParentOfType<scf::ForallOp>())
    if (isMapped(forall))
      return true;
  return false;
}
