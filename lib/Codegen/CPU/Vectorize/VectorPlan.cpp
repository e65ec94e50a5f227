// Choice of the vectorised loop and of the vector lengths.
#include "VectorPlan.h"

#include "colt5/Codegen/CPU/MicroKernel.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::colt5;

static FailureOr<OperandPlan> planOperand(linalg::LinalgOp op, OpOperand &operand) {
  OperandPlan plan{&operand, {}};
  for (AffineExpr expr : op.getMatchingIndexingMap(&operand).getResults()) {
    if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
      if (llvm::is_contained(plan.loops, std::optional<unsigned>(dim.getPosition())))
        return failure();
      plan.loops.push_back(dim.getPosition());
    } else if (auto constant = dyn_cast<AffineConstantExpr>(expr); constant && constant.getValue() == 0) {
      plan.loops.push_back(std::nullopt);
    } else {
      return failure();
    }
  }
  return plan;
}

static Access classify(const OperandPlan &plan, unsigned loop) {
  const auto *it = llvm::find(plan.loops, std::optional<unsigned>(loop));
  if (plan.isScalar() || it == plan.loops.end())
    return Access::Invariant;
  auto type = cast<MemRefType>(plan.operand->get().getType());
  // A vector of i1 is packed in memory, single i1 values are bytes.
  Type element = type.getElementType();
  bool packed = element.isIntOrFloat() && element.getIntOrFloatBitWidth() % 8 != 0;
  return isContiguousDim(type, it - plan.loops.begin()) && !packed ? Access::Contiguous : Access::Strided;
}

/// True if every op of the body can be applied to vectors element by element.
static bool isVectorizableBody(Block *body) {
  for (Operation &op : body->without_terminator()) {
    if (isa<linalg::IndexOp>(op) || op.hasTrait<OpTrait::ConstantLike>())
      continue;
    if (!OpTrait::hasElementwiseMappableTraits(&op) || op.getNumRegions() != 0)
      return false;
    for (Type type : op.getResultTypes())
      if (!VectorType::isValidElementType(type))
        return false;
  }
  return llvm::all_of(body->getArgumentTypes(),
                      [](Type type) { return VectorType::isValidElementType(type); });
}

static std::optional<vector::CombiningKind> combiningKind(Operation *op) {
  using Kind = vector::CombiningKind;
  return llvm::TypeSwitch<Operation *, std::optional<Kind>>(op)
      .Case<arith::AddFOp, arith::AddIOp>([](auto) { return Kind::ADD; })
      .Case<arith::MulFOp, arith::MulIOp>([](auto) { return Kind::MUL; })
      .Case<arith::MaximumFOp>([](auto) { return Kind::MAXIMUMF; })
      .Case<arith::MinimumFOp>([](auto) { return Kind::MINIMUMF; })
      .Case<arith::MaxSIOp>([](auto) { return Kind::MAXSI; })
      .Case<arith::MinSIOp>([](auto) { return Kind::MINSI; })
      .Case<arith::MaxUIOp>([](auto) { return Kind::MAXUI; })
      .Case<arith::MinUIOp>([](auto) { return Kind::MINUI; })
      .Case<arith::AndIOp>([](auto) { return Kind::AND; })
      .Case<arith::OrIOp>([](auto) { return Kind::OR; })
      .Case<arith::XOrIOp>([](auto) { return Kind::XOR; })
      .Default([](Operation *) { return std::nullopt; });
}

/// Fills kinds and neutral elements; false if some output is not a plain reduction.
static bool matchReductions(LoopPlan &plan) {
  for (unsigned i = 0, e = plan.outputs.size(); i < e; ++i) {
    SmallVector<Operation *> combiners;
    if (!matchReduction(plan.op.getRegionOutputArgs(), i, combiners) || combiners.size() != 1)
      return false;
    std::optional<vector::CombiningKind> kind = combiningKind(combiners.front());
    std::optional<TypedAttr> neutral = arith::getNeutralElement(combiners.front());
    if (!kind || !neutral)
      return false;
    plan.kinds.push_back(*kind);
    plan.neutral.push_back(*neutral);
  }
  return true;
}

/// Rough cost of one vector iteration along `loop`: element-wise access is what hurts.
static double costOf(const LoopPlan &plan, unsigned loop) {
  double cost = llvm::is_contained(plan.reduction, loop) ? 1.5 : 0;
  int64_t range = plan.ranges[loop];
  if (!ShapedType::isDynamic(range) && range < 16)
    cost += 1;
  for (const OperandPlan &input : plan.inputs) {
    Access access = classify(input, loop);
    cost += access == Access::Contiguous ? 1 : access == Access::Strided ? 6 : 0.25;
  }
  for (const OperandPlan &output : plan.outputs)
    cost += classify(output, loop) == Access::Strided ? 8 : 1;
  return cost;
}

static int64_t widestBytes(Block *body) {
  int64_t bits = 8;
  auto visit = [&](Type type) {
    bits = std::max<int64_t>(bits, type.isIntOrFloat() ? type.getIntOrFloatBitWidth() : 64);
  };
  llvm::for_each(body->getArgumentTypes(), visit);
  for (Operation &op : *body)
    if (!isa<arith::CmpFOp, arith::CmpIOp>(op))
      llvm::for_each(op.getResultTypes(), visit);
  return llvm::divideCeil(bits, 8);
}

static void chooseSteps(LoopPlan &plan, int64_t vectorBytes) {
  int64_t range = plan.ranges[*plan.vectorLoop];
  bool isStatic = !ShapedType::isDynamic(range);
  int64_t base = std::clamp<int64_t>(64 / widestBytes(plan.op.getBlock()), 4, 32);
  auto isStrided = [](const OperandPlan &operand) { return operand.access == Access::Strided; };
  bool strided = llvm::any_of(plan.inputs, isStrided) || llvm::any_of(plan.outputs, isStrided);
  plan.steps.clear();
  if (plan.vectorLoopReduces()) {
    // One vector length only: it is that of the accumulators. Twice the base hides the latency of the chain.
    int64_t step = strided ? base : 2 * base;
    while (isStatic && step > range)
      step /= 2;
    plan.steps = {step};
    if (!isStatic || range % step != 0)
      plan.steps.push_back(1);
    return;
  }
  int64_t registers = 4 * vectorBytes / 16;
  if (!strided && !plan.reduction.empty() && int64_t(plan.outputs.size()) * 4 <= registers)
    plan.steps.push_back(4 * base);
  plan.steps.push_back(base);
  if (isStatic) {
    for (int64_t step = base / 2; step >= 4; step /= 2)
      plan.steps.push_back(step);
    // Keep only the lengths that occur.
    int64_t left = range;
    llvm::erase_if(plan.steps, [&](int64_t step) {
      bool used = left >= step;
      left %= step;
      return !used;
    });
    if (left == 0)
      return;
  }
  plan.steps.push_back(1);
}

FailureOr<LoopPlan> colt5::planLoops(linalg::LinalgOp op, int64_t vectorBytes) {
  LoopPlan plan;
  plan.op = op;
  plan.ranges = op.getStaticLoopRanges();
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  for (unsigned loop = 0; loop < iterators.size(); ++loop) {
    if (iterators[loop] != utils::IteratorType::parallel && iterators[loop] != utils::IteratorType::reduction)
      return failure();
    (iterators[loop] == utils::IteratorType::parallel ? plan.parallel : plan.reduction).push_back(loop);
  }
  if (llvm::any_of(*op.getBlock(), [](Operation &inner) { return inner.getNumRegions() != 0; }))
    return failure();
  for (OpOperand &operand : op->getOpOperands()) {
    FailureOr<OperandPlan> operandPlan = planOperand(op, operand);
    if (failed(operandPlan))
      return failure();
    (op.isDpsInit(&operand) ? plan.outputs : plan.inputs).push_back(*operandPlan);
  }
  // Each output must be indexed by exactly the parallel loops.
  for (const OperandPlan &output : plan.outputs) {
    auto indexes = [&](unsigned loop) {
      return llvm::is_contained(output.loops, std::optional<unsigned>(loop));
    };
    if (!llvm::all_of(plan.parallel, indexes) || llvm::any_of(plan.reduction, indexes))
      return failure();
  }

  bool reducible = matchReductions(plan);
  if (!isVectorizableBody(op.getBlock()))
    return plan;
  double best = 0;
  for (unsigned loop = 0; loop < iterators.size(); ++loop) {
    int64_t range = plan.ranges[loop];
    if ((!ShapedType::isDynamic(range) && range < 4) ||
        (llvm::is_contained(plan.reduction, loop) && !reducible))
      continue;
    // Nothing to gain if every access is element by element.
    auto contiguous = [&](const OperandPlan &operand) {
      return classify(operand, loop) == Access::Contiguous;
    };
    if (llvm::none_of(plan.inputs, contiguous) && llvm::none_of(plan.outputs, contiguous))
      continue;
    double cost = costOf(plan, loop);
    if (!plan.vectorLoop || cost < best) {
      plan.vectorLoop = loop;
      best = cost;
    }
  }
  if (!plan.vectorLoop)
    return plan;
  for (OperandPlan &operand : plan.inputs)
    operand.access = classify(operand, *plan.vectorLoop);
  for (OperandPlan &operand : plan.outputs)
    operand.access = classify(operand, *plan.vectorLoop);
  chooseSteps(plan, vectorBytes);
  return plan;
}
