#include "colt5/Stages/Plan/Contract.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Common/Kernels.h"
#include "colt5/Stages/Common/ModuleMachine.h"
#include "colt5/Stages/Plan/KernelFamily.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlir::colt5;

static LogicalResult checkFunctionPlan(Operation *function) {
  struct Kernel {
    Operation *first = nullptr;
    unsigned numRoots = 0;
  };
  std::optional<Machine> machine = findMachineOf(function);
  llvm::MapVector<int64_t, Kernel> kernels;
  LogicalResult result = checkEvery(function, [&](Operation *op) -> LogicalResult {
    auto plan = getPlan(op);
    if (plan && failed(checkPlanOf(op, machine ? &*machine : nullptr)))
      return failure();
    // A loop that the user wrote is a kernel already.
    if (!isWorkOp(op) || isInMappedForall(op) || isInKernelOp(op))
      return success();
    if (!plan)
      return op->emitOpError("has no plan, expected a #colt5.plan attribute 'colt5.plan'; run colt5-plan");
    Kernel &kernel = kernels[plan.getKernel()];
    if (!kernel.first)
      kernel.first = op;
    if (plan.getRole() == KernelRole::Root && ++kernel.numRoots > 1)
      return op->emitOpError("is a second root of kernel ") << plan.getKernel() << ", expected exactly one";
    return success();
  });
  for (auto &[number, kernel] : kernels)
    if (kernel.numRoots == 0)
      result = kernel.first->emitOpError("belongs to kernel ")
               << number << ", which has no root, expected exactly one";
  return result;
}

static LogicalResult checkPlan(Operation *root) {
  if (isa<FunctionOpInterface>(root))
    return checkFunctionPlan(root);
  bool failedAny = false;
  root->walk([&](FunctionOpInterface function) { failedAny |= failed(checkFunctionPlan(function)); });
  return failure(failedAny);
}

const StageContract colt5::kPlanContract = {
    "every compute op outside of a mapped scf.forall carries a plan; every kernel has exactly one root; a "
    "plan asks for nothing that no family honours",
    checkPlan};
