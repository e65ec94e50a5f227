#include "colt5/Stages/Plan/KernelCost.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"

#include "colt5/Stages/Plan/KernelDraft.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5;

using Count = std::optional<int64_t>;

//===----------------------------------------------------------------------===//
// Floating-point operations
//===----------------------------------------------------------------------===//

/// Keys in [0, `keys`) that queries from `from` to `to` may see.
static int64_t countKeys(PatternAttrInterface pattern, int64_t from, int64_t to, int64_t keys) {
  if (!pattern)
    return keys;
  auto [low, high] = pattern.getKeyRange(from, to);
  return std::max<int64_t>(std::min(high, keys) - std::max<int64_t>(low, 0), 0);
}

/// True when keys and queries stand at positions that are their slots.
template <typename OpTy> static bool hasPlainPositions(OpTy op) {
  return !op.getQPos() && !op.getKvPos() && !op.getQBase() && !op.getKvBase() && !op.getKvIdx();
}

template <typename OpTy> static Count countAttention(OpTy op) {
  auto q = cast<ShapedType>(op.getQ().getType()), k = cast<ShapedType>(op.getK().getType());
  if (!q.hasStaticShape() || !k.hasStaticShape())
    return std::nullopt;
  int64_t queries = q.getDimSize(2), keys = k.getDimSize(2), pairs = 0;
  PatternAttrInterface pattern = op.getPatternAttr();
  if (op.getKvIdx()) {
    int64_t listed = cast<ShapedType>(op.getKvIdx().getType()).getDimSize(3);
    if (ShapedType::isDynamic(listed))
      return std::nullopt;
    pairs = queries * listed;
  } else if (!pattern || isa<DensePatternAttr>(pattern)) {
    pairs = queries * keys;
  } else if (hasPlainPositions(op)) {
    for (int64_t query = 0; query < queries; ++query)
      pairs += countKeys(pattern, query, query + 1, keys);
  } else {
    return std::nullopt;
  }
  if constexpr (std::is_same_v<OpTy, AttentionOp>)
    if (op.getSideK()) {
      int64_t side = cast<ShapedType>(op.getSideK().getType()).getDimSize(2);
      if (ShapedType::isDynamic(side))
        return std::nullopt;
      pairs += queries * side;
    }
  // The scores and the weighted sum of the values.
  return 4 * q.getDimSize(0) * q.getDimSize(1) * pairs * q.getDimSize(3);
}

static Count countContraction(linalg::LinalgOp op) {
  int64_t count = 2 * op.getNumDpsInits();
  for (int64_t extent : op.getStaticLoopRanges()) {
    if (ShapedType::isDynamic(extent))
      return std::nullopt;
    count *= extent;
  }
  return count;
}

Count colt5::countFlops(const Kernel &kernel) {
  int64_t total = 0;
  for (Operation *op : kernel.ops) {
    if (!isHeavy(classify(op)))
      continue;
    Count count =
        llvm::TypeSwitch<Operation *, Count>(op)
            .Case<AttentionOp, OnlineAttentionOp>([](auto attention) { return countAttention(attention); })
            .Default([](Operation *other) { return countContraction(cast<linalg::LinalgOp>(other)); });
    if (!count)
      return std::nullopt;
    total += *count;
  }
  return total ? Count(total) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

static int64_t getElementBytes(Type type) {
  Type element = getElementTypeOrSelf(type);
  return element.isIntOrFloat() ? std::max<int64_t>(1, element.getIntOrFloatBitWidth() / 8) : 8;
}

/// Bytes of a tensor; of one whose sizes vary, such as a cut tile, the most it can have.
static Count getBytes(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  int64_t bytes = getElementBytes(type);
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    int64_t extent = type.getDimSize(dim);
    if (ShapedType::isDynamic(extent)) {
      FailureOr<int64_t> bound = ValueBoundsConstraintSet::computeConstantBound(
          presburger::BoundType::UB, {value, dim}, /*stopCondition=*/nullptr,
          /*closedUB=*/true);
      if (failed(bound))
        return std::nullopt;
      extent = *bound;
    }
    bytes *= extent;
  }
  return bytes;
}

/// Bytes of `operand` that its op reads.
static Count getReadBytes(OpOperand &operand) {
  Operation *op = operand.getOwner();
  Count bytes = getBytes(operand.get());
  auto dps = cast<DestinationStyleOpInterface>(op);
  if (dps.isDpsInit(&operand)) {
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
      return linalgOp.payloadUsesValueFromOperand(&operand) ? bytes : 0;
    if (auto scatter = dyn_cast<ScatterCombineOp>(op))
      return scatter.getCombine() == CombineKind::Add ? getBytes(scatter.getUpdates()) : Count(0);
    return isa<OnlineAttentionOp>(op) ? bytes : 0;
  }
  if (auto gather = dyn_cast<GatherOp>(op); gather && operand.get() == gather.getSource()) {
    Count rows = getBytes(gather.getOuts()[0]);
    return rows && bytes ? Count(std::min(*rows, *bytes)) : rows;
  }
  return bytes;
}

Count colt5::countMinBytes(const Kernel &kernel) {
  int64_t total = 0;
  llvm::SmallPtrSet<Value, 8> seen;
  auto add = [&](Count bytes) {
    if (!bytes)
      return false;
    total += *bytes;
    return true;
  };
  for (Operation *op : kernel.ops) {
    for (OpOperand &operand : op->getOpOperands()) {
      Operation *producer = operand.get().getDefiningOp();
      if (!isa<RankedTensorType>(operand.get().getType()) || kernel.contains(producer) ||
          isa_and_present<tensor::EmptyOp>(producer) || seen.contains(operand.get()))
        continue;
      Count bytes = getReadBytes(operand);
      if (!add(bytes))
        return std::nullopt;
      if (*bytes)
        seen.insert(operand.get());
    }
    for (OpResult result : op->getResults()) {
      bool escapes = llvm::any_of(result.getUsers(), [&](Operation *user) {
        return !isa<tensor::DimOp>(user) && !kernel.contains(user);
      });
      auto scatter = dyn_cast<ScatterCombineOp>(op);
      if (escapes && !add(getBytes(scatter ? scatter.getUpdates() : Value(result))))
        return std::nullopt;
    }
  }
  return total;
}

/// Of keys and values that lie in order a tile of queries reads what its pattern allows.
template <typename OpTy> static Count countTileKeys(OpTy op, Value operand, Count bytes) {
  auto q = cast<ShapedType>(op.getQ().getType()), k = cast<ShapedType>(op.getK().getType());
  bool isKey = operand == op.getK() || operand == op.getV();
  if (!bytes || !isKey || !op.getPatternAttr() || op.getKvPos() || op.getKvIdx() || q.isDynamicDim(2) ||
      k.isDynamicDim(2))
    return bytes;
  // One tile stands for all: that in the middle.
  int64_t keys = k.getDimSize(2), queries = q.getDimSize(2),
          from = std::max<int64_t>((keys - queries) / 2, 0);
  return *bytes / std::max<int64_t>(keys, 1) * countKeys(op.getPatternAttr(), from, from + queries, keys);
}

static Count getTileReadBytes(OpOperand &operand) {
  return llvm::TypeSwitch<Operation *, Count>(operand.getOwner())
      .Case<AttentionOp, OnlineAttentionOp>(
          [&](auto op) { return countTileKeys(op, operand.get(), getReadBytes(operand)); })
      .Default([&](Operation *) { return getReadBytes(operand); });
}

Count colt5::countTileBytes(scf::ForallOp loop) {
  int64_t tiles = 1, total = 0;
  for (auto [low, high, step] :
       llvm::zip_equal(loop.getMixedLowerBound(), loop.getMixedUpperBound(), loop.getMixedStep())) {
    Count first = getConstantIntValue(low), last = getConstantIntValue(high),
          width = getConstantIntValue(step);
    if (!first || !last || !width)
      return std::nullopt;
    tiles *= llvm::divideCeil(*last - *first, *width);
  }
  llvm::SmallPtrSet<Value, 8> seen;
  bool isKnown = true;
  auto add = [&](Count bytes) {
    isKnown &= bytes.has_value();
    total += bytes.value_or(0);
  };
  auto isOutside = [&](Value value) {
    while (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>())
      value = slice.getSource();
    if (value.getDefiningOp<tensor::EmptyOp>())
      return false;
    return !loop.getRegion().isAncestor(value.getParentRegion()) ||
           llvm::is_contained(loop.getRegionIterArgs(), value);
  };
  loop.getRegion().walk([&](Operation *op) {
    if (auto insert = dyn_cast<tensor::ParallelInsertSliceOp>(op))
      add(getBytes(insert.getSource()));
    if (auto scatter = dyn_cast<ParallelScatterOp>(op)) {
      // Rows are read, updated and written.
      Count rows = getBytes(scatter.getUpdates());
      add(scatter.getCombine() == CombineKind::Add ? Count(2 * rows.value_or(0)) : rows);
      isKnown &= rows.has_value();
      for (Value operand : op->getOperands())
        if (isa<RankedTensorType>(operand.getType()) && operand != scatter.getDest() && isOutside(operand))
          add(getBytes(operand));
    }
    auto dps = dyn_cast<DestinationStyleOpInterface>(op);
    if (!dps || !dps.hasPureTensorSemantics())
      return;
    for (OpOperand &operand : op->getOpOperands()) {
      if (!isa<RankedTensorType>(operand.get().getType()) || seen.contains(operand.get()))
        continue;
      if (!isOutside(operand.get()))
        continue;
      Count bytes = getTileReadBytes(operand);
      add(bytes);
      if (bytes.value_or(0))
        seen.insert(operand.get());
    }
  });
  return isKnown ? Count(tiles * total) : std::nullopt;
}

void colt5::copyKernelCost(Operation *from, Operation *to) {
  for (StringRef name :
       {StringRef(kFamilyAttr), StringRef(kBytesAttr), StringRef(kMinBytesAttr), StringRef(kFlopsAttr)})
    if (Attribute value = from->getDiscardableAttr(name))
      to->setDiscardableAttr(name, value);
}
