// The CPUs and chips that code is generated for, one row each, and nothing else: no other file knows a
// machine by its name or holds a number of one.
#ifndef COLT5_MACHINE_MACHINE_H
#define COLT5_MACHINE_MACHINE_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <initializer_list>
#include <optional>
#include <string>

namespace mlir::colt5 {

enum class MachineKind { CPU, GPU };

/// Instructions that not every machine of a kind has. Those of CPUs are called as in LLVM.
enum class Feature {
  AVX2,
  FMA,
  AVX512F,
  AVX512VL,
  AVX512BW,
  AVX512DQ,
  NEON,
  /// Asynchronous copies to shared memory by a thread, barriers that count them, reductions of a warp.
  AsyncCopy,
  MBarrier,
  Redux,
  /// Bulk copies and tensor maps (TMA) with their barriers, fences and the choice of one thread; clusters of
  /// blocks; matrices stored from registers by a warp; grids that begin before another one ends.
  BulkCopy,
  Clusters,
  StMatrix,
  DependentLaunch,
  /// Registers given from warp to warp; products of matrices by a warp group.
  SetMaxRegisters,
  Wgmma,
  /// Products of matrices in tensor memory.
  Tcgen05,
};

/// "avx2", "clusters".
StringRef stringifyFeature(Feature feature);

class FeatureSet {
public:
  constexpr FeatureSet() = default;
  constexpr FeatureSet(std::initializer_list<Feature> features) {
    for (Feature feature : features)
      bits |= getBit(feature);
  }

  constexpr bool has(Feature feature) const { return (bits & getBit(feature)) != 0; }
  /// Every feature in order.
  SmallVector<Feature> getFeatures() const;

private:
  static constexpr uint32_t getBit(Feature feature) { return uint32_t(1) << static_cast<unsigned>(feature); }

  uint32_t bits = 0;
};

/// What the compiler knows about a machine. Sizes in bytes. Numbers that have a name in `getNumbers` can be
/// overridden by `#colt5.machine`.
struct Machine {
  /// What users call it, and for a chip what LLVM and ptxas call it: "cpu-generic", "sm_80".
  StringRef name;
  StringRef summary;
  MachineKind kind = MachineKind::CPU;
  FeatureSet features;

  /// Width of a vector register; for a chip, of an access of one thread.
  int64_t vectorBytes = 0;
  /// The second-level cache of a core; for a chip, one block's share.
  int64_t l2Bytes = 0;
  /// Cores or multiprocessors to keep busy; a hint, the program runs on any number.
  int64_t cores = 0;
  /// Rows and columns of a contraction tile before caches and cores shrink it. Packing one operand costs
  /// about 1 / rows of the tile's work.
  int64_t contractionRows = 0, contractionColumns = 0;
  /// Query rows of an attention tile: keys are read once per tile.
  int64_t attentionQueries = 0;

  /// CPU: the architecture and the CPU that LLVM generates code for when the user names none.
  StringRef architecture, cpu;

  /// GPU: threads of a block that runs a tile, a power of two, and the shared memory that the buffers of a
  /// tile may take.
  int64_t threads = 0, sharedBytes = 0;
  /// GPU: compute capability times ten: 80 is 8.0.
  int64_t capability = 0;
  /// GPU: code with instructions of exactly this architecture (`sm_90a`), which runs on no later chip.
  bool isArchSpecific = false;
  /// GPU: the oldest PTX version that knows the chip, times ten (LLVM aborts below it), and the one that the
  /// compiler writes. A fixed one: output must not depend on which ptxas is there.
  int minPtx = 0, ptx = 0;
  /// GPU: shared memory of one block, static and dynamic together; 32-bit registers of one thread.
  int64_t maxSharedBytes = 0, maxRegisters = 0;

  bool isGPU() const { return kind == MachineKind::GPU; }

  /// Bytes a memory-bound tile may touch: far more than a task costs to start, and resident in L2 between the
  /// ops of a kernel.
  int64_t getStreamBytes() const { return l2Bytes / 8; }
};

/// Threads of a warp, on every chip.
inline constexpr int64_t kWarpSize = 32;
/// What a kernel may have as static shared memory, in bytes, on every chip.
inline constexpr int64_t kStaticSharedLimit = 48 << 10;
/// The newest PTX version that LLVM writes, times ten.
inline constexpr int kNewestPtx = 90;

/// Every machine; the CPUs come first.
ArrayRef<Machine> getMachines();

/// The machine called `name`, or null.
const Machine *findMachine(StringRef name);

/// The machine that code of `kind` is for when nobody says otherwise: the CPU of the process's architecture
/// that needs the least, or the first chip.
const Machine &getDefaultMachine(MachineKind kind);

/// The CPU of `architecture` with the widest vectors among those whose features `has` all holds, or null.
const Machine *findCpu(StringRef architecture, function_ref<bool(Feature)> has);

/// "sm_80, sm_90a", for messages.
std::string listMachines(MachineKind kind);
/// The machines that have `feature`, in the same form.
std::string listMachines(Feature feature);

/// A number of a row that `#colt5.machine` can override.
struct MachineNumber {
  StringRef name;
  int64_t Machine::*field;
  /// Bounds of its value, and whether it is a power of two.
  int64_t min, max;
  bool isPowerOfTwo = false;
  /// The only kind of machine that reads it; nothing: both do.
  std::optional<MachineKind> kind = std::nullopt;
};
ArrayRef<MachineNumber> getNumbers();

/// "8.0" for 80.
std::string formatPtxVersion(int version);

} // namespace mlir::colt5

#endif // COLT5_MACHINE_MACHINE_H
