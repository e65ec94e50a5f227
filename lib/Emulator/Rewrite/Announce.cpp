// Loads, stores, atomics, shared variables and casts between address spaces.
#include "../Device/Runtime.h"
#include "RuntimeCalls.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5::emulator;

static constexpr unsigned kSharedSpace = 3, kClusterSpace = 7;

static bool isShared(Type type) {
  auto pointer = dyn_cast<LLVM::LLVMPointerType>(type);
  return pointer && (pointer.getAddressSpace() == kSharedSpace || pointer.getAddressSpace() == kClusterSpace);
}

/// The thread's own variable that `pointer` lies in, or null.
static LLVM::AllocaOp findLocal(Value pointer) {
  while (Operation *op = pointer.getDefiningOp()) {
    if (auto local = dyn_cast<LLVM::AllocaOp>(op))
      return local;
    if (!isa<LLVM::GEPOp, LLVM::AddrSpaceCastOp, LLVM::BitcastOp>(op))
      return nullptr;
    pointer = op->getOperand(0);
  }
  return nullptr;
}

/// The thread's own memory needs no watch, only its bounds. The sum is written so that it folds, and keeps no
/// variable from becoming registers.
static void announceLocal(Operation *op, LLVM::AllocaOp local, Value pointer, Value bytes,
                          RuntimeCalls &calls) {
  ImplicitLocOpBuilder b(op->getLoc(), op);
  Type i64 = b.getI64Type();
  uint64_t element = DataLayout::closest(op).getTypeSize(local.getElemType());
  Value count = local.getArraySize();
  if (count.getType() != i64)
    count = LLVM::ZExtOp::create(b, i64, count);
  Value size = LLVM::MulOp::create(b, count, RuntimeCalls::constant(b, element, 64));
  Value offset = LLVM::SubOp::create(b, LLVM::PtrToIntOp::create(b, i64, pointer),
                                     LLVM::PtrToIntOp::create(b, i64, local));
  calls.call(b, "colt5_emu_local", Type(), {offset, bytes, size, calls.site(b, op)});
}

static void announce(Operation *op, StringRef function, Value pointer, Type type,
                     std::optional<uint64_t> alignment, RuntimeCalls &calls) {
  ImplicitLocOpBuilder b(op->getLoc(), op);
  DataLayout layout = DataLayout::closest(op);
  uint64_t bytes = layout.getTypeSize(type);
  if (LLVM::AllocaOp local = findLocal(pointer))
    return announceLocal(op, local, pointer, RuntimeCalls::constant(b, bytes, 64), calls);
  // Without a stated alignment the target assumes the type's: of a vector, all of its bytes.
  uint64_t align = alignment ? *alignment : layout.getTypeABIAlignment(type);
  if (!alignment && isa<VectorType>(type))
    align = llvm::PowerOf2Ceil(bytes);
  calls.callAccess(b, function, pointer, RuntimeCalls::constant(b, bytes, 64),
                   RuntimeCalls::constant(b, std::max<uint64_t>(align, 1)), calls.site(b, op));
}

/// Whether other blocks are meant.
static bool isDeviceScope(StringRef scope) {
  return scope != "block" && scope != "cta" && scope != "singlethread";
}

/// Calls around an atomic operation: what it orders, and a turn for other threads.
static void announceAtomic(Operation *op, Access access, Value pointer, Type type,
                           LLVM::AtomicOrdering ordering, RuntimeCalls &calls) {
  using Ordering = LLVM::AtomicOrdering;
  if (LLVM::AllocaOp local = findLocal(pointer)) {
    ImplicitLocOpBuilder b(op->getLoc(), op);
    uint64_t bytes = DataLayout::closest(op).getTypeSize(type);
    return announceLocal(op, local, pointer, RuntimeCalls::constant(b, bytes, 64), calls);
  }
  bool acquires =
      ordering == Ordering::acquire || ordering == Ordering::acq_rel || ordering == Ordering::seq_cst;
  bool releases =
      ordering == Ordering::release || ordering == Ordering::acq_rel || ordering == Ordering::seq_cst;
  uint32_t order = (access == Access::AtomicRead ? 0 : AtomicReleases) |
                   (releases && access != Access::AtomicRead ? AtomicFencesBefore : 0) |
                   (acquires && access != Access::AtomicStore ? AtomicFencesAfter : 0);
  ImplicitLocOpBuilder b(op->getLoc(), op);
  uint64_t bytes = DataLayout::closest(op).getTypeSize(type);
  Value orderValue = RuntimeCalls::constant(b, order);
  calls.call(b, "colt5_emu_atomic_before", Type(),
             {pointer, RuntimeCalls::constant(b, bytes, 64), RuntimeCalls::constant(b, bytes),
              RuntimeCalls::constant(b, uint32_t(access)), orderValue, calls.site(b, op)});
  b.setInsertionPointAfter(op);
  if (access != Access::AtomicStore)
    calls.call(b, "colt5_emu_atomic_after", Type(), {pointer, orderValue});
}

static void announceRange(Operation *op, StringRef function, Value pointer, Value bytes,
                          RuntimeCalls &calls) {
  ImplicitLocOpBuilder b(op->getLoc(), op);
  if (bytes.getType() != b.getI64Type())
    bytes = LLVM::ZExtOp::create(b, b.getI64Type(), bytes);
  if (LLVM::AllocaOp local = findLocal(pointer))
    return announceLocal(op, local, pointer, bytes, calls);
  calls.callAccess(b, function, pointer, bytes, RuntimeCalls::constant(b, 1), calls.site(b, op));
}

/// Shared addresses count from 0, as on the device.
static void convertSharedAddress(Operation *op, RuntimeCalls &calls) {
  ImplicitLocOpBuilder b(op->getLoc(), op);
  Type i64 = b.getI64Type();
  auto resize = [&](Value value, Type type) -> Value {
    unsigned from = value.getType().getIntOrFloatBitWidth(), to = type.getIntOrFloatBitWidth();
    if (from == to)
      return value;
    return from < to ? LLVM::ZExtOp::create(b, type, value).getResult()
                     : LLVM::TruncOp::create(b, type, value).getResult();
  };
  Value result;
  if (isa<LLVM::PtrToIntOp>(op))
    result = resize(calls.callPure(b, "colt5_emu_shared_offset", i64, op->getOperand(0)),
                    op->getResult(0).getType());
  else
    result = calls.callPure(b, "colt5_emu_shared_address", op->getResult(0).getType(),
                            resize(op->getOperand(0), i64));
  op->getResult(0).replaceAllUsesWith(result);
  op->erase();
}

LogicalResult mlir::colt5::emulator::announceMemory(Operation *op, RuntimeCalls &calls) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](LLVM::LoadOp load) {
        // A loop around a volatile load waits for another thread.
        if (load.getOrdering() != LLVM::AtomicOrdering::not_atomic || load.getVolatile_())
          announceAtomic(op, Access::AtomicRead, load.getAddr(), load.getType(), load.getOrdering(), calls);
        else
          announce(op, "colt5_emu_load", load.getAddr(), load.getType(), load.getAlignment(), calls);
        return success();
      })
      .Case([&](LLVM::StoreOp store) {
        Type type = store.getValue().getType();
        if (store.getOrdering() != LLVM::AtomicOrdering::not_atomic || store.getVolatile_())
          announceAtomic(op, Access::AtomicStore, store.getAddr(), type, store.getOrdering(), calls);
        else
          announce(op, "colt5_emu_store", store.getAddr(), type, store.getAlignment(), calls);
        return success();
      })
      .Case([&](LLVM::AtomicRMWOp atomic) {
        announceAtomic(op, Access::Atomic, atomic.getPtr(), atomic.getVal().getType(), atomic.getOrdering(),
                       calls);
        return success();
      })
      .Case([&](LLVM::AtomicCmpXchgOp atomic) {
        announceAtomic(op, Access::Atomic, atomic.getPtr(), atomic.getVal().getType(),
                       atomic.getSuccessOrdering(), calls);
        return success();
      })
      .Case<LLVM::MemcpyOp, LLVM::MemmoveOp>([&](auto copy) {
        announceRange(op, "colt5_emu_load", copy.getSrc(), copy.getLen(), calls);
        announceRange(op, "colt5_emu_store", copy.getDst(), copy.getLen(), calls);
        return success();
      })
      .Case([&](LLVM::MemsetOp set) {
        announceRange(op, "colt5_emu_store", set.getDst(), set.getLen(), calls);
        return success();
      })
      .Case<LLVM::MemcpyInlineOp, LLVM::MemsetInlineOp>([&](Operation *) {
        return op->emitError("the emulator does not know '") << op->getName() << "'; add it to lib/Emulator";
      })
      .Case([&](LLVM::PtrToIntOp cast) {
        if (isShared(cast.getArg().getType()))
          convertSharedAddress(op, calls);
        return success();
      })
      .Case([&](LLVM::IntToPtrOp cast) {
        if (isShared(cast.getType()))
          convertSharedAddress(op, calls);
        return success();
      })
      .Case([&](LLVM::FenceOp fence) {
        ImplicitLocOpBuilder b(op->getLoc(), op);
        bool device = isDeviceScope(fence.getSyncscope().value_or(""));
        calls.call(b, "colt5_emu_fence", Type(), {RuntimeCalls::constant(b, device), calls.site(b, op)});
        return success();
      })
      .Default(success());
}
