#ifndef COLT5_TARGET_CPU_OBJECT_H
#define COLT5_TARGET_CPU_OBJECT_H

#include "colt5/Machine/Machine.h"
#include "colt5/Support/ElementKind.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace llvm {
class LLVMContext;
class Module;
class TargetMachine;
} // namespace llvm

namespace mlir::colt5 {

/// For which machine and how hard the code generator works.
struct CpuOptions {
  /// The architecture as LLVM calls it ("x86_64", "aarch64"); "": that of this process.
  std::string architecture;
  /// A CPU name of LLVM for the architecture ("x86-64-v3", "znver3", ...), or "native".
  std::string cpu = "native";
  /// 0 to 3, as in `clang -O`.
  int optLevel = 3;
};

/// The machine that fits the CPU of `options`: the one with the widest vectors whose features that CPU has.
/// Fails with a message for a CPU that LLVM does not know and for one that has too little for any machine.
FailureOr<const Machine *> findCpuMachine(const CpuOptions &options,
                                          llvm::function_ref<InFlightDiagnostic()> emitError);

/// The same for what LLVM generates code for; null where there is none.
const Machine *findCpuMachine(const llvm::TargetMachine &machine);

/// Reports what the CPU of `options` lacks of `machine`.
LogicalResult checkCpu(const CpuOptions &options, const Machine &machine,
                       llvm::function_ref<InFlightDiagnostic()> emitError);

/// What one argument or result of an entry looks like in C.
struct CpuTensorType {
  /// Of rank 0 for scalars; the element type is f16, bf16, f32, f64, i1, i8, i16, i32, i64 or index (64 bit).
  RankedTensorType type;
  /// The argument's name in the source, or "inputN" / "outputN".
  std::string name;
  /// The names of the dynamic sizes, one per dimension, "" for none; sizes of one name are equal. A scalar
  /// whose value is such a size has one entry.
  std::vector<std::string> sizeNames;
  /// The only value that a scalar may have.
  std::optional<int64_t> scalarValue;
  /// Not a tensor: the host reads it, also where tensors are in the memory of a device.
  bool isScalar = false;

  /// Entries have no other elements (`EntryEmitter` refuses them).
  const ElementTraits &getElement() const { return getTraits(*getElementKind(type.getElementType())); }
};

/// One public function of a module at stage `llvm`.
struct CpuEntry {
  std::string name;
  SmallVector<CpuTensorType> inputs, outputs;
};

/// The entries of a module at stage `llvm`, in module order.
SmallVector<CpuEntry> getCpuEntries(ModuleOp module);

/// Text formats and files that code can be emitted as.
enum class CpuFormat { LLVMIR, Assembly, Object };

/// Emits `module` (stage `llvm`) to `os`. Errors are diagnostics at the module.
LogicalResult emitCpuCode(ModuleOp module, const CpuOptions &options, CpuFormat format,
                          llvm::raw_pwrite_stream &os);

/// Makes `module` (stage `llvm`) a shared library that exports the entries only; returns its bytes. Calls the
/// system's C compiler `cc` (or what the environment variable CC names) to link.
FailureOr<std::string> emitCpuSharedLibrary(ModuleOp module, const CpuOptions &options);

/// Links `object` with the system's C compiler to a shared library; returns its bytes. Errors are diagnostics
/// of `emitError`.
FailureOr<std::string> linkSharedLibrary(StringRef object,
                                         llvm::function_ref<InFlightDiagnostic()> emitError);

/// Fails unless the only symbols that `object` leaves open are memcpy, memmove and memset.
llvm::Error checkObjectSymbols(llvm::MemoryBufferRef object);

/// Steps of `emitCpuCode`, for those who need the parts.
std::unique_ptr<llvm::TargetMachine>
createCpuTargetMachine(const CpuOptions &options, llvm::function_ref<InFlightDiagnostic()> emitError);
std::unique_ptr<llvm::Module> translateToPlainLLVMIR(ModuleOp module, llvm::TargetMachine &machine,
                                                     llvm::LLVMContext &context);
std::unique_ptr<llvm::Module> translateToOptimizedLLVMIR(ModuleOp module, const CpuOptions &options,
                                                         llvm::TargetMachine &machine,
                                                         llvm::LLVMContext &context);

} // namespace mlir::colt5

#endif // COLT5_TARGET_CPU_OBJECT_H
