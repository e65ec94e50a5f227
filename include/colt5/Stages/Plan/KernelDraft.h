// Kernels while they are being planned, and the rules that families share.
#ifndef COLT5_STAGES_PLAN_KERNELDRAFT_H
#define COLT5_STAGES_PLAN_KERNELDRAFT_H

#include "colt5/Dialect/Colt5/Interfaces/StructuredTiling.h"
#include "colt5/Machine/Machine.h"
#include "colt5/Stages/Common/Kernels.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::colt5 {

class KernelFamily;

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
/// What a family is chosen by; every other op takes the family of its kernel.
inline bool isAnchor(OpKind kind) { return isHeavy(kind) || kind == OpKind::Selection; }

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
  /// The anchor that chose the family, and those beside it that the family let in.
  SmallVector<Operation *, 1> anchors;
  /// Who computes it; never null.
  const KernelFamily *family = nullptr;

  /// Null for a kernel of light ops.
  Operation *getAnchor() const { return anchors.empty() ? nullptr : anchors.front(); }
  /// The one contraction or attention; null if none.
  Operation *getHeavy() const {
    Operation *anchor = getAnchor();
    return anchor && isHeavy(classify(anchor)) ? anchor : nullptr;
  }
};

/// The static extent of every loop of `op`, kDynamic where none is known.
SmallVector<int64_t> getLoopExtents(Operation *op);

//===----------------------------------------------------------------------===//
// Fusion
//===----------------------------------------------------------------------===//

/// The question whether `op` joins a kernel because of `use`, one of its uses there.
struct Fusion {
  Operation *op;
  OpOperand &use;
  /// The loops of the root that the loops of `op` would follow.
  const RootLoops &loops;
  /// Different tiles of the root need different parts of `op`.
  bool isDisjoint;
  /// Set by the answer: the kernel must not tile the loops of its root that `op` has not.
  bool keepsRows = false;
};

/// In what the families of the tree differ.
struct FusionRules {
  /// Operands of a contraction are read through a gather, or through cheap elementwise ops, tile by tile.
  bool gathersOperands = false, computesOperands = false;
  /// A norm and the scores of routers that read its rows are one kernel, which has whole rows.
  bool scoresRows = false;
};

/// What families have in common: see docs/fusion.md.
bool mayFuse(const KernelDraft &draft, Fusion &fusion, const FusionRules &rules);

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

/// Tile sizes of a kernel, one per loop of its root, and why.
struct TileChoice {
  SmallVector<int64_t> sizes;
  std::string reason;
};

/// What bounds tiles.
struct TileRules {
  /// Bytes for the sums of a contraction, and what they fit then.
  int64_t accumulatorBytes = 0;
  StringRef accumulatorPlace;
  /// A tile of a contraction is not made smaller for more cores; columns as a function of the rows.
  int64_t fewestRows = 0;
  std::function<int64_t(int64_t rows)> fewestColumns;
  /// Rows of the router scores or row statistics that a tile has at least.
  int64_t fewestScoredRows = 1;
};

TileChoice chooseTile(const KernelDraft &kernel, const Machine &machine, const TileRules &rules);

} // namespace mlir::colt5

#endif // COLT5_STAGES_PLAN_KERNELDRAFT_H
