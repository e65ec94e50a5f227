#ifndef COLT5_MACHINE_CHIP_H
#define COLT5_MACHINE_CHIP_H

#include "mlir/Support/LLVM.h"
#include <string>

namespace mlir::colt5 {

/// One GPU that code is generated for. A new chip is a row in Chip.cpp and one of the same name in
/// TargetDescription.cpp; see docs/extend/chip.md.
struct Chip {
  /// The name LLVM and ptxas know: "sm_80".
  StringRef name;
  /// Compute capability times ten: 80 is 8.0.
  int capability;
  /// Has the instructions of exactly this architecture (`sm_90a`); such code runs on no later chip.
  bool archSpecific;
  /// The oldest PTX version that knows the chip, times ten: 70 is 7.0. LLVM aborts below it.
  int minPtx;
  /// The PTX version that the compiler writes. A fixed one: output must not depend on which ptxas is there.
  int ptx;
  /// Shared memory of one block, static and dynamic together, in bytes.
  int64_t maxSharedBytes;
  /// 32-bit registers of one thread.
  int maxRegisters;
  /// Multiprocessors of the usual product; a hint.
  int processors;
};

/// Every known chip.
ArrayRef<Chip> getChips();

/// The chip called `name`, or null.
const Chip *findChip(StringRef name);

/// "sm_80, sm_90a", for messages.
std::string listChips();

/// The newest PTX version that LLVM writes, times ten.
inline constexpr int kNewestPtx = 90;

/// "8.0" for 80.
std::string formatPtxVersion(int version);

} // namespace mlir::colt5

#endif // COLT5_MACHINE_CHIP_H
