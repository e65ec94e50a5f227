#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "colt5/Stages/Common/ModuleMachine.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5COPYCONSTANTS
#include "colt5/Stages/Bufferize/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

static bool isInKernel(Operation *op) {
  for (auto forall = op->getParentOfType<scf::ForallOp>(); forall;
       forall = forall->getParentOfType<scf::ForallOp>())
    if (forall.getMapping())
      return true;
  return false;
}

/// Whether host code hands `buffer`, or a view of it, on to where nobody can tell any more what it is.
static bool isHandedOn(Value buffer) {
  return llvm::any_of(buffer.getUsers(), [](Operation *user) {
    if (isInKernel(user) || isa<LaunchOp, KernelOp, memref::CopyOp, linalg::LinalgOp, memref::DimOp>(user))
      return false;
    if (isa<ViewLikeOpInterface>(user))
      return isHandedOn(user->getResult(0));
    return true;
  });
}

namespace {
struct CopyConstants : colt5::impl::Colt5CopyConstantsBase<CopyConstants> {
  using Base::Base;

  void runOnOperation() override {
    std::optional<Machine> machine = findMachineOf(getOperation());
    if (!machine || !machine->isGPU())
      return;
    SmallVector<memref::GetGlobalOp> constants;
    getOperation().walk([&](memref::GetGlobalOp op) {
      if (!isInKernel(op) && isHandedOn(op))
        constants.push_back(op);
    });
    for (memref::GetGlobalOp constant : constants) {
      OpBuilder builder(constant->getContext());
      builder.setInsertionPointAfter(constant);
      Location loc = constant.getLoc();
      auto buffer = memref::AllocOp::create(builder, loc, constant.getType());
      auto copy = memref::CopyOp::create(builder, loc, constant, buffer);
      constant.getResult().replaceAllUsesExcept(buffer, copy);
      ++numCopies;
    }
  }
};
} // namespace
