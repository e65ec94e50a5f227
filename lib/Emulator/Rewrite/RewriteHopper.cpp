// Barrier objects, bulk copies and clusters of sm_90 as calls of the runtime.
#include "RuntimeCalls.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5::emulator;

namespace {
struct Rewriter {
  Operation *op;
  RuntimeCalls &calls;
  ImplicitLocOpBuilder b;

  Rewriter(Operation *op, RuntimeCalls &calls) : op(op), calls(calls), b(op->getLoc(), op) {}

  Value i32(int64_t value) { return RuntimeCalls::constant(b, value); }
  Value flag(Value predicate) {
    return predicate ? LLVM::ZExtOp::create(b, b.getI32Type(), predicate).getResult() : i32(1);
  }
  Value mask(Value value) {
    return value ? LLVM::ZExtOp::create(b, b.getI32Type(), value).getResult() : i32(0);
  }
  /// Calls `function` with `arguments` and the site, and drops the operation.
  LogicalResult replace(StringRef function, ValueRange arguments) {
    SmallVector<Value> all(arguments);
    all.push_back(calls.site(b, op));
    calls.call(b, function, Type(), all);
    op->erase();
    return success();
  }
  LogicalResult drop() {
    op->erase();
    return success();
  }
  LogicalResult unsupported(const Twine &what) {
    return op->emitError("the emulator does not know ") << what << " of '" << op->getName() << "'";
  }

  LogicalResult arrive(Value address, Value bytes, Value count, bool drop = false, Value predicate = {}) {
    Value phase = calls.call(b, "colt5_emu_mbarrier_arrive", b.getI64Type(),
                             {address, bytes ? bytes : i32(0), count ? count : i32(1), i32(drop),
                              flag(predicate), calls.site(b, op)});
    if (op->getNumResults())
      op->getResult(0).replaceAllUsesWith(phase);
    op->erase();
    return success();
  }

  LogicalResult test(Value address, Value value) {
    bool isState = value.getType().isInteger(64);
    if (!isState)
      value = LLVM::ZExtOp::create(b, b.getI64Type(), value);
    Value done = calls.call(b, "colt5_emu_mbarrier_test", b.getI32Type(),
                            {address, value, i32(isState), calls.site(b, op)});
    op->getResult(0).replaceAllUsesWith(LLVM::TruncOp::create(b, b.getI1Type(), done));
    op->erase();
    return success();
  }

  Value store(ValueRange coordinates) {
    Value slots = calls.slots(op);
    for (auto [i, coordinate] : llvm::enumerate(coordinates))
      LLVM::StoreOp::create(
          b, LLVM::SExtOp::create(b, b.getI64Type(), coordinate),
          LLVM::GEPOp::create(b, slots.getType(), b.getI64Type(), slots, ArrayRef<LLVM::GEPArg>{int32_t(i)}));
    return slots;
  }

  LogicalResult load(NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp load) {
    if (!load.getIm2colOffsets().empty() || load.getMode() != NVVM::TMALoadMode::TILE || load.getGroup())
      return unsupported("this mode (known: tile, of one block)");
    return replace("colt5_emu_load_tensor", {load.getDstMem(), load.getTmaDescriptor(), load.getMbar(),
                                             store(load.getCoordinates()), i32(load.getCoordinates().size()),
                                             mask(load.getMulticastMask()), flag(load.getPredicate())});
  }

  LogicalResult store(NVVM::CpAsyncBulkTensorSharedCTAToGlobalOp op) {
    if (op.getMode() != NVVM::TMAStoreMode::TILE)
      return unsupported("this mode (known: tile)");
    return replace("colt5_emu_store_tensor",
                   {op.getTmaDescriptor(), op.getSrcMem(), store(op.getCoordinates()),
                    i32(op.getCoordinates().size()), flag(op.getPredicate())});
  }

  LogicalResult fenceProxy(NVVM::FenceProxyOp fence) {
    using NVVM::ProxyKind;
    switch (fence.getKind()) {
    case ProxyKind::async:
    case ProxyKind::async_global:
    case ProxyKind::async_shared:
      return replace("colt5_emu_fence_proxy", {});
    case ProxyKind::alias:
      return drop();
    default:
      return unsupported("this kind (known: async, alias)");
    }
  }
};
} // namespace

LogicalResult mlir::colt5::emulator::rewriteHopperOp(Operation *op, RuntimeCalls &calls) {
  Rewriter r(op, calls);
  using namespace NVVM;
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](MBarrierInitOp init) {
        return r.replace("colt5_emu_mbarrier_init",
                         {init.getAddr(), init.getCount(), r.flag(init.getPredicate())});
      })
      .Case([&](MBarrierInvalOp inval) { return r.replace("colt5_emu_mbarrier_inval", inval.getAddr()); })
      .Case([&](MBarrierArriveOp o) { return r.arrive(o.getAddr(), {}, o.getCount()); })
      .Case([&](MBarrierArriveNocompleteOp o) { return r.arrive(o.getAddr(), {}, o.getCount()); })
      .Case([&](MBarrierArriveDropOp o) { return r.arrive(o.getAddr(), {}, o.getCount(), true); })
      .Case([&](MBarrierArriveDropNocompleteOp o) { return r.arrive(o.getAddr(), {}, o.getCount(), true); })
      .Case([&](MBarrierArriveDropExpectTxOp o) { return r.arrive(o.getAddr(), o.getTxcount(), {}, true); })
      .Case([&](MBarrierArriveExpectTxOp o) {
        return r.arrive(o.getAddr(), o.getTxcount(), {}, false, o.getPredicate());
      })
      .Case([&](MBarrierExpectTxOp o) { return r.arrive(o.getAddr(), o.getTxcount(), r.i32(0)); })
      .Case([&](MBarrierCompleteTxOp o) {
        Value negative = LLVM::SubOp::create(r.b, r.i32(0), o.getTxcount());
        return r.arrive(o.getAddr(), negative, r.i32(0));
      })
      .Case([&](CpAsyncMBarrierArriveOp o) {
        return r.replace("colt5_emu_mbarrier_copies", {o.getAddr(), r.i32(o.getNoinc())});
      })
      .Case([&](MBarrierTryWaitParityOp wait) {
        return r.replace("colt5_emu_mbarrier_wait_parity", {wait.getAddr(), wait.getPhase()});
      })
      .Case<MBarrierTestWaitOp, MBarrierTryWaitOp>(
          [&](auto wait) { return r.test(wait.getAddr(), wait.getStateOrPhase()); })
      .Case([&](CpAsyncBulkTensorGlobalToSharedClusterOp load) { return r.load(load); })
      .Case([&](CpAsyncBulkTensorSharedCTAToGlobalOp store) { return r.store(store); })
      .Case([&](CpAsyncBulkGlobalToSharedClusterOp o) {
        return r.replace("colt5_emu_copy_bulk", {o.getDstMem(), o.getSrcMem(), o.getMbar(), o.getSize(),
                                                 r.mask(o.getMulticastMask())});
      })
      .Case([&](CpAsyncBulkSharedCTAToSharedClusterOp o) {
        return r.replace("colt5_emu_copy_bulk",
                         {o.getDstMem(), o.getSrcMem(), o.getMbar(), o.getSize(), r.i32(0)});
      })
      .Case([&](CpAsyncBulkSharedCTAToGlobalOp o) -> LogicalResult {
        if (o.getByteMask())
          return r.unsupported("byte masks");
        return r.replace("colt5_emu_store_bulk", {o.getDstMem(), o.getSrcMem(), o.getSize()});
      })
      .Case([&](CpAsyncBulkCommitGroupOp) { return r.replace("colt5_emu_bulk_commit", {}); })
      .Case([&](CpAsyncBulkWaitGroupOp wait) {
        return r.replace("colt5_emu_bulk_wait", {r.i32(wait.getGroup()), r.i32(bool(wait.getRead()))});
      })
      .Case([&](ClusterArriveOp) { return r.replace("colt5_emu_cluster_arrive", r.i32(1)); })
      .Case([&](ClusterArriveRelaxedOp) { return r.replace("colt5_emu_cluster_arrive", r.i32(0)); })
      .Case([&](ClusterWaitOp) { return r.replace("colt5_emu_cluster_wait", {}); })
      .Case([&](MapaOp mapa) {
        Value address = calls.call(r.b, "colt5_emu_mapa", LLVM::LLVMPointerType::get(op->getContext()),
                                   {mapa.getA(), mapa.getB(), calls.site(r.b, op)});
        // Its type says that the address lies in a cluster until address spaces go.
        if (address.getType() != mapa.getRes().getType())
          address = LLVM::AddrSpaceCastOp::create(r.b, mapa.getRes().getType(), address);
        mapa.replaceAllUsesWith(address);
        return r.drop();
      })
      .Case([&](FenceProxyOp fence) { return r.fenceProxy(fence); })
      .Case([&](FenceScClusterOp) { return r.replace("colt5_emu_fence", r.i32(1)); })
      .Case([&](FenceMbarrierInitOp) { return r.replace("colt5_emu_fence_mbarrier", {}); })
      .Case([&](NanosleepOp) { return r.replace("colt5_emu_sleep", {}); })
      // Registers and caches are not modelled, and a kernel starts when the one before it has ended.
      .Case<SetMaxRegisterOp, PrefetchOp, GriddepcontrolOp>([&](auto) { return r.drop(); })
      .Default([&](Operation *) { return rewriteWgmmaOp(op, calls); });
}
