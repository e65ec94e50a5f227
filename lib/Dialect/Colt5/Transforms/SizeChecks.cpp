// The sizes that a function computes, compared with those that it is given.
#include "SizeTies.h"
#include "colt5/Dialect/Colt5/Transforms/SizeFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::colt5;
using colt5::detail::SizeRule;

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

  /// Builds the size of an argument or the constant that the class has; null if it has none.
  Value get(unsigned classId, OpBuilder &builder) {
    if (std::optional<int64_t> constant = ties.getConstant(classId))
      return arith::ConstantIndexOp::create(builder, func.getLoc(), *constant);
    for (BlockArgument argument : func.getArguments())
      for (auto [dim, other] : llvm::enumerate(ties.getArgument(argument.getArgNumber())))
        if (other == classId && argument.getType().isIndex())
          return argument;
        else if (other == classId && isa<RankedTensorType>(argument.getType()))
          return tensor::DimOp::create(builder, func.getLoc(), argument, dim);
    return {};
  }

private:
  func::FuncOp func;
  const SizeTies &ties;
};
} // namespace

namespace {
/// Builds what a size has to be equal to so that a rule holds.
class RuleBuilder {
public:
  RuleBuilder(OpBuilder &builder, Location loc) : b(loc, builder) {}

  Value build(const SizeTies::Rule &rule, Value size, Value other) {
    Value divisor = constant(rule.divisor), zero = constant(0), one = constant(1);
    Value side = other ? arith::DivUIOp::create(b, other, divisor).getResult() : divisor;
    Value positive = arith::MaxUIOp::create(b, side, one);
    Value multiple = arith::MulIOp::create(b, arith::DivUIOp::create(b, size, positive), side);
    switch (rule.kind) {
    case SizeRule::OneOr:
      return select(size, one, size, side);
    case SizeRule::Equal:
      return side;
    case SizeRule::Multiple:
      return multiple;
    case SizeRule::MultipleOrAny:
      return select(side, zero, size, multiple);
    }
    llvm_unreachable("every kind is listed");
  }

private:
  Value constant(int64_t value) { return arith::ConstantIndexOp::create(b, value); }
  /// `a == b ? yes : no`
  Value select(Value x, Value y, Value yes, Value no) {
    Value isEqual = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, y);
    return arith::SelectOp::create(b, isEqual, yes, no);
  }

  ImplicitLocOpBuilder b;
};
} // namespace

LogicalResult colt5::emitSizeChecks(func::FuncOp func, const SizeTies &ties) {
  if (ties.getComputed().empty() && ties.getRules().empty())
    return success();
  IRMapping mapping;
  func::FuncOp companion = cast<func::FuncOp>(func->clone(mapping));
  companion.setName((func.getName() + ".size_checks").str());
  companion.setPrivate();
  companion->setAttr(kCompanionAttr, StringAttr::get(func.getContext(), "size_checks"));
  SymbolTable(func->getParentOfType<ModuleOp>()).insert(companion, std::next(Block::iterator(func)));

  OpBuilder builder(companion.front().getTerminator());
  Representatives representatives(companion, ties);
  llvm::DenseMap<unsigned, Value> firsts;
  SmallVector<Value> pairs;
  for (auto [original, classId] : ties.getComputed()) {
    Value value = mapping.lookup(original), zero = arith::ConstantIndexOp::create(builder, func.getLoc(), 0);
    pairs.append({arith::MinSIOp::create(builder, func.getLoc(), value, zero), zero});
    Value &first = firsts[classId];
    if (!first)
      first = representatives.get(classId, builder);
    if (first && first != value)
      pairs.append({value, first});
    if (!first)
      first = value;
  }
  llvm::SmallDenseSet<std::tuple<int, unsigned, unsigned, int64_t>> done;
  for (const SizeTies::Rule &rule : ties.getRules()) {
    if (!done.insert({rule.kind, rule.size, rule.other.value_or(~0u), rule.divisor}).second)
      continue;
    Value size = representatives.get(rule.size, builder),
          other = rule.other ? representatives.get(*rule.other, builder) : Value();
    if (size && (other || !rule.other))
      pairs.append({size, RuleBuilder(builder, func.getLoc()).build(rule, size, other)});
  }
  setReturnedValues(companion, pairs);
  if (failed(simplifySizes(companion)))
    return failure();

  // Sizes that depend on data are left to the op that meets them.
  SmallVector<Value> kept;
  Operation *terminator = companion.front().getTerminator();
  for (unsigned i = 0; i < pairs.size(); i += 2)
    if (needsSizesOnly(terminator->getOperand(i)) && needsSizesOnly(terminator->getOperand(i + 1)) &&
        terminator->getOperand(i) != terminator->getOperand(i + 1))
      kept.append({terminator->getOperand(i), terminator->getOperand(i + 1)});
  if (kept.empty()) {
    companion.erase();
    return success();
  }
  func->setAttr(kSizeChecksAttr, FlatSymbolRefAttr::get(companion.getNameAttr()));
  setReturnedValues(companion, kept);
  return simplifySizes(companion);
}
