#ifndef COLT5_EMULATOR_EMULATOR_H
#define COLT5_EMULATOR_EMULATOR_H

#include "mlir/IR/BuiltinOps.h"
#include <array>
#include <memory>
#include <string>

namespace mlir::colt5 {

/// How kernels are executed on the host.
struct EmulatorOptions {
  /// Host threads that execute blocks; 0: one per core.
  unsigned hostThreads = 0;
  /// 0: threads run in turn and asynchronous work completes as late as allowed. Otherwise the order of
  /// threads and the moments of completion are drawn from this seed.
  uint64_t seed = 0;
  /// Reports conflicting accesses without a barrier between them.
  bool checkRaces = true;
  /// Reports reads of bytes that nobody wrote.
  bool checkInitialized = true;
};

/// What went wrong.
enum class EmulatorErrorKind {
  OutOfBounds,
  Misaligned,
  Uninitialized,
  Race,
  DivergentCollective,
  Deadlock,
  AsyncNotAwaited,
  BadOperand,
};
StringRef stringify(EmulatorErrorKind kind);

/// One error of a kernel. Positions are (x, y, z).
struct EmulatorFinding {
  EmulatorErrorKind kind;
  std::string kernel;
  std::array<uint32_t, 3> block, thread;
  /// The MLIR operation and its source location.
  std::string where;
  std::string message;

  /// One line for users.
  std::string str() const;
};

/// What a launch did. The launch stops at the first error of the block with the lowest number that has one.
struct EmulatorReport {
  SmallVector<EmulatorFinding> findings;
  uint64_t blocks = 0;
};

/// One launch, as in the CUDA driver's cuLaunchKernelEx.
struct EmulatorLaunch {
  std::array<uint32_t, 3> grid = {1, 1, 1}, block = {1, 1, 1}, cluster = {1, 1, 1};
  uint32_t dynamicSharedBytes = 0;
  /// The bytes of each parameter, in order. Pointers are host addresses inside registered buffers.
  SmallVector<std::string> arguments;
};

/// What the emulator reads where the device expects a tensor map: pass it by value or in a buffer. Dimension
/// 0 is the innermost one, which is dense.
struct alignas(64) EmulatedTensorMap {
  static constexpr uint64_t kMagic = 0x70616d726f736e74;
  uint64_t magic = kMagic;
  uint64_t address = 0;
  uint16_t rank = 0, elementBytes = 0;
  /// 0, 32, 64 or 128 bytes.
  uint32_t swizzleBytes = 0;
  /// Elements; what a box has outside of them is filled with zeros.
  uint64_t sizes[5] = {};
  /// Bytes between neighbours of dimensions 1 to 4.
  uint64_t strides[4] = {};
  uint32_t box[5] = {};
};
static_assert(sizeof(EmulatedTensorMap) == 128);

/// The kernels of a module in nvvm form, compiled for the host.
///
/// Asynchronous work (cp.async, bulk copies and stores, wgmma) completes as late as the wait for it allows,
/// bulk copies the last one first. Plain accesses are ordered by barriers of any kind, by barrier objects,
/// and between blocks by fences around atomic operations on the same address. The launches of one module are
/// ordered.
///
/// Not modelled: number of registers (setmaxnreg does nothing), caches, overlapping launches (griddepcontrol
/// does nothing), scopes of atomic operations and fences beyond "block or more", proxy fences before a bulk
/// copy overwrites what plain accesses touched, and accesses outside of a local variable through a pointer
/// that was chosen at run time. Of more than two readers of a granule that nothing orders, two are
/// remembered, of different warps if there are such. 8-bit, sparse and integer wgmma and mma.sync, im2col and
/// reducing bulk copies are errors.
class EmulatedModule {
public:
  /// Compiles every kernel of `module`, whose gpu.module holds operations of the llvm and nvvm dialects only.
  /// Anything the emulator does not know is a diagnostic that names the operation. `module` itself is not
  /// changed.
  static FailureOr<std::unique_ptr<EmulatedModule>> create(ModuleOp module,
                                                           const EmulatorOptions &options = {});
  ~EmulatedModule();

  SmallVector<StringRef> getKernels() const;

  /// Makes `bytes` bytes at `data` global memory. `initialized`: its content counts as written. Races are
  /// watched in units of 4 bytes, and of fewer where a kernel touches fewer, down to `granule` (1, 2 or 4).
  void addBuffer(StringRef name, void *data, uint64_t bytes, bool initialized, unsigned granule = 1);
  void removeBuffer(void *data);
  /// Names memory of the host, which no kernel may be handed, for messages.
  void addHostMemory(StringRef name, const void *data, uint64_t bytes);
  void removeHostMemory();
  /// Bytes of the buffer at `data` that neither the caller nor a kernel wrote.
  uint64_t getUnwrittenBytes(const void *data) const;

  /// Runs `kernel`. Fails, with at least one finding in `report`, when the kernel is wrong; `error` receives
  /// what is wrong with the launch itself (unknown kernel, number or size of the arguments, a pointer to what
  /// is no global memory, limits of a block).
  LogicalResult launch(StringRef kernel, const EmulatorLaunch &launch, EmulatorReport &report,
                       std::string &error);

private:
  struct Impl;
  explicit EmulatedModule(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

} // namespace mlir::colt5

#endif // COLT5_EMULATOR_EMULATOR_H
