#include "colt5/Codegen/Host/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5HOISTALLOCAS
#include "colt5/Codegen/Host/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;

namespace {
struct HoistAllocas : colt5::impl::Colt5HoistAllocasBase<HoistAllocas> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isDeclaration())
      return;
    WalkResult result = func.walk([&](memref::AllocaOp alloca) {
      if (alloca.getDynamicSizes().empty() && alloca.getSymbolOperands().empty()) {
        if (alloca->getBlock() != &func.front()) {
          alloca->moveBefore(&func.front(), func.front().begin());
          ++numHoisted;
        }
        return WalkResult::advance();
      }
      if (!alloca->getParentOfType<LoopLikeOpInterface>())
        return WalkResult::advance();
      alloca.emitOpError("expected a static size, because this stack memory is allocated in a loop, found ")
          << alloca.getType();
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
