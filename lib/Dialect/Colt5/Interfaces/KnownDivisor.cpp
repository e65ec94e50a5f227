#include "colt5/Dialect/Colt5/Interfaces/KnownDivisor.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/ADT/TypeSwitch.h"
#include <numeric>

using namespace mlir;
using namespace mlir::colt5;

/// Larger divisors are not told from it; a power of two.
static constexpr int64_t kLargest = int64_t(1) << 30;

int64_t colt5::getDivisorOf(int64_t value) {
  return value == std::numeric_limits<int64_t>::min() ? kLargest : std::abs(value);
}

/// The largest power of two that divides `value`, which is not zero.
static int64_t getPowerOfTwo(int64_t value) { return value & -value; }

int64_t colt5::multiplyDivisors(int64_t a, int64_t b) {
  if (a == 0 || b == 0)
    return 0;
  if (a <= kLargest / b)
    return a * b;
  int64_t powerOfA = getPowerOfTwo(a), powerOfB = getPowerOfTwo(b);
  return powerOfA > kLargest / powerOfB ? kLargest : powerOfA * powerOfB;
}

static int64_t getDivisor(AffineExpr expr, ArrayRef<int64_t> dims, ArrayRef<int64_t> symbols) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return getDivisorOf(constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbols[symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  int64_t lhs = getDivisor(binary.getLHS(), dims, symbols), rhs = getDivisor(binary.getRHS(), dims, symbols);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
  case AffineExprKind::Mod:
    return std::gcd(lhs, rhs);
  case AffineExprKind::Mul:
    return multiplyDivisors(lhs, rhs);
  case AffineExprKind::FloorDiv:
  case AffineExprKind::CeilDiv: {
    auto by = dyn_cast<AffineConstantExpr>(binary.getRHS());
    return by && by.getValue() > 0 && lhs % by.getValue() == 0 ? lhs / by.getValue() : 1;
  }
  default:
    return 1;
  }
}

static int64_t getDivisor(AffineMap map, ValueRange operands) {
  SmallVector<int64_t> known =
      llvm::map_to_vector(operands, [](Value operand) { return getKnownDivisor(operand); });
  ArrayRef<int64_t> dims = ArrayRef(known).take_front(map.getNumDims());
  ArrayRef<int64_t> symbols = ArrayRef(known).drop_front(map.getNumDims());
  int64_t divisor = 0;
  for (AffineExpr expr : map.getResults())
    divisor = std::gcd(divisor, getDivisor(expr, dims, symbols));
  return divisor;
}

int64_t colt5::getKnownDivisor(OpFoldResult index) {
  if (std::optional<int64_t> constant = getConstantIntValue(index))
    return getDivisorOf(*constant);
  auto value = cast<Value>(index);
  auto common = [](Value lhs, Value rhs) { return std::gcd(getKnownDivisor(lhs), getKnownDivisor(rhs)); };
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    // A loop that is being built has no op around its body yet.
    auto loop = dyn_cast_if_present<LoopLikeOpInterface>(argument.getOwner()->getParentOp());
    if (!loop)
      return 1;
    std::optional<SmallVector<Value>> ivs = loop.getLoopInductionVars();
    // Bounds of affine.for that are maps of values are none of these.
    std::optional<SmallVector<OpFoldResult>> lows = loop.getLoopLowerBounds(), steps = loop.getLoopSteps();
    if (!ivs || !lows || !steps || !llvm::is_contained(*ivs, value))
      return 1;
    size_t position = llvm::find(*ivs, value) - ivs->begin();
    return std::gcd(getKnownDivisor((*lows)[position]), getKnownDivisor((*steps)[position]));
  }
  return llvm::TypeSwitch<Operation *, int64_t>(value.getDefiningOp())
      .Case<arith::AddIOp, arith::SubIOp, arith::MinSIOp, arith::MaxSIOp, arith::RemUIOp, arith::RemSIOp>(
          [&](auto op) { return common(op.getLhs(), op.getRhs()); })
      .Case([](arith::MulIOp op) {
        return multiplyDivisors(getKnownDivisor(op.getLhs()), getKnownDivisor(op.getRhs()));
      })
      .Case([](arith::IndexCastOp op) { return getKnownDivisor(op.getIn()); })
      .Case([&](arith::SelectOp op) { return common(op.getTrueValue(), op.getFalseValue()); })
      .Case<affine::AffineApplyOp, affine::AffineMinOp, affine::AffineMaxOp>(
          [](auto op) { return getDivisor(op.getAffineMap(), op.getMapOperands()); })
      .Default([](Operation *) { return 1; });
}

bool colt5::isKnownMultiple(OpFoldResult index, int64_t factor) {
  return getKnownDivisor(index) % factor == 0;
}
