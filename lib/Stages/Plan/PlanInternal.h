#ifndef COLT5_LIB_STAGES_PLAN_PLANINTERNAL_H
#define COLT5_LIB_STAGES_PLAN_PLANINTERNAL_H

#include "colt5/Dialect/Colt5/Interfaces/StructuredTiling.h"
#include "colt5/Machine/Machine.h"
#include "colt5/Stages/Common/Kernels.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::colt5 {

/// What an op costs and how it may join a kernel.
enum class OpKind {
  Fill,
  Gather,
  Elementwise,  ///< all loops parallel
  RowReduction, ///< a cheap statistic per row: rms_scale, a linalg reduction
  Contraction,
  Attention, ///< attention, online_attention
  Scatter,
  Selection, ///< topk, soft_topk: one problem per row
  Other,
};

OpKind classify(Operation *op);
StringRef describe(OpKind kind);

/// Contractions and attention: what is never computed twice and never joins its like.
inline bool isHeavy(OpKind kind) { return kind == OpKind::Contraction || kind == OpKind::Attention; }

/// For every dimension of some value the loop of a kernel's root that runs over it, or `kWholeDim` when each
/// tile of the root needs the whole dimension (or more than a slice of it).
using RootLoops = SmallVector<int64_t>;
constexpr int64_t kWholeDim = -1;

/// A kernel while it is being planned.
struct KernelDraft {
  Operation *root = nullptr;
  /// The plan that stood on the root before; null if none.
  PlanAttr userPlan;
  /// Every op of the kernel with the root loops that each dimension of its results follows (the results of
  /// one op have one iteration space; the entry is for its loops).
  llvm::MapVector<Operation *, RootLoops> loops;
  /// Loops of the root that must stay whole, so that a fused statistic is computed once per row.
  SmallVector<bool> keepWhole;
  /// The one contraction or attention of the kernel; null if none.
  Operation *heavy = nullptr;
};

/// The static extent of every loop of `op`, kDynamic where none is known.
SmallVector<int64_t> getLoopExtents(Operation *op);

/// Groups the compute ops of `block` into kernels, in program order of their roots. Reports inconsistent
/// plans of the user.
FailureOr<SmallVector<std::unique_ptr<KernelDraft>>> groupKernels(Block &block, const Machine &machine);

/// Tile sizes of a kernel, one per loop of its root, and why.
struct TileChoice {
  SmallVector<int64_t> sizes;
  std::string reason;
};
TileChoice chooseTile(const KernelDraft &kernel, const Machine &machine);

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_PLAN_PLANINTERNAL_H
