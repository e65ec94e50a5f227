#include "HostAccesses.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

namespace {
/// One access: `bytes` is null where their number is `fixed`.
struct Access {
  Value address, bytes;
  uint64_t fixed = 0;
  bool isWrite = false;
};
} // namespace

/// Whether `address` lies on the stack of its function.
static bool isLocal(Value address) {
  while (auto step = address.getDefiningOp<LLVM::GEPOp>())
    address = step.getBase();
  return address.getDefiningOp<LLVM::AllocaOp>() != nullptr;
}

static SmallVector<Access> getAccesses(Operation *op, const DataLayout &layout) {
  auto sizeOf = [&](Type type) { return layout.getTypeSize(type).getFixedValue(); };
  if (auto load = dyn_cast<LLVM::LoadOp>(op))
    return {{load.getAddr(), {}, sizeOf(load.getType()), false}};
  if (auto store = dyn_cast<LLVM::StoreOp>(op))
    return {{store.getAddr(), {}, sizeOf(store.getValue().getType()), true}};
  if (auto update = dyn_cast<LLVM::AtomicRMWOp>(op))
    return {{update.getPtr(), {}, sizeOf(update.getType()), true}};
  if (auto copy = dyn_cast<LLVM::MemcpyOp>(op))
    return {{copy.getSrc(), copy.getLen(), 0, false}, {copy.getDst(), copy.getLen(), 0, true}};
  if (auto move = dyn_cast<LLVM::MemmoveOp>(op))
    return {{move.getSrc(), move.getLen(), 0, false}, {move.getDst(), move.getLen(), 0, true}};
  if (auto set = dyn_cast<LLVM::MemsetOp>(op))
    return {{set.getDst(), set.getLen(), 0, true}};
  return {};
}

static std::string describe(Operation *op) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "'" << op->getName() << "' of '" << op->getParentOfType<LLVM::LLVMFuncOp>().getName() << "' at ";
  if (auto file = op->getLoc()->findInstanceOf<FileLineColLoc>())
    os << file.getFilename().getValue() << ":" << file.getLine() << ":" << file.getColumn();
  else
    os << op->getLoc();
  return text;
}

void HostAccesses::announce(HostAccesses *self, const char *address, uint64_t bytes, int64_t isWrite,
                            uint64_t site) {
  self->touch(address, bytes, isWrite, self->sites[site]);
}

void HostAccesses::watch(ModuleOp module) {
  DataLayout layout(module);
  MLIRContext *context = module.getContext();
  Type pointer = LLVM::LLVMPointerType::get(context), i64 = IntegerType::get(context, 64);
  auto type =
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), {pointer, pointer, i64, i64, i64});
  SmallVector<std::pair<Operation *, Access>> accesses;
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    function.walk([&](Operation *op) {
      for (const Access &access : getAccesses(op, layout))
        if (!isLocal(access.address))
          accesses.push_back({op, access});
    });
  for (auto &[op, access] : accesses) {
    ImplicitLocOpBuilder b(op->getLoc(), op);
    auto number = [&](uint64_t value) -> Value {
      return LLVM::ConstantOp::create(b, i64, b.getI64IntegerAttr(static_cast<int64_t>(value)));
    };
    // The code runs in this process, and only as long as this object is there.
    auto address = [&](const void *value) -> Value {
      return LLVM::IntToPtrOp::create(b, pointer, number(reinterpret_cast<uintptr_t>(value)));
    };
    Value bytes = access.bytes ? access.bytes : number(access.fixed);
    if (bytes.getType() != i64)
      bytes = LLVM::ZExtOp::create(b, i64, bytes);
    LLVM::CallOp::create(b, type,
                         ValueRange{address(reinterpret_cast<const void *>(&HostAccesses::announce)),
                                    address(this), access.address, bytes, number(access.isWrite),
                                    number(sites.size())});
    sites.push_back(describe(op));
  }
}
