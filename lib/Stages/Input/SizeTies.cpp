#include "SizeTies.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include <map>

using namespace mlir;
using namespace mlir::colt5;
using colt5::detail::OperandVerifier;
using colt5::detail::SizeRef;
using colt5::detail::SizeRule;

namespace mlir::colt5 {
class SizeTiesBuilder final : detail::SizeObserver {
public:
  explicit SizeTiesBuilder(func::FuncOp func) : func(func) {}

  FailureOr<SizeTies> run();

private:
  /// A dimension of a value; -1: the value of a scalar.
  using Key = std::pair<void *, int64_t>;

  unsigned addNode(std::optional<int64_t> constant = std::nullopt);
  unsigned find(unsigned node);
  void unite(unsigned a, unsigned b);
  unsigned getConstantNode(int64_t value);
  unsigned getNode(Value value, int64_t dim);
  unsigned getNode(OpFoldResult size);
  unsigned getNode(SizeRef ref) { return ref.value ? getNode(ref.value, ref.dim) : getConstantNode(ref.dim); }

  void observeEqual(SizeRef a, SizeRef b) override { unite(getNode(a), getNode(b)); }
  void observeExact(SizeRef ref, int64_t size) override { unite(getNode(ref), getConstantNode(size)); }
  void observeRule(const SizeRule &rule) override {
    std::optional<unsigned> other;
    if (rule.other)
      other = getNode(rule.other);
    rules.push_back({rule, current, getNode(rule.size), other});
  }
  void observeCount(Value scalar) override { counts.try_emplace(getNode(scalar, -1), current); }

  LogicalResult checkConstants();
  void uniteShapes(Value a, Value b);
  void uniteShapes(ValueRange a, ValueRange b);
  void visit(Block &block);
  void visit(Operation *op);
  void visitLinalg(linalg::LinalgOp op);
  void visitReshape(Value expanded, Value collapsed, ArrayRef<ReassociationIndices> groups);
  void visitScalar(Operation *op);
  /// The node of what `name` computes from `operands`.
  void uniteExpression(StringRef name, const void *attrs, ArrayRef<unsigned> operands, unsigned result);

  func::FuncOp func;
  Operation *current = nullptr;
  bool changed = false, failedOnce = false;
  SmallVector<unsigned> parents;
  SmallVector<std::optional<int64_t>> constants;
  std::map<Key, unsigned> nodes;
  std::map<int64_t, unsigned> constantNodes;
  std::map<std::tuple<std::string, const void *, SmallVector<unsigned>>, unsigned> expressions;
  /// With the op that counts.
  std::map<unsigned, Operation *> counts;
  SmallVector<SizeTies::Rule> rules;
};
} // namespace mlir::colt5

unsigned SizeTiesBuilder::addNode(std::optional<int64_t> constant) {
  parents.push_back(parents.size());
  constants.push_back(constant);
  return parents.back();
}

unsigned SizeTiesBuilder::find(unsigned node) {
  while (parents[node] != node)
    node = parents[node] = parents[parents[node]];
  return node;
}

void SizeTiesBuilder::unite(unsigned a, unsigned b) {
  a = find(a);
  b = find(b);
  if (a == b)
    return;
  if (constants[a] && constants[b]) {
    if (!failedOnce)
      current->emitError("expected two equal sizes, found ")
          << *constants[a] << " and " << *constants[b] << "; the operands never fit each other";
    failedOnce = true;
    return;
  }
  changed = true;
  parents[b] = a;
  if (!constants[a])
    constants[a] = constants[b];
}

unsigned SizeTiesBuilder::getConstantNode(int64_t value) {
  auto [place, isNew] = constantNodes.try_emplace(value, 0);
  if (isNew)
    place->second = addNode(value);
  return place->second;
}

unsigned SizeTiesBuilder::getNode(Value value, int64_t dim) {
  if (dim >= 0) {
    int64_t size = cast<ShapedType>(value.getType()).getDimSize(dim);
    if (!ShapedType::isDynamic(size))
      return getConstantNode(size);
  } else if (std::optional<int64_t> constant = getConstantIntValue(value)) {
    return getConstantNode(*constant);
  }
  auto [place, isNew] = nodes.try_emplace(Key(value.getAsOpaquePointer(), dim), 0);
  if (isNew)
    place->second = addNode();
  return place->second;
}

unsigned SizeTiesBuilder::getNode(OpFoldResult size) {
  if (std::optional<int64_t> constant = getConstantIntValue(size))
    return getConstantNode(*constant);
  return getNode(cast<Value>(size), -1);
}

/// Values that are not tensors have none.
void SizeTiesBuilder::uniteShapes(Value a, Value b) {
  auto shaped = dyn_cast<RankedTensorType>(a.getType()), other = dyn_cast<RankedTensorType>(b.getType());
  if (shaped && other && shaped.getRank() == other.getRank())
    for (int64_t dim = 0; dim < shaped.getRank(); ++dim)
      unite(getNode(a, dim), getNode(b, dim));
}

void SizeTiesBuilder::uniteShapes(ValueRange a, ValueRange b) {
  for (auto [first, second] : llvm::zip(a, b))
    uniteShapes(first, second);
}

void SizeTiesBuilder::visitLinalg(linalg::LinalgOp op) {
  SmallVector<std::optional<unsigned>> loops(op.getNumLoops());
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<RankedTensorType>(operand.get().getType()))
      continue;
    for (auto [dim, expr] : llvm::enumerate(op.getMatchingIndexingMap(&operand).getResults())) {
      auto loop = dyn_cast<AffineDimExpr>(expr);
      if (!loop)
        continue;
      unsigned node = getNode(operand.get(), dim);
      std::optional<unsigned> &known = loops[loop.getPosition()];
      if (known)
        unite(*known, node);
      known = node;
    }
  }
}

/// A group of dimensions and the dimension that is their product.
void SizeTiesBuilder::visitReshape(Value expanded, Value collapsed, ArrayRef<ReassociationIndices> groups) {
  for (auto [dim, group] : llvm::enumerate(groups)) {
    SmallVector<unsigned> factors;
    int64_t size = 1;
    for (int64_t factor : group) {
      unsigned node = find(getNode(expanded, factor));
      if (constants[node])
        size *= *constants[node];
      else
        factors.push_back(node);
    }
    unsigned product = getNode(collapsed, dim);
    if (factors.empty())
      unite(product, getConstantNode(size));
    else if (factors.size() == 1 && size == 1)
      unite(product, factors.front());
    else {
      if (size != 1)
        factors.push_back(getConstantNode(size));
      llvm::sort(factors);
      uniteExpression("product", nullptr, factors, product);
    }
  }
}

void SizeTiesBuilder::uniteExpression(StringRef name, const void *attrs, ArrayRef<unsigned> operands,
                                      unsigned result) {
  auto leaders = llvm::map_to_vector(operands, [&](unsigned node) { return find(node); });
  auto [place, isNew] = expressions.try_emplace({name.str(), attrs, SmallVector<unsigned>(leaders)}, result);
  if (!isNew)
    unite(place->second, result);
}

/// Equal computations on equal operands have equal results.
void SizeTiesBuilder::visitScalar(Operation *op) {
  if (op->getNumResults() != 1 || !op->getResult(0).getType().isIntOrIndex() || op->getNumRegions() ||
      !isPure(op) || getConstantIntValue(op->getResult(0)))
    return;
  SmallVector<unsigned> operands;
  for (Value operand : op->getOperands()) {
    if (!operand.getType().isIntOrIndex())
      return;
    operands.push_back(find(getNode(operand, -1)));
  }
  auto getWidth = [](Value value) {
    return value.getType().isIndex() ? 64 : value.getType().getIntOrFloatBitWidth();
  };
  // A cast to fewer bits may be another number.
  if (isa<arith::IndexCastOp, arith::IndexCastUIOp>(op) &&
      getWidth(op->getResult(0)) >= getWidth(op->getOperand(0))) {
    unite(operands[0], getNode(op->getResult(0), -1));
    return;
  }
  bool isProduct = isa<arith::MulIOp>(op);
  if (op->hasTrait<OpTrait::IsCommutative>())
    llvm::sort(operands);
  uniteExpression(isProduct ? "product" : op->getName().getStringRef(),
                  isProduct ? nullptr : op->getPropertiesAsAttribute().getAsOpaquePointer(), operands,
                  getNode(op->getResult(0), -1));
}

void SizeTiesBuilder::visit(Block &block) {
  for (Operation &op : block)
    visit(&op);
}

void SizeTiesBuilder::visit(Operation *op) {
  current = op;
  if (auto sized = dyn_cast<SizedOpInterface>(op)) {
    OperandVerifier verifier(op, this);
    (void)sized.verify(verifier);
  } else if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
    visitLinalg(linalgOp);
  } else if (auto dim = dyn_cast<tensor::DimOp>(op)) {
    std::optional<int64_t> index = dim.getConstantIndex();
    auto type = dyn_cast<RankedTensorType>(dim.getSource().getType());
    if (type && index && *index >= 0 && *index < type.getRank())
      unite(getNode(dim.getResult(), -1), getNode(dim.getSource(), *index));
  } else if (auto empty = dyn_cast<tensor::EmptyOp>(op)) {
    for (auto [dim, size] : llvm::enumerate(empty.getMixedSizes()))
      unite(getNode(empty.getResult(), dim), getNode(size));
  } else if (auto cast = dyn_cast<tensor::CastOp>(op)) {
    uniteShapes(cast.getSource(), cast.getResult());
  } else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    llvm::SmallBitVector dropped = slice.getDroppedDims();
    int64_t dim = 0;
    for (auto [index, size] : llvm::enumerate(slice.getMixedSizes()))
      if (!dropped.test(index))
        unite(getNode(slice.getResult(), dim++), getNode(size));
  } else if (auto insert = dyn_cast<tensor::InsertSliceOp>(op)) {
    llvm::SmallBitVector dropped = insert.getDroppedDims();
    int64_t dim = 0;
    for (auto [index, size] : llvm::enumerate(insert.getMixedSizes()))
      if (!dropped.test(index))
        unite(getNode(insert.getSource(), dim++), getNode(size));
  } else if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    for (auto [dim, size] : llvm::enumerate(expand.getMixedOutputShape()))
      unite(getNode(expand.getResult(), dim), getNode(size));
    visitReshape(expand.getResult(), expand.getSrc(), expand.getReassociationIndices());
  } else if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op)) {
    visitReshape(collapse.getSrc(), collapse.getResult(), collapse.getReassociationIndices());
  } else if (op->hasTrait<OpTrait::Elementwise>() && op->getNumResults() == 1) {
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType()))
        uniteShapes(operand, op->getResult(0));
  }
  if (auto dps = dyn_cast<DestinationStyleOpInterface>(op))
    uniteShapes(dps.getDpsInits(), op->getResults());
  if (auto loop = dyn_cast<LoopLikeOpInterface>(op)) {
    // A tensor carried by a loop keeps its shape.
    uniteShapes(loop.getInits(), loop.getRegionIterArgs());
    if (std::optional<ResultRange> loopResults = loop.getLoopResults())
      uniteShapes(loop.getInits(), *loopResults);
  }
  visitScalar(op);
  current = op;
  if (isa<scf::IfOp, scf::WhileOp, scf::IndexSwitchOp>(op))
    return;
  for (Region &region : op->getRegions())
    for (Block &block : region)
      visit(block);
}

/// The scalar is not just the size or the scalar of an argument that has a name.
static bool isComputed(Value value) {
  Operation *op = value.getDefiningOp();
  if (!value.getType().isIndex() || isa<tensor::DimOp, arith::ConstantOp>(op))
    return false;
  if (!isa<arith::IndexCastOp, arith::IndexCastUIOp>(op))
    return true;
  Type type = op->getOperand(0).getType();
  return !isa<BlockArgument>(op->getOperand(0)) ||
         !(type.isSignlessInteger(64) || type.isSignlessInteger(32));
}

/// A size or count is a number of things.
LogicalResult SizeTiesBuilder::checkConstants() {
  auto check = [&](unsigned node, Operation *op) -> LogicalResult {
    std::optional<int64_t> constant = constants[find(node)];
    if (!constant || *constant >= 0)
      return success();
    return op->emitError("expected a size or count of 0 or more, found ") << *constant;
  };
  for (const auto &[node, op] : counts)
    if (failed(check(node, op)))
      return failure();
  WalkResult result = func.walk([&](Operation *op) {
    for (Value value : op->getResults())
      if (auto tensor = dyn_cast<RankedTensorType>(value.getType()))
        for (int64_t dim = 0; dim < tensor.getRank(); ++dim)
          if (auto node = nodes.find(Key(value.getAsOpaquePointer(), dim));
              node != nodes.end() && failed(check(node->second, op)))
            return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

FailureOr<SizeTies> SizeTiesBuilder::run() {
  Block &body = func.front();
  current = func;
  // What is found in one round may make computations equal in the next one.
  do {
    changed = false;
    expressions.clear();
    rules.clear();
    visit(body);
  } while (changed && !failedOnce);
  if (failedOnce || failed(checkConstants()))
    return failure();

  SizeTies ties;
  auto classesOf = [&](Value value) {
    SmallVector<unsigned> classes;
    if (auto tensor = dyn_cast<RankedTensorType>(value.getType()))
      for (int64_t dim = 0; dim < tensor.getRank(); ++dim)
        classes.push_back(find(getNode(value, dim)));
    else if (value.getType().isIntOrIndex())
      classes.push_back(find(getNode(value, -1)));
    return classes;
  };
  llvm::SmallDenseSet<unsigned> sizes;
  for (const auto &[node, op] : counts)
    sizes.insert(find(node));
  for (const auto &[key, node] : nodes)
    if (key.second >= 0)
      sizes.insert(find(node));
  for (BlockArgument argument : func.getArguments()) {
    ties.arguments.push_back(classesOf(argument));
    if (argument.getType().isIntOrIndex() && sizes.contains(ties.arguments.back().front()))
      ties.sizeScalars.insert(argument.getArgNumber());
  }
  for (Value value : body.getTerminator()->getOperands())
    ties.results.push_back(classesOf(value));
  for (Operation &op : body)
    for (Value value : op.getResults())
      if (isComputed(value))
        if (auto node = nodes.find(Key(value.getAsOpaquePointer(), -1));
            node != nodes.end() && sizes.contains(find(node->second)))
          ties.computed.push_back({value, -1, find(node->second)});
  for (Operation &op : body)
    if (isa<tensor::CollapseShapeOp, tensor::PadOp, tensor::ConcatOp>(op))
      for (int64_t dim = 0; dim < cast<RankedTensorType>(op.getResult(0).getType()).getRank(); ++dim)
        if (unsigned node = find(getNode(op.getResult(0), dim)); !constants[node])
          ties.computed.push_back({op.getResult(0), dim, node});
  for (SizeTies::Rule rule : rules) {
    rule.size = find(rule.size);
    if (rule.other)
      rule.other = find(*rule.other);
    int64_t size = constants[rule.size].value_or(ShapedType::kDynamic);
    int64_t other = rule.other ? constants[*rule.other].value_or(ShapedType::kDynamic) : ShapedType::kDynamic;
    if (!rule.rule.holds(size, other)) {
      (void)rule.rule.emitError(rule.op, size, other);
      return failure();
    }
    bool isKnown = constants[rule.size] && (!rule.other || constants[*rule.other]);
    // A size is 1 or itself and a multiple of itself.
    if (!isKnown && (rule.size != rule.other || rule.rule.divisor != 1))
      ties.rules.push_back(rule);
  }
  ties.constants = constants;
  for (unsigned node = 0; node < constants.size(); ++node)
    ties.constants[node] = constants[find(node)];
  return ties;
}

FailureOr<SizeTies> SizeTies::compute(func::FuncOp func) { return SizeTiesBuilder(func).run(); }
