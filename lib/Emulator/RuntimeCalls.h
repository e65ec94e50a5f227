#ifndef COLT5_LIB_EMULATOR_RUNTIMECALLS_H
#define COLT5_LIB_EMULATOR_RUNTIMECALLS_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::colt5::emulator {

/// On the rewritten module: a dictionary of `kernels`, `shared` and `sites`, see EmulateNVVM.cpp.
inline constexpr llvm::StringLiteral kEmulatedAttr = "colt5.emulated";
inline constexpr llvm::StringLiteral kEntryPrefix = "colt5_emu_kernel_";

/// Builds calls of the runtime and keeps the table of places that they come from.
class RuntimeCalls {
public:
  explicit RuntimeCalls(ModuleOp module) : module(module) {}

  /// Calls `name`, which is declared on first use. A null `result` means none; returns null then.
  Value call(ImplicitLocOpBuilder &builder, StringRef name, Type result, ValueRange arguments);
  /// A number for `op` and its location, as an i32 constant.
  Value site(ImplicitLocOpBuilder &builder, Operation *op);
  /// The 16 words through which `op`'s function talks to warp operations; on its stack.
  Value slots(Operation *op);

  ArrayRef<std::string> getSites() const { return sites; }

  static Value constant(ImplicitLocOpBuilder &builder, int64_t value, unsigned bits = 32);

private:
  ModuleOp module;
  SmallVector<std::string> sites;
  DenseMap<Operation *, Value> slotsOfFunction;
};

/// Replaces `op`, of the nvvm dialect. Fails with a diagnostic if the emulator does not know it.
LogicalResult rewriteNVVMOp(Operation *op, RuntimeCalls &calls);
/// The same for barrier objects and bulk copies.
LogicalResult rewriteHopperOp(Operation *op, RuntimeCalls &calls);
/// Replaces intrinsics, inline PTX and assembly of the target; other operations stay. Diagnoses what is not
/// known.
LogicalResult rewriteIntrinsic(Operation *op, RuntimeCalls &calls);
/// Announces what `op` reads and writes, and replaces what depends on the address space.
LogicalResult announceMemory(Operation *op, RuntimeCalls &calls);

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_RUNTIMECALLS_H
