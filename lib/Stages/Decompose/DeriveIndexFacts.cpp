#include "colt5/Stages/Decompose/Passes.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5DERIVEINDEXFACTS
#include "colt5/Stages/Decompose/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// What is known about the indices in the last dimension of a value.
struct IndexFacts {
  bool unique = false;
  bool sorted = false;
  /// The indices are below the size of dimension `dim` of `rows`, or below `extent` for constants.
  Value rows;
  int64_t dim = 0;
  std::optional<int64_t> extent;
};
} // namespace

/// The facts of constant indices, row by row.
static IndexFacts analyzeConstant(DenseIntElementsAttr constant) {
  IndexFacts facts;
  auto shape = constant.getType().getShape();
  int64_t rowSize = shape.empty() ? 1 : shape.back();
  facts.unique = facts.sorted = true;
  int64_t extent = 0, slot = 0, previous = kNoToken;
  bool isNegative = false;
  llvm::SmallDenseSet<int64_t> row;
  for (const APInt &element : constant.getValues<APInt>()) {
    if (slot++ % rowSize == 0) {
      row.clear();
      previous = kNoToken;
    }
    int64_t index = element.getSExtValue();
    if (index == kNoToken)
      continue;
    facts.unique &= row.insert(index).second;
    facts.sorted &= previous <= index;
    previous = index;
    extent = std::max(extent, index + 1);
    isNegative |= index < kNoToken;
  }
  // The run-time check turns other negative indices into -1, so it must stay.
  if (!isNegative)
    facts.extent = extent;
  return facts;
}

/// The dimensions of the expanded shape that became dimension `dim` of the collapsed one hold nothing but
/// `slot`, so that no row is merged with another one.
static bool isOnlyNonUnit(ArrayRef<int64_t> expanded, ArrayRef<int64_t> group, int64_t slot) {
  return llvm::all_of(group, [&](int64_t dim) { return dim == slot || expanded[dim] == 1; });
}

/// Follows `value` back to the op that chose the indices. `slot` is the dimension of `value` whose rows the
/// facts must hold for; it moves along. Reshapes, casts and slices keep rows or cut them, they never mix
/// them.
static IndexFacts analyze(Value value, int64_t slot) {
  while (true) {
    auto result = dyn_cast<OpResult>(value);
    DenseIntElementsAttr constant;
    if (result && matchPattern(value, m_Constant(&constant)))
      return slot + 1 == constant.getType().getRank() || constant.getType().getRank() == 0
                 ? analyzeConstant(constant)
                 : IndexFacts();
    if (!result)
      return {};
    Operation *op = result.getOwner();
    if (auto topk = dyn_cast<TopKOp>(op)) {
      if (result.getResultNumber() != 0 || slot != 2)
        return {};
      IndexFacts facts;
      facts.unique = true;
      facts.sorted = topk.getOrder() == SlotOrder::Index;
      facts.rows = topk.getScores();
      facts.dim = 2;
      return facts;
    }
    if (auto cast = dyn_cast<tensor::CastOp>(op)) {
      if (!isa<RankedTensorType>(cast.getSource().getType()))
        return {};
      value = cast.getSource();
    } else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
      llvm::SmallBitVector dropped = slice.getDroppedDims();
      for (int64_t dim = 0; dim <= slot; ++dim)
        slot += dropped.test(dim);
      // A negative stride would turn the order around.
      auto strides = slice.getStaticStrides();
      if (ShapedType::isDynamic(strides[slot]) || strides[slot] < 1)
        return {};
      value = slice.getSource();
    } else if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op)) {
      auto expanded = collapse.getSrcType().getShape();
      auto group = collapse.getReassociationIndices()[slot];
      // The last dimension that may hold several slots; all others of the group must be 1.
      int64_t source = group.back();
      while (source > group.front() && expanded[source] == 1)
        --source;
      if (!isOnlyNonUnit(expanded, group, source))
        return {};
      slot = source;
      value = collapse.getSrc();
    } else if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
      auto reassociation = expand.getReassociationIndices();
      auto expanded = expand.getResultType().getShape();
      int64_t source = 0;
      while (source < int64_t(reassociation.size()) && !llvm::is_contained(reassociation[source], slot))
        ++source;
      // Several slots of one row may only become several rows, never the other way round.
      if (source == int64_t(reassociation.size()) ||
          llvm::any_of(reassociation[source], [&](int64_t dim) { return dim > slot && expanded[dim] != 1; }))
        return {};
      slot = source;
      value = expand.getSrc();
    } else {
      return {};
    }
  }
}

/// The indices described by `facts` lie inside dimension `dim` of `rows`.
static bool isInRange(const IndexFacts &facts, Value rows, int64_t dim) {
  int64_t size = cast<ShapedType>(rows.getType()).getDimSize(dim);
  if (facts.extent)
    return !ShapedType::isDynamic(size) && *facts.extent <= size;
  if (!facts.rows)
    return false;
  int64_t selectedFrom = cast<ShapedType>(facts.rows.getType()).getDimSize(facts.dim);
  if (!ShapedType::isDynamic(size) && !ShapedType::isDynamic(selectedFrom))
    return selectedFrom <= size;
  FailureOr<bool> equal = ValueBoundsConstraintSet::areEqual({rows, dim}, {facts.rows, facts.dim});
  return succeeded(equal) && *equal;
}

/// The last dimension of an index operand.
static int64_t getSlotDim(Value indices) { return cast<ShapedType>(indices.getType()).getRank() - 1; }

namespace {
struct DeriveIndexFacts final : colt5::impl::Colt5DeriveIndexFactsBase<DeriveIndexFacts> {
  using Colt5DeriveIndexFactsBase::Colt5DeriveIndexFactsBase;

  void runOnOperation() override {
    getOperation()->walk([&](Operation *op) {
      if (auto gather = dyn_cast<GatherOp>(op))
        visit(gather, gather.getIndices(), gather.getSource(), gather.getBatchDims());
      else if (auto scatter = dyn_cast<ScatterCombineOp>(op); scatter && scatter.getOuts().size() == 1)
        visit(scatter, scatter.getIndices(), scatter.getOuts()[0], 1);
      else if (auto conditional = dyn_cast<ConditionalOp>(op))
        visit(conditional, conditional.getIndices(), conditional.getX(), 1);
      else if (auto attention = dyn_cast<AttentionOp>(op))
        visitKeys(attention);
      else if (auto online = dyn_cast<OnlineAttentionOp>(op))
        visitKeys(online);
    });
  }

  template <typename OpTy> void visit(OpTy op, Value indices, Value rows, int64_t dim) {
    if (getSlotDim(indices) < 0)
      return;
    IndexFacts facts = analyze(indices, getSlotDim(indices));
    if (facts.unique && !op.getUnique()) {
      op.setUnique(true);
      ++numUnique;
    }
    if (facts.sorted && !op.getSorted()) {
      op.setSorted(true);
      ++numSorted;
    }
    if (!op.getTrusted() && (trust || isInRange(facts, rows, dim))) {
      op.setTrusted(true);
      ++numTrusted;
    }
  }

  template <typename OpTy> void visitKeys(OpTy op) {
    Value indices = op.getKvIdx();
    if (!indices || op.getTrusted())
      return;
    if (!trust && !isInRange(analyze(indices, getSlotDim(indices)), op.getK(), 2))
      return;
    op.setTrusted(true);
    ++numTrusted;
  }
};
} // namespace
