// What CPU code needs of the CPU.
#ifndef COLT5_LIB_TARGET_EMBED_CPUFEATURES_H
#define COLT5_LIB_TARGET_EMBED_CPUFEATURES_H

#include <cstdint>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace mlir::colt5 {

/// Bit i is set where code for `machine` may use feature i of the runtime's table, colt5_cpu_features.
uint64_t getCpuFeatures(const llvm::TargetMachine &machine);

} // namespace mlir::colt5

#endif // COLT5_LIB_TARGET_EMBED_CPUFEATURES_H
