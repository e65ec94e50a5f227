// Barrier objects and bulk copies of sm_90 as calls of the runtime.
#include "RuntimeCalls.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5::emulator;

LogicalResult mlir::colt5::emulator::rewriteHopperOp(Operation *op, RuntimeCalls &calls) {
  ImplicitLocOpBuilder b(op->getLoc(), op);
  auto i32 = [&](int64_t value) { return RuntimeCalls::constant(b, value); };
  auto flag = [&](Value predicate) -> Value {
    return predicate ? LLVM::ZExtOp::create(b, b.getI32Type(), predicate).getResult() : i32(1);
  };
  auto arrive = [&](Value address, Value bytes, Value count, Value predicate) {
    Value phase = calls.call(
        b, "colt5_emu_mbarrier_arrive", b.getI64Type(),
        {address, bytes ? bytes : i32(0), count ? count : i32(1), flag(predicate), calls.site(b, op)});
    if (op->getNumResults())
      op->getResult(0).replaceAllUsesWith(phase);
    op->erase();
    return success();
  };
  auto test = [&](Value address, Value value) {
    bool isState = value.getType().isInteger(64);
    if (!isState)
      value = LLVM::ZExtOp::create(b, b.getI64Type(), value);
    Value done = calls.call(b, "colt5_emu_mbarrier_test", b.getI32Type(),
                            {address, value, i32(isState), calls.site(b, op)});
    op->getResult(0).replaceAllUsesWith(LLVM::TruncOp::create(b, b.getI1Type(), done));
    op->erase();
    return success();
  };
  using namespace NVVM;
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](MBarrierInitOp init) {
        calls.call(b, "colt5_emu_mbarrier_init", Type(),
                   {init.getAddr(), init.getCount(), flag(init.getPredicate()), calls.site(b, op)});
        op->erase();
        return success();
      })
      .Case([&](MBarrierInvalOp inval) {
        calls.call(b, "colt5_emu_mbarrier_inval", Type(), {inval.getAddr(), calls.site(b, op)});
        op->erase();
        return success();
      })
      .Case([&](MBarrierArriveOp o) { return arrive(o.getAddr(), {}, o.getCount(), {}); })
      .Case([&](MBarrierArriveExpectTxOp o) {
        return arrive(o.getAddr(), o.getTxcount(), {}, o.getPredicate());
      })
      .Case([&](MBarrierExpectTxOp o) { return arrive(o.getAddr(), o.getTxcount(), i32(0), {}); })
      .Case([&](MBarrierTryWaitParityOp wait) {
        calls.call(b, "colt5_emu_mbarrier_wait_parity", Type(),
                   {wait.getAddr(), wait.getPhase(), calls.site(b, op)});
        op->erase();
        return success();
      })
      .Case<MBarrierTestWaitOp, MBarrierTryWaitOp>(
          [&](auto wait) { return test(wait.getAddr(), wait.getStateOrPhase()); })
      .Case([&](CpAsyncBulkTensorGlobalToSharedClusterOp load) -> LogicalResult {
        if (load.getMulticastMask() || !load.getIm2colOffsets().empty() ||
            load.getMode() != TMALoadMode::TILE)
          return op->emitError(
              "the emulator knows bulk tensor loads in tile mode, without multicast and im2col only");
        Value slots = calls.slots(op);
        for (auto [i, coordinate] : llvm::enumerate(load.getCoordinates()))
          LLVM::StoreOp::create(b, LLVM::SExtOp::create(b, b.getI64Type(), coordinate),
                                LLVM::GEPOp::create(b, slots.getType(), b.getI64Type(), slots,
                                                    ArrayRef<LLVM::GEPArg>{int32_t(i)}));
        calls.call(b, "colt5_emu_load_tensor", Type(),
                   {load.getDstMem(), load.getTmaDescriptor(), load.getMbar(), slots,
                    i32(load.getCoordinates().size()), flag(load.getPredicate()), calls.site(b, op)});
        op->erase();
        return success();
      })
      // Orders nothing that the emulator does not order already; registers are not counted.
      .Case<FenceMbarrierInitOp, FenceProxyOp, SetMaxRegisterOp, PrefetchOp>([&](auto) {
        op->erase();
        return success();
      })
      .Default([&](Operation *) {
        return op->emitError("the emulator does not know '") << op->getName() << "'; add it to lib/Emulator";
      });
}
