#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::colt5;

//===----------------------------------------------------------------------===//
// Values that are one number everywhere
//===----------------------------------------------------------------------===//

/// The number that every element of a tensor holds, or null.
static Attribute getSplat(Value value) {
  // Casts and slices of a splat are that splat.
  while (value) {
    if (auto cast = value.getDefiningOp<tensor::CastOp>())
      value = cast.getSource();
    else if (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>())
      value = slice.getSource();
    else if (auto collapse = value.getDefiningOp<tensor::CollapseShapeOp>())
      value = collapse.getSrc();
    else if (auto expand = value.getDefiningOp<tensor::ExpandShapeOp>())
      value = expand.getSrc();
    else
      break;
  }
  if (!value)
    return {};
  Attribute constant;
  if (auto fill = value.getDefiningOp<linalg::FillOp>())
    return fill.hasPureTensorSemantics() && matchPattern(fill.getInputs()[0], m_Constant(&constant))
               ? constant
               : Attribute();
  if (auto splat = value.getDefiningOp<tensor::SplatOp>())
    return matchPattern(splat.getInput(), m_Constant(&constant)) ? constant : Attribute();
  DenseElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements)) && elements.isSplat())
    return elements.getSplatValue<Attribute>();
  return {};
}

static bool isSplatOf(Value value, int64_t number) {
  Attribute splat = value ? getSplat(value) : Attribute();
  if (auto integer = dyn_cast_or_null<IntegerAttr>(splat))
    return integer.getType().isInteger(1) ? integer.getValue().getZExtValue() == uint64_t(number)
                                          : integer.getValue().getSExtValue() == number;
  if (auto real = dyn_cast_or_null<FloatAttr>(splat))
    return real.getValue().isExactlyValue(double(number)) && !real.getValue().isNegZero();
  return false;
}

/// No slot of the row holds a token: all indices are -1, no slot is valid, or there is no slot.
static bool hasNoSlots(Value indices, Value valid) {
  return hasNoElements(indices.getType()) || isSplatOf(indices, kNoToken) || isSplatOf(valid, 0);
}

static Value createZeroFill(OpBuilder &builder, Location loc, Value init) {
  Type elementType = getElementTypeOrSelf(init.getType());
  Value zero = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(elementType));
  return linalg::FillOp::create(builder, loc, ValueRange{zero}, ValueRange{init}).getResult(0);
}

//===----------------------------------------------------------------------===//
// Operands that say nothing
//===----------------------------------------------------------------------===//

namespace {
/// A mask or validity that is true everywhere, or a factor that is 1 everywhere, is dropped.
template <typename OpTy> struct DropNeutralOperand : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    unsigned group = 0;
    for (const Clause &clause : OpTy::getClauses()) {
      unsigned first = group;
      group += clause.numGroups;
      if (clause.kind != Clause::Optional || clause.numGroups != 1 ||
          !llvm::is_contained({"mask", "valid", "q_valid", "kv_valid", "weight", "scale"}, clause.keyword))
        continue;
      std::pair<unsigned, unsigned> range = op.getODSOperandIndexAndLength(first);
      if (range.second != 1 || !isSplatOf(op->getOperand(range.first), 1))
        continue;
      rewriter.modifyOpInPlace(op, [&] {
        op->eraseOperand(range.first);
        op.getProperties().operandSegmentSizes[first] = 0;
      });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no operand is neutral");
  }
};

struct DropNeutralRouting : OpRewritePattern<ConditionalOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConditionalOp op, PatternRewriter &rewriter) const override {
    bool dropWeight = isSplatOf(op.getWeight(), 1), dropValid = isSplatOf(op.getValid(), 1);
    if (!dropWeight && !dropValid)
      return rewriter.notifyMatchFailure(op, "neither weight nor valid is constant 1");
    rewriter.modifyOpInPlace(op, [&] {
      if (dropWeight)
        op.getWeightMutable().clear();
      if (dropValid)
        op.getValidMutable().clear();
    });
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Nothing is routed
//===----------------------------------------------------------------------===//

struct GatherNothing : OpRewritePattern<GatherOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GatherOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "not on tensors");
    // Rows of zeros are no reason: an index out of range sets the error word.
    if (!hasNoSlots(op.getIndices(), op.getValid()))
      return rewriter.notifyMatchFailure(op, "some slot may hold a row");
    rewriter.replaceOp(op, createZeroFill(rewriter, op.getLoc(), op.getOuts()[0]));
    return success();
  }
};

struct ScatterNothing : OpRewritePattern<ScatterCombineOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScatterCombineOp op, PatternRewriter &rewriter) const override {
    if (!hasNoSlots(op.getIndices(), op.getValid()))
      return rewriter.notifyMatchFailure(op, "some slot may hold a row");
    if (op.hasPureTensorSemantics())
      rewriter.replaceOp(op, op.getOuts()[0]);
    else
      rewriter.eraseOp(op);
    return success();
  }
};

struct ConditionalNothing : OpRewritePattern<ConditionalOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConditionalOp op, PatternRewriter &rewriter) const override {
    if (!hasNoSlots(op.getIndices(), op.getValid()))
      return rewriter.notifyMatchFailure(op, "some slot may hold a row");
    if (!isMemoryEffectFree(op))
      return rewriter.notifyMatchFailure(op, "the branch has side effects");
    if (op.getBase()) {
      rewriter.replaceOp(op, op.getBase());
      return success();
    }
    RankedTensorType type = op.getResult().getType();
    if (type.isDynamicDim(2))
      return rewriter.notifyMatchFailure(op, "the width of the result is unknown");
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, op.getLoc(), op.getX());
    sizes[2] = rewriter.getIndexAttr(type.getDimSize(2));
    for (auto [size, known] : llvm::zip_equal(sizes, type.getShape()))
      if (!ShapedType::isDynamic(known))
        size = rewriter.getIndexAttr(known);
    Value init = tensor::EmptyOp::create(rewriter, op.getLoc(), sizes, type.getElementType());
    Value zeros = createZeroFill(rewriter, op.getLoc(), init);
    if (zeros.getType() != type)
      zeros = tensor::CastOp::create(rewriter, op.getLoc(), type, zeros);
    rewriter.replaceOp(op, zeros);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Attention patterns
//===----------------------------------------------------------------------===//
} // namespace

/// Members of nested conjunctions, without dense ones and repetitions.
static void flattenPattern(Attribute pattern, SmallVectorImpl<Attribute> &members) {
  if (auto all = dyn_cast<AllPatternAttr>(pattern)) {
    for (Attribute member : all.getPatterns())
      flattenPattern(member, members);
    return;
  }
  if (!isa<DensePatternAttr>(pattern) && !llvm::is_contained(members, pattern))
    members.push_back(pattern);
}

/// The simplest pattern that allows the same keys; null when it is dense.
static Attribute simplifyPattern(Attribute pattern) {
  SmallVector<Attribute> members;
  flattenPattern(pattern, members);
  if (members.size() <= 1)
    return members.empty() ? Attribute() : members[0];
  return AllPatternAttr::get(pattern.getContext(), ArrayAttr::get(pattern.getContext(), members));
}

namespace {
template <typename OpTy> struct SimplifyPattern : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    StringRef name = std::is_same_v<OpTy, ConditionalAttentionOp> ? "light_pattern" : "pattern";
    Attribute pattern = op->getAttr(name);
    if (!pattern)
      return rewriter.notifyMatchFailure(op, "no pattern");
    Attribute simple = simplifyPattern(pattern);
    if (simple == pattern)
      return rewriter.notifyMatchFailure(op, "the pattern is as simple as it can be");
    rewriter.modifyOpInPlace(op, [&] {
      if (simple)
        op->setAttr(name, simple);
      else
        op->removeAttr(name);
    });
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Destinations
//===----------------------------------------------------------------------===//

/// An op that overwrites its destination does not need what a fill or a constant put there.
struct DropDeadInit : OpTraitRewritePattern<StructuredOpTrait> {
  using OpTraitRewritePattern::OpTraitRewritePattern;

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    auto dps = cast<DestinationStyleOpInterface>(op);
    if (readsInits(op) || !dps.hasPureTensorSemantics())
      return rewriter.notifyMatchFailure(op, "the destination is read");
    for (OpOperand &init : dps.getDpsInitsMutable()) {
      Value replacement;
      if (auto fill = init.get().getDefiningOp<linalg::FillOp>()) {
        replacement = fill.getOutputs()[0];
      } else if (matchPattern(init.get(), m_Constant())) {
        auto type = cast<RankedTensorType>(init.get().getType());
        replacement = tensor::EmptyOp::create(rewriter, op->getLoc(), type.getShape(), type.getElementType());
      } else {
        continue;
      }
      rewriter.modifyOpInPlace(op, [&] { init.set(replacement); });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no destination holds known values");
  }
};
} // namespace

void Colt5Dialect::getCanonicalizationPatterns(RewritePatternSet &patterns) const {
  patterns.add<DropNeutralOperand<RouterScoresOp>, DropNeutralOperand<SoftTopKOp>, DropNeutralOperand<TopKOp>,
               DropNeutralOperand<GatherOp>, DropNeutralOperand<ScatterCombineOp>,
               DropNeutralOperand<BlockSummaryOp>, DropNeutralOperand<RmsScaleOp>,
               DropNeutralOperand<RmsNormOp>, DropNeutralOperand<AttentionOp>,
               DropNeutralOperand<OnlineAttentionOp>, DropNeutralOperand<ConditionalFfnOp>,
               DropNeutralOperand<ConditionalAttentionOp>, DropNeutralRouting, GatherNothing, ScatterNothing,
               ConditionalNothing, SimplifyPattern<AttentionOp>, SimplifyPattern<OnlineAttentionOp>,
               SimplifyPattern<ConditionalAttentionOp>, DropDeadInit>(getContext());
  detail::populateCastPatterns(patterns);
}
