#ifndef COLT5_LIB_EMULATOR_DEVICE_RUNTIMESYMBOLS_H
#define COLT5_LIB_EMULATOR_DEVICE_RUNTIMESYMBOLS_H

#include "llvm/ADT/StringMap.h"
#include <cstdint>

namespace mlir::colt5::emulator {

using SymbolMap = llvm::StringMap<void *>;
/// Entry points of the runtime that compiled kernels call.
void addShadowSymbols(SymbolMap &symbols);
void addMemorySymbols(SymbolMap &symbols);
void addThreadSymbols(SymbolMap &symbols);
void addWarpSymbols(SymbolMap &symbols);
void addMathSymbols(SymbolMap &symbols);
void addMBarrierSymbols(SymbolMap &symbols);
void addBulkSymbols(SymbolMap &symbols);
void addAtomicSymbols(SymbolMap &symbols);
void addClusterSymbols(SymbolMap &symbols);
void addWgmmaSymbols(SymbolMap &symbols);

/// What the lanes of a warp do together; the kind of `colt5_emu_warp`.
enum WarpOp : uint32_t {
  WarpSync,
  ShflBfly,
  ShflUp,
  ShflDown,
  ShflIdx,
  VoteAny,
  VoteAll,
  VoteBallot,
  VoteUni,
  MatchAny,
  MatchAll,
  ReduxAdd,
  ReduxUMin,
  ReduxUMax,
  ReduxMin,
  ReduxMax,
  ReduxAnd,
  ReduxOr,
  ReduxXor,
  Elect,
  LdMatrix,
  StMatrix,
  MmaBF16,
  MmaF16,
  MmaTF32,
};
/// Registers that `colt5_emu_register` reads.
enum SpecialRegister : uint32_t {
  TidX,
  NTidX = TidX + 3,
  CtaIdX = NTidX + 3,
  NCtaIdX = CtaIdX + 3,
  LaneId = NCtaIdX + 3,
  WarpId,
  NWarpId,
  WarpSize,
  LaneMaskEq,
  LaneMaskLe,
  LaneMaskLt,
  LaneMaskGe,
  LaneMaskGt,
  DynamicSharedSize,
  ClusterCtaIdX,
  ClusterNCtaIdX = ClusterCtaIdX + 3,
  ClusterIdX = ClusterNCtaIdX + 3,
  NClusterIdX = ClusterIdX + 3,
  ClusterCtaRank = NClusterIdX + 3,
  ClusterNCtaRank,
  ClockCounter
};

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_DEVICE_RUNTIMESYMBOLS_H
