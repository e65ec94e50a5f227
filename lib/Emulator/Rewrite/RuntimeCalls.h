#ifndef COLT5_LIB_EMULATOR_REWRITE_RUNTIMECALLS_H
#define COLT5_LIB_EMULATOR_REWRITE_RUNTIMECALLS_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::colt5::emulator {

/// On the rewritten module: a dictionary of `kernels`, `shared` and `sites`, see EmulateNVVM.cpp.
inline constexpr llvm::StringLiteral kEmulatedAttr = "colt5.emulated";
inline constexpr llvm::StringLiteral kEntryPrefix = "colt5_emu_kernel_";

/// What an atomic operation does to the order of other accesses: a set.
enum AtomicOrder : uint32_t { AtomicReleases = 1, AtomicFencesBefore = 2, AtomicFencesAfter = 4 };

/// Builds calls of the runtime and keeps the table of places that they come from.
class RuntimeCalls {
public:
  explicit RuntimeCalls(ModuleOp module) : module(module) {}

  /// Calls `name`, which is declared on first use. A null `result` means none; returns null then.
  Value call(ImplicitLocOpBuilder &builder, StringRef name, Type result, ValueRange arguments);
  /// Calls a function whose result depends on its arguments and the thread only.
  Value callPure(ImplicitLocOpBuilder &builder, StringRef name, Type result, ValueRange arguments);
  /// Announces a plain load or store; the callee changes no register.
  void callAccess(ImplicitLocOpBuilder &builder, StringRef name, Value pointer, Value bytes, Value align,
                  Value site);
  /// A number for `op` and its location, as an i32 constant.
  Value site(ImplicitLocOpBuilder &builder, Operation *op);
  /// The 16 words through which `op`'s function talks to warp operations; on its stack.
  Value slots(Operation *op);

  /// The same for wgmma: 132 words of 32 bits.
  Value wgmmaSlots(Operation *op);

  ArrayRef<std::string> getSites() const { return sites; }

  static Value constant(ImplicitLocOpBuilder &builder, int64_t value, unsigned bits = 32);

private:
  ModuleOp module;
  SmallVector<std::string> sites;
  llvm::StringMap<LLVM::LLVMFuncOp> functions;
  Value slots(Operation *op, DenseMap<Operation *, Value> &slotsOfFunction, int64_t words);
  DenseMap<Operation *, Value> slotsOfFunction, wgmmaSlotsOfFunction;
};

/// Replaces `op`, of the nvvm dialect. Fails with a diagnostic if the emulator does not know it.
LogicalResult rewriteNVVMOp(Operation *op, RuntimeCalls &calls);
/// The same for barrier objects and bulk copies.
LogicalResult rewriteHopperOp(Operation *op, RuntimeCalls &calls);
/// Replaces intrinsics, inline PTX and assembly of the target; other operations stay. Diagnoses what is not
/// known.
LogicalResult rewriteIntrinsic(Operation *op, RuntimeCalls &calls);
/// The same for wgmma; and reads of its results, which must come after the wait, of the whole module.
LogicalResult rewriteWgmmaOp(Operation *op, RuntimeCalls &calls);
LogicalResult guardAccumulators(ModuleOp module, RuntimeCalls &calls);
/// Whether inline assembly or PTX is a wgmma instruction.
bool isWgmmaText(Operation *op);
/// Announces what `op` reads and writes, and replaces what depends on the address space.
LogicalResult announceMemory(Operation *op, RuntimeCalls &calls);

/// Adds functions that are compiled with the kernels: conversions that x86 calls a library for, and the slow
/// paths of loads and stores, which save all vector registers.
void addRuntimeCode(ModuleOp module);

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_REWRITE_RUNTIMECALLS_H
