// Loads, stores, atomics, shared variables and casts between address spaces.
#include "Runtime.h"
#include "RuntimeCalls.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5::emulator;

static constexpr unsigned kSharedSpace = 3;

static bool isShared(Type type) {
  auto pointer = dyn_cast<LLVM::LLVMPointerType>(type);
  return pointer && pointer.getAddressSpace() == kSharedSpace;
}

/// The thread's own memory needs no watch.
static bool isLocal(Value pointer) {
  while (Operation *op = pointer.getDefiningOp()) {
    if (isa<LLVM::AllocaOp>(op))
      return true;
    if (!isa<LLVM::GEPOp, LLVM::AddrSpaceCastOp, LLVM::BitcastOp>(op))
      return false;
    pointer = op->getOperand(0);
  }
  return false;
}

static void announce(Operation *op, StringRef function, Value pointer, Type type,
                     std::optional<uint64_t> alignment, RuntimeCalls &calls) {
  if (isLocal(pointer))
    return;
  ImplicitLocOpBuilder b(op->getLoc(), op);
  DataLayout layout = DataLayout::closest(op);
  uint64_t bytes = layout.getTypeSize(type);
  // Without a stated alignment the target assumes the type's: of a vector, all of its bytes.
  uint64_t align = alignment ? *alignment : layout.getTypeABIAlignment(type);
  if (!alignment && isa<VectorType>(type))
    align = llvm::PowerOf2Ceil(bytes);
  calls.call(b, function, Type(),
             {pointer, RuntimeCalls::constant(b, bytes, 64),
              RuntimeCalls::constant(b, std::max<uint64_t>(align, 1)), calls.site(b, op)});
}

static void announceRange(Operation *op, StringRef function, Value pointer, Value bytes,
                          RuntimeCalls &calls) {
  if (isLocal(pointer))
    return;
  ImplicitLocOpBuilder b(op->getLoc(), op);
  if (bytes.getType() != b.getI64Type())
    bytes = LLVM::ZExtOp::create(b, b.getI64Type(), bytes);
  calls.call(b, function, Type(), {pointer, bytes, RuntimeCalls::constant(b, 1), calls.site(b, op)});
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
  if (isa<LLVM::PtrToIntOp>(op)) {
    Value address = LLVM::PtrToIntOp::create(b, i64, op->getOperand(0));
    Value mask = RuntimeCalls::constant(b, kSharedWindow - 1, 64);
    result = resize(LLVM::AndOp::create(b, address, mask), op->getResult(0).getType());
  } else {
    result =
        calls.call(b, "colt5_emu_shared_address", op->getResult(0).getType(), resize(op->getOperand(0), i64));
  }
  op->getResult(0).replaceAllUsesWith(result);
  op->erase();
}

LogicalResult mlir::colt5::emulator::announceMemory(Operation *op, RuntimeCalls &calls) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](LLVM::LoadOp load) {
        bool atomic = load.getOrdering() != LLVM::AtomicOrdering::not_atomic;
        announce(op, atomic ? "colt5_emu_atomic" : "colt5_emu_load", load.getAddr(), load.getType(),
                 load.getAlignment(), calls);
        return success();
      })
      .Case([&](LLVM::StoreOp store) {
        bool atomic = store.getOrdering() != LLVM::AtomicOrdering::not_atomic;
        announce(op, atomic ? "colt5_emu_atomic_store" : "colt5_emu_store", store.getAddr(),
                 store.getValue().getType(), store.getAlignment(), calls);
        return success();
      })
      .Case([&](LLVM::AtomicRMWOp atomic) {
        announce(op, "colt5_emu_atomic", atomic.getPtr(), atomic.getVal().getType(), std::nullopt, calls);
        return success();
      })
      .Case([&](LLVM::AtomicCmpXchgOp atomic) {
        announce(op, "colt5_emu_atomic", atomic.getPtr(), atomic.getVal().getType(), std::nullopt, calls);
        return success();
      })
      .Case([&](LLVM::MemcpyOp copy) {
        announceRange(op, "colt5_emu_load", copy.getSrc(), copy.getLen(), calls);
        announceRange(op, "colt5_emu_store", copy.getDst(), copy.getLen(), calls);
        return success();
      })
      .Case([&](LLVM::MemsetOp set) {
        announceRange(op, "colt5_emu_store", set.getDst(), set.getLen(), calls);
        return success();
      })
      .Case<LLVM::MemmoveOp, LLVM::MemcpyInlineOp, LLVM::MemsetInlineOp>([&](Operation *) {
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
      .Case([&](LLVM::FenceOp) {
        ImplicitLocOpBuilder b(op->getLoc(), op);
        calls.call(b, "colt5_emu_fence", Type(), calls.site(b, op));
        return success();
      })
      .Default(success());
}
