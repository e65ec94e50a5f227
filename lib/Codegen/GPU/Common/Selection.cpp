#include "colt5/Codegen/GPU/Selection.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include <cfloat>

using namespace mlir;
using namespace mlir::colt5;

Value colt5::makeSelectionKey(LoopBuilder &b, Value score) {
  auto scoreType = cast<FloatType>(score.getType());
  IntegerType keyType = b.getIntegerType(scoreType.getWidth());
  auto bits = [&](int64_t value) { return b.integer(keyType, value); };
  // Adding +0 turns -0 into +0.
  Value canonical = arith::AddFOp::create(b, score, b.real(scoreType, 0.0));
  Value isNaN = b.compare(arith::CmpFPredicate::UNO, score, score);
  canonical = b.select(isNaN, b.real(scoreType, -std::numeric_limits<double>::infinity()), canonical);
  Value pattern = arith::BitcastOp::create(b, keyType, canonical);
  Value sign = arith::ShRSIOp::create(b, pattern, bits(keyType.getWidth() - 1));
  int64_t top = keyType.getWidth() == 64 ? INT64_MIN : int64_t(INT32_MIN);
  return arith::XOrIOp::create(b, pattern, b.orI(sign, bits(top)));
}

Value colt5::loadSoftTopKScore(LoopBuilder &b, SoftTopKOp op, Value scores, Value mask, ValueRange at) {
  Value score = b.load(scores, at);
  auto type = cast<FloatType>(score.getType());
  Value minusInf = b.real(type, -std::numeric_limits<double>::infinity());
  // Ordered comparison: false for NaN and for -inf.
  Value isValid = b.compare(arith::CmpFPredicate::OGT, score, minusInf);
  if (mask)
    isValid = b.andI(isValid, loadMask(b, mask, at[0], at[1], at[2]));
  // Above this, s / eps would overflow.
  double largest = (type.isF64() ? DBL_MAX : double(FLT_MAX)) * std::min(1.0, op.getEps().convertToDouble());
  return b.select(isValid, arith::MinimumFOp::create(b, score, b.real(type, largest)), minusInf);
}

SoftTopKSolver::SoftTopKSolver(BlockBuilder &b, SoftTopKOp op, FloatType type, Operation *inKernel)
    : b(b), op(op), type(type) {
  for (Type element : {Type(type), Type(b.getF64Type()), Type(b.getI64Type())})
    if (!scratch.count(element))
      scratch[element] = b.allocateShared(inKernel, {b.getNumWarps()}, element);
  minusInf = b.real(type, -std::numeric_limits<double>::infinity());
}

/// Stores `weight` of every valid token, 0 for the others.
void SoftTopKSolver::storeWeights(function_ref<Value(Value score)> weight) {
  row->visit(
      [&](Value i, Value score) { store(i, b.select(valid(score), weight(score), b.real(type, 0.0))); });
}

void SoftTopKSolver::storeConstant(double value) {
  storeWeights([&](Value) { return b.real(type, value); });
}

Value SoftTopKSolver::capped(Value score, Value a) {
  return arith::MinimumFOp::create(b, arith::AddFOp::create(b, toF64(score), a), f64(0.0));
}

Value SoftTopKSolver::reduce(Value value, BlockBuilder::Combine combine) {
  Value total = b.reduceBlock(value, scratch.lookup(value.getType()), combine);
  b.barrier();
  return total;
}

Value SoftTopKSolver::sum(Value value) {
  return reduce(value, [](LoopBuilder &builder, Value x, Value y) -> Value {
    return arith::AddFOp::create(builder, x, y);
  });
}

//===----------------------------------------------------------------------===//
// The solvers
//===----------------------------------------------------------------------===//

/// ln of the sum over valid tokens of exp((min(s, m) - m) / eps), in f64; m (of the type of the scores) is
/// the largest summand, so the sum can neither overflow nor vanish.
Value SoftTopKSolver::logSum(Value m, Value eps) {
  Value inverse = toScore(arith::DivFOp::create(b, f64(1.0), eps));
  Value zero = b.real(type, 0.0);
  Value own = row->fold(zero, [&](Value score, ValueRange carried) -> SmallVector<Value> {
    Value difference = arith::MinimumFOp::create(b, arith::SubFOp::create(b, score, m), zero);
    Value scaled = arith::MulFOp::create(b, difference, inverse);
    return {arith::AddFOp::create(b, carried[0], math::ExpOp::create(b, scaled))};
  })[0];
  return math::LogOp::create(b, toF64(sum(own)));
}

/// The descent; returns a and the eps after the last decay, which the weights use.
std::pair<Value, Value> SoftTopKSolver::descend() {
  double floor = op.getEps().convertToDouble();
  double epsInit = op.getEpsInit() ? op.getEpsInit()->convertToDouble() : floor;
  // a = eps (ln k - LSE), where LSE = m / eps + logSum.
  auto multiplier = [&](Value eps, Value logSum) -> Value {
    return arith::MulFOp::create(b, eps, arith::SubFOp::create(b, logK, logSum));
  };
  Value firstEps = f64(std::max(epsInit, floor)), a;
  if (op.getInit() == DescentInit::Zero) {
    a = arith::SubFOp::create(b, multiplier(firstEps, logSum(top, firstEps)), toF64(top));
  } else {
    a = multiplier(firstEps, math::LogOp::create(b, arith::UIToFPOp::create(b, b.getF64Type(), count)));
  }
  // A constant eps spares every iteration a division.
  double decayValue = op.getEpsDecay().convertToDouble();
  bool isConstant = decayValue == 1.0 || epsInit <= floor;
  Value decay = f64(decayValue);
  auto decayed = [&](Value raw) -> std::pair<Value, Value> {
    Value next = arith::MulFOp::create(b, raw, decay);
    return {next, isConstant ? firstEps : arith::MaximumFOp::create(b, next, f64(floor)).getResult()};
  };
  Value notANumber = b.real(type, std::numeric_limits<double>::quiet_NaN());
  // An iteration is a function of m and eps. Once both repeat, and eps does so for good because it only
  // falls, so does everything after it: ending there changes no bit. raw is eps_init * decay^t before it
  // meets its floor.
  SmallVector<Value> state = b.whileLoop(
      {b.index(1), a, f64(epsInit), firstEps, notANumber, b.boolean(true)},
      [&](ValueRange carried) {
        Value isLeft = b.compare(arith::CmpIPredicate::slt, carried[0], b.index(op.getIterations()));
        return b.andI(isLeft, carried[5]);
      },
      [&](ValueRange carried) -> SmallVector<Value> {
        auto [raw, eps] = decayed(carried[2]);
        Value cap = arith::NegFOp::create(b, carried[1]);
        Value m = toScore(arith::MinimumFOp::create(b, toF64(top), cap));
        Value next = arith::SubFOp::create(b, multiplier(eps, logSum(m, eps)), toF64(m));
        Value moves = b.orI(b.compare(arith::CmpFPredicate::UNE, m, carried[4]),
                            b.compare(arith::CmpFPredicate::UNE, eps, carried[3]));
        return {b.add(carried[0], b.index(1)), next, raw, eps, m, moves};
      });
  return {state[1], decayed(state[2]).second};
}

/// The a for which the weights sum to k_norm, and eps. The sum grows with a, so bisection finds it.
std::pair<Value, Value> SoftTopKSolver::solveExactly() {
  Value eps = f64(op.getEps().convertToDouble()), top64 = toF64(top);
  // Nothing saturates at the lower end or the sum is too small; everything does at the upper end.
  Value free = arith::SubFOp::create(b, logK, logSum(top, eps));
  Value lower = arith::SubFOp::create(b, arith::MulFOp::create(b, eps, free), top64);
  Value upper = arith::MaximumFOp::create(b, lower, arith::NegFOp::create(b, toF64(bottom)));
  // Where nothing saturates the lower end is the solution; a top that absorbs every other term is such a case
  // too.
  Value isFree = b.compare(arith::CmpFPredicate::OLE, arith::AddFOp::create(b, top64, lower), f64(0.0));
  upper = b.select(isFree, lower, upper);
  // Ends when neither end moves: nothing would from there on.
  SmallVector<Value> range = b.whileLoop(
      {b.index(0), lower, upper, b.boolean(true)},
      [&](ValueRange carried) {
        return b.andI(b.compare(arith::CmpIPredicate::slt, carried[0], b.index(100)), carried[3]);
      },
      [&](ValueRange carried) -> SmallVector<Value> {
        Value both = arith::AddFOp::create(b, carried[1], carried[2]);
        Value middle = arith::MulFOp::create(b, both, f64(0.5));
        Value own = row->fold(f64(0.0), [&](Value score, ValueRange partial) -> SmallVector<Value> {
          Value weight = math::ExpOp::create(b, arith::DivFOp::create(b, capped(score, middle), eps));
          return {arith::AddFOp::create(b, partial[0], weight)};
        })[0];
        Value tooSmall = b.compare(arith::CmpFPredicate::OLT, sum(own), kNorm);
        Value newLower = b.select(tooSmall, middle, carried[1]);
        Value newUpper = b.select(tooSmall, carried[2], middle);
        Value moves = b.orI(b.compare(arith::CmpFPredicate::UNE, newLower, carried[1]),
                            b.compare(arith::CmpFPredicate::UNE, newUpper, carried[2]));
        return {b.add(carried[0], b.index(1)), newLower, newUpper, moves};
      });
  return {range[2], eps};
}

//===----------------------------------------------------------------------===//
// The problem
//===----------------------------------------------------------------------===//

/// Number of valid tokens, the largest score, and the smallest where a solver needs it.
void SoftTopKSolver::readExtremes() {
  Type countType = b.getI64Type();
  Value plusInf = b.real(type, std::numeric_limits<double>::infinity());
  SmallVector<Value> own = row->fold(
      {b.integer(b.getI64Type(), 0), minusInf, plusInf},
      [&](Value score, ValueRange carried) -> SmallVector<Value> {
        Value isValid = valid(score);
        Value lowest = arith::MinimumFOp::create(b, carried[2], score);
        return {b.add(carried[0], arith::ExtUIOp::create(b, countType, isValid)),
                arith::MaximumFOp::create(b, carried[1], score), b.select(isValid, lowest, carried[2])};
      });
  count = reduce(own[0], [](LoopBuilder &builder, Value x, Value y) { return builder.add(x, y); });
  top = reduce(own[1], [](LoopBuilder &builder, Value x, Value y) -> Value {
    return arith::MaximumFOp::create(builder, x, y);
  });
  if (op.getSolver() == Solver::Exact)
    bottom = reduce(own[2], [](LoopBuilder &builder, Value x, Value y) -> Value {
      return arith::MinimumFOp::create(builder, x, y);
    });
}

void SoftTopKSolver::iterate() {
  logK = math::LogOp::create(b, kNorm);
  auto [a, eps] = op.getSolver() == Solver::Exact ? solveExactly() : descend();
  storeWeights([&, a = a, eps = eps](Value score) {
    return toScore(math::ExpOp::create(b, arith::DivFOp::create(b, capped(score, a), eps)));
  });
}

void SoftTopKSolver::solve(SoftTopKRow &given, Value givenNorm,
                           function_ref<void(Value, Value)> storeWeight) {
  row = &given;
  kNorm = givenNorm;
  store = storeWeight;
  readExtremes();
  Value none = b.orI(b.compare(arith::CmpIPredicate::eq, count, b.integer(b.getI64Type(), 0)),
                     b.compare(arith::CmpFPredicate::ULE, kNorm, f64(0.0)));
  b.ifThen(
      none, [&] { storeConstant(0.0); },
      [&] {
        if (op.getOverflow() == Overflow::Iterate && op.getSolver() == Solver::Iterate)
          return iterate();
        Value tokens = arith::UIToFPOp::create(b, b.getF64Type(), count);
        Value isFull = b.compare(arith::CmpFPredicate::OGE, kNorm, tokens);
        b.ifThen(isFull, [&] { storeConstant(1.0); }, [&] { iterate(); });
      });
}
