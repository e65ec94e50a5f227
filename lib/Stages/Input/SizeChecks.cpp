// The sizes that a function computes, compared with those that it is given.
#include "SizeTies.h"
#include "colt5/Dialect/Colt5/IR/ArithmeticBuilder.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Stages/Input/SizeFunctions.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::colt5;
using colt5::detail::SizeRule;

/// Stands for a product that does not fit; a size more is no overflow.
static constexpr int64_t kTooLarge = int64_t(1) << 62;

/// The value depends on sizes and scalars of arguments alone: it can be computed where no data may be read.
static bool needsSizesOnly(Value value) {
  if (isa<BlockArgument>(value))
    return value.getType().isIntOrIndex();
  Operation *op = value.getDefiningOp();
  if (auto dim = dyn_cast<tensor::DimOp>(op))
    return isa<BlockArgument>(dim.getSource()) && dim.getConstantIndex();
  return isMemoryEffectFree(op) && !op->getNumRegions() && llvm::all_of(op->getOperands(), needsSizesOnly);
}

namespace {
/// What every member of a class can be compared with.
class Representatives {
public:
  Representatives(func::FuncOp func, const SizeTies &ties) : func(func), ties(ties) {}

  /// Builds the constant or the size of an argument that the class has, else what was set; null if there is
  /// none.
  Value get(unsigned classId, OpBuilder &builder) {
    if (std::optional<int64_t> constant = ties.getConstant(classId))
      return arith::ConstantIndexOp::create(builder, func.getLoc(), *constant);
    for (BlockArgument argument : func.getArguments())
      for (auto [dim, other] : llvm::enumerate(ties.getArgument(argument.getArgNumber())))
        if (other == classId && argument.getType().isIndex())
          return argument;
        else if (other == classId && isa<RankedTensorType>(argument.getType()))
          return tensor::DimOp::create(builder, func.getLoc(), argument, dim);
    return others.lookup(classId);
  }
  /// For a class that no argument has.
  void set(unsigned classId, Value value) { others[classId] = value; }

private:
  func::FuncOp func;
  const SizeTies &ties;
  llvm::DenseMap<unsigned, Value> others;
};
} // namespace

namespace {
/// Builds what a size has to be equal to so that a rule holds.
class RuleBuilder {
public:
  RuleBuilder(OpBuilder &builder, Location loc) : b(loc, builder) {}

  Value build(const SizeTies::Rule &rule, Value size, Value other) {
    Value divisor = b.index(rule.rule.divisor), one = b.index(1);
    Value side = other ? b.floorDiv(other, divisor) : divisor;
    Value positive = arith::MaxUIOp::create(b, side, one);
    Value multiple = b.mul(b.floorDiv(size, positive), side);
    switch (rule.rule.kind) {
    case SizeRule::OneOr:
      return select(size, one, size, side);
    case SizeRule::Equal:
      return side;
    case SizeRule::Multiple:
      return multiple;
    case SizeRule::AtLeast:
      return arith::MaxUIOp::create(b, size, side);
    case SizeRule::AtMost:
      return arith::MinUIOp::create(b, size, side);
    }
    llvm_unreachable("every kind is listed");
  }

private:
  /// `a == b ? yes : no`
  Value select(Value x, Value y, Value yes, Value no) {
    return b.select(b.compare(arith::CmpIPredicate::eq, x, y), yes, no);
  }

  ArithmeticBuilder b;
};
} // namespace

namespace {
/// Collects pairs of sizes for the companion.
class PairBuilder {
public:
  PairBuilder(OpBuilder &builder, Location loc) : b(loc, builder) {}

  void add(Value a, Value b) { pairs.append({a, b}); }
  /// Not negative, which is a large number without a sign, and not too large.
  void addRange(Value size) { add(arith::MinUIOp::create(b, size, b.index(kMaxSize)), size); }
  /// The last position of `count` slots is an i32.
  void addPositions(Value base, Value count) {
    Value last = b.add(base, b.sub(count, b.index(1)));
    add(b.min(last, b.index(colt5::detail::kMaxPosition)), last);
  }
  /// The number of a dimension.
  void addIndex(Value index, Value shaped) {
    if (auto type = dyn_cast<RankedTensorType>(shaped.getType()))
      add(arith::MinUIOp::create(b, index, b.index(type.getRank() - 1)), index);
  }
  /// A quotient has a divisor.
  void addDivisor(Value divisor) {
    if (!divisor.getType().isIndex())
      divisor = b.toIndex(divisor);
    add(arith::MinUIOp::create(b, divisor, b.index(1)), b.index(1));
  }
  /// A slice lies inside of `whole`.
  void addSlice(OffsetSizeAndStrideOpInterface slice, Value whole) {
    for (auto [dim, offset, size, stride] :
         llvm::enumerate(slice.getMixedOffsets(), slice.getMixedSizes(), slice.getMixedStrides())) {
      Value start = get(offset), count = get(size), step = get(stride), extent = getDim(whole, dim);
      addRange(start);
      // The element behind the last one of stride 1 is the end: start + (count - 1) * step + 1.
      Value last = multiply({b.sub(count, b.index(1)), step});
      Value end = b.add(b.add(start, last), b.index(1));
      Value isEmpty = b.compare(arith::CmpIPredicate::eq, count, b.index(0));
      end = b.select(isEmpty, start, end);
      add(b.min(end, extent), end);
    }
  }
  /// The sizes of a group multiply to the size that is expanded.
  void addExpand(tensor::ExpandShapeOp expand) {
    SmallVector<OpFoldResult> sizes = expand.getMixedOutputShape();
    for (auto [dim, group] : llvm::enumerate(expand.getReassociationIndices())) {
      SmallVector<Value> factors =
          llvm::map_to_vector(group, [&](int64_t index) { return get(sizes[index]); });
      add(multiply(factors), getDim(expand.getSrc(), dim));
    }
  }
  /// The product of several sizes is one.
  void addCollapse(tensor::CollapseShapeOp collapse) {
    for (const ReassociationIndices &group : collapse.getReassociationIndices()) {
      SmallVector<Value> factors =
          llvm::map_to_vector(group, [&](int64_t dim) { return getDim(collapse.getSrc(), dim); });
      auto isDynamic = [&](int64_t dim) { return collapse.getSrcType().isDynamicDim(dim); };
      if (llvm::count_if(group, isDynamic) > 1)
        addRange(multiply(factors));
    }
  }
  Value getDim(Value value, int64_t dim) { return tensor::DimOp::create(b, value, dim); }

  SmallVector<Value> pairs;

private:
  /// The product, or more than any size where that does not fit.
  Value multiply(ArrayRef<Value> factors) {
    Value product = factors.front();
    for (Value factor : factors.drop_front()) {
      Value next = b.mul(product, factor);
      // Two factors below 2^40 of which one is static fit; else the division has to give the first one back.
      if (getConstantIntValue(factor) || getConstantIntValue(product)) {
        product = next;
        continue;
      }
      Value back = b.floorDiv(next, arith::MaxUIOp::create(b, factor, b.index(1)));
      Value isZero = b.compare(arith::CmpIPredicate::eq, factor, b.index(0));
      Value isRight = b.compare(arith::CmpIPredicate::eq, back, product);
      Value fits = b.orI(isZero, isRight);
      product = b.select(fits, next, b.index(kTooLarge));
    }
    return product;
  }
  Value get(OpFoldResult size) {
    if (std::optional<int64_t> value = getConstantIntValue(size))
      return b.index(*value);
    return cast<Value>(size);
  }

  ArithmeticBuilder b;
};
} // namespace

/// The pairs of the computed sizes.
static void addComputed(const SizeTies &ties, Representatives &representatives, OpBuilder &builder,
                        PairBuilder &pairs) {
  for (const SizeTies::Computed &computed : ties.getComputed()) {
    Value value = computed.value;
    // Products and sums of sizes are sizes.
    bool isSize = isa<tensor::CollapseShapeOp, tensor::ConcatOp>(value.getDefiningOp());
    if (computed.dim >= 0)
      value = pairs.getDim(value, computed.dim);
    if (!isSize)
      pairs.addRange(value);
    if (Value first = representatives.get(computed.classId, builder))
      pairs.add(value, first);
    else
      representatives.set(computed.classId, value);
  }
}

static void addRules(const SizeTies &ties, Representatives &representatives, OpBuilder &builder, Location loc,
                     PairBuilder &pairs) {
  llvm::SmallDenseSet<std::tuple<int, unsigned, unsigned, int64_t>> done;
  for (const SizeTies::Rule &rule : ties.getRules()) {
    if (!done.insert({rule.rule.kind, rule.size, rule.other.value_or(~0u), rule.rule.divisor}).second)
      continue;
    Value size = representatives.get(rule.size, builder),
          other = rule.other ? representatives.get(*rule.other, builder) : Value();
    if (size && (other || !rule.other))
      pairs.add(size, RuleBuilder(builder, loc).build(rule, size, other));
  }
}

template <typename OpTy> static void addBases(OpTy op, PairBuilder &pairs) {
  if (Value base = op.getQBase())
    pairs.addPositions(base, pairs.getDim(op.getQ(), 2));
  if (Value base = op.getKvBase())
    pairs.addPositions(base, pairs.getDim(op.getK(), 2));
}

/// What ops take for granted about slices, reshapes and positions.
static void addStructure(Block &body, PairBuilder &pairs) {
  for (Operation &op : llvm::make_early_inc_range(body)) {
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
      pairs.addSlice(slice, slice.getSource());
    else if (auto slice = dyn_cast<tensor::InsertSliceOp>(op))
      pairs.addSlice(slice, slice.getDest());
    else if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op))
      pairs.addExpand(expand);
    else if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op))
      pairs.addCollapse(collapse);
    else if (auto dim = dyn_cast<tensor::DimOp>(op); dim && !dim.getConstantIndex())
      pairs.addIndex(dim.getIndex(), dim.getSource());
    else if (auto attention = dyn_cast<AttentionOp>(op))
      addBases(attention, pairs);
    else if (auto attention = dyn_cast<OnlineAttentionOp>(op))
      addBases(attention, pairs);
    else if (isa<arith::DivUIOp, arith::DivSIOp, arith::CeilDivUIOp, arith::CeilDivSIOp, arith::FloorDivSIOp,
                 arith::RemUIOp, arith::RemSIOp>(op) &&
             op.getOperand(1).getType().isIntOrIndex() && !getConstantIntValue(op.getOperand(1)))
      pairs.addDivisor(op.getOperand(1));
  }
}

LogicalResult colt5::emitSizeChecks(func::FuncOp func, func::FuncOp companion, const SizeTies &ties) {
  func->removeAttr(kSizeChecksAttr);
  companion->removeAttr(kSizeChecksAttr);
  companion.setName((func.getName() + ".size_checks").str());
  companion.setPrivate();
  companion->setAttr(kCompanionAttr, StringAttr::get(func.getContext(), "size_checks"));
  SymbolTable(func->getParentOfType<ModuleOp>()).insert(companion, std::next(Block::iterator(func)));

  Block &body = companion.front();
  OpBuilder builder(body.getTerminator());
  PairBuilder pairs(builder, func.getLoc());
  Representatives representatives(companion, ties);
  addComputed(ties, representatives, builder, pairs);
  addRules(ties, representatives, builder, func.getLoc(), pairs);
  addStructure(body, pairs);
  setReturnedValues(companion, pairs.pairs);
  if (failed(simplifySizes(companion)))
    return failure();

  // Sizes that depend on data are left to the op that meets them.
  SmallVector<Value> kept;
  llvm::SmallSetVector<std::pair<Value, Value>, 8> done;
  OperandRange returned = body.getTerminator()->getOperands();
  for (; !returned.empty(); returned = returned.drop_front(2)) {
    Value a = returned[0], b = returned[1];
    std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
    if (needsSizesOnly(a) && needsSizesOnly(b) && a != b && !(x && x == y) && done.insert({a, b}))
      kept.append({a, b});
  }
  if (kept.empty()) {
    companion.erase();
    return success();
  }
  func->setAttr(kSizeChecksAttr, FlatSymbolRefAttr::get(companion.getNameAttr()));
  setReturnedValues(companion, kept);
  return simplifySizes(companion);
}
