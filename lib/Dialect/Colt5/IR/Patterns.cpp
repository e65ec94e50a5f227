#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "colt5/Dialect/Colt5/IR/ArithmeticBuilder.h"
#include <limits>

using namespace mlir;
using namespace mlir::colt5;

static constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
static constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

static int64_t floorDiv(int64_t a, int64_t b) {
  int64_t quotient = a / b;
  return quotient * b > a ? quotient - 1 : quotient;
}

/// Positions are i32, so is every distance between them.
static bool isDistance(int64_t value) { return 0 <= value && value <= std::numeric_limits<int32_t>::max(); }

namespace {
/// Emits integer arithmetic on scalars or vectors of one integer or index type.
struct IntBuilder : ArithmeticBuilder {
  Type type;

  IntBuilder(OpBuilder &builder, Location loc, Value like)
      : ArithmeticBuilder(loc, builder), type(like.getType()) {}

  Value constant(int64_t value) { return integer(type, value); }
  Value offset(Value v, int64_t value) { return value == 0 ? v : add(v, constant(value)); }
  Value floorDivS(Value v, int64_t value) { return arith::FloorDivSIOp::create(*this, v, constant(value)); }
  Value scale(Value v, int64_t value) { return mul(v, constant(value)); }
  Value le(Value lhs, Value rhs) { return compare(arith::CmpIPredicate::sle, lhs, rhs); }
  /// -below <= v <= above
  Value within(Value v, int64_t below, int64_t above) {
    return andI(le(constant(-below), v), le(v, constant(above)));
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// dense
//===----------------------------------------------------------------------===//

bool DensePatternAttr::isAllowed(int64_t, int64_t) const { return true; }
std::pair<int64_t, int64_t> DensePatternAttr::getKeyRange(int64_t, int64_t) const { return {kMin, kMax}; }
Value DensePatternAttr::buildAllowed(OpBuilder &, Location, Value, Value) const { return {}; }
std::pair<Value, Value> DensePatternAttr::buildKeyRange(OpBuilder &, Location, Value, Value) const {
  return {};
}

//===----------------------------------------------------------------------===//
// causal
//===----------------------------------------------------------------------===//

bool CausalPatternAttr::isAllowed(int64_t qPos, int64_t kvPos) const { return kvPos <= qPos; }
std::pair<int64_t, int64_t> CausalPatternAttr::getKeyRange(int64_t, int64_t qHi) const { return {kMin, qHi}; }
Value CausalPatternAttr::buildAllowed(OpBuilder &builder, Location loc, Value qPos, Value kvPos) const {
  return IntBuilder(builder, loc, qPos).le(kvPos, qPos);
}
std::pair<Value, Value> CausalPatternAttr::buildKeyRange(OpBuilder &, Location, Value, Value qHi) const {
  return {Value(), qHi};
}

//===----------------------------------------------------------------------===//
// window
//===----------------------------------------------------------------------===//

LogicalResult WindowPatternAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t left,
                                        int64_t right) {
  if (!isDistance(left) || !isDistance(right))
    return emitError() << "window_c1: expected left >= 0 and right >= 0 that fit 32 bits, found " << left
                       << " and " << right;
  return success();
}
bool WindowPatternAttr::isAllowed(int64_t qPos, int64_t kvPos) const {
  return qPos - getLeft() <= kvPos && kvPos <= qPos + getRight();
}
std::pair<int64_t, int64_t> WindowPatternAttr::getKeyRange(int64_t qLo, int64_t qHi) const {
  return {qLo - getLeft(), qHi + getRight()};
}
Value WindowPatternAttr::buildAllowed(OpBuilder &builder, Location loc, Value qPos, Value kvPos) const {
  IntBuilder b(builder, loc, qPos);
  // The difference of two positions cannot overflow; a position plus a distance can.
  return b.within(b.sub(kvPos, qPos), getLeft(), getRight());
}
std::pair<Value, Value> WindowPatternAttr::buildKeyRange(OpBuilder &builder, Location loc, Value qLo,
                                                         Value qHi) const {
  IntBuilder b(builder, loc, qLo);
  return {b.offset(qLo, -getLeft()), b.offset(qHi, getRight())};
}

//===----------------------------------------------------------------------===//
// block_local
//===----------------------------------------------------------------------===//

LogicalResult BlockLocalPatternAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t size,
                                            int64_t back, int64_t forward) {
  if (size < 1 || !isDistance(size) || !isDistance(back) || !isDistance(forward))
    return emitError()
           << "block_local_c1: expected size >= 1, back >= 0 and forward >= 0 that fit 32 bits, found "
           << size << ", " << back << " and " << forward;
  return success();
}
bool BlockLocalPatternAttr::isAllowed(int64_t qPos, int64_t kvPos) const {
  int64_t qBlock = floorDiv(qPos, getSize()), kvBlock = floorDiv(kvPos, getSize());
  return qBlock - getBack() <= kvBlock && kvBlock <= qBlock + getForward();
}
std::pair<int64_t, int64_t> BlockLocalPatternAttr::getKeyRange(int64_t qLo, int64_t qHi) const {
  int64_t size = getSize();
  return {(floorDiv(qLo, size) - getBack()) * size, (floorDiv(qHi - 1, size) + getForward() + 1) * size};
}
Value BlockLocalPatternAttr::buildAllowed(OpBuilder &builder, Location loc, Value qPos, Value kvPos) const {
  IntBuilder b(builder, loc, qPos);
  Value qBlock = b.floorDivS(qPos, getSize()), kvBlock = b.floorDivS(kvPos, getSize());
  return b.within(b.sub(kvBlock, qBlock), getBack(), getForward());
}
std::pair<Value, Value> BlockLocalPatternAttr::buildKeyRange(OpBuilder &builder, Location loc, Value qLo,
                                                             Value qHi) const {
  IntBuilder b(builder, loc, qLo);
  return {b.scale(b.offset(b.floorDivS(qLo, getSize()), -getBack()), getSize()),
          b.scale(b.offset(b.floorDivS(b.offset(qHi, -1), getSize()), getForward() + 1), getSize())};
}

//===----------------------------------------------------------------------===//
// causal_window
//===----------------------------------------------------------------------===//

LogicalResult CausalWindowPatternAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t left) {
  if (!isDistance(left))
    return emitError() << "causal_window_c1: expected left >= 0 that fits 32 bits, found " << left;
  return success();
}
bool CausalWindowPatternAttr::isAllowed(int64_t qPos, int64_t kvPos) const {
  return qPos - getLeft() <= kvPos && kvPos <= qPos;
}
std::pair<int64_t, int64_t> CausalWindowPatternAttr::getKeyRange(int64_t qLo, int64_t qHi) const {
  return {qLo - getLeft(), qHi};
}
Value CausalWindowPatternAttr::buildAllowed(OpBuilder &builder, Location loc, Value qPos, Value kvPos) const {
  IntBuilder b(builder, loc, qPos);
  return b.within(b.sub(kvPos, qPos), getLeft(), 0);
}
std::pair<Value, Value> CausalWindowPatternAttr::buildKeyRange(OpBuilder &builder, Location loc, Value qLo,
                                                               Value qHi) const {
  return {IntBuilder(builder, loc, qLo).offset(qLo, -getLeft()), qHi};
}

//===----------------------------------------------------------------------===//
// earlier_windows
//===----------------------------------------------------------------------===//

LogicalResult EarlierWindowsPatternAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t size) {
  if (size < 1 || !isDistance(size))
    return emitError() << "earlier_windows_c1: expected size >= 1 that fits 32 bits, found " << size;
  return success();
}
bool EarlierWindowsPatternAttr::isAllowed(int64_t qPos, int64_t kvPos) const {
  return floorDiv(kvPos, getSize()) < floorDiv(qPos, getSize());
}
std::pair<int64_t, int64_t> EarlierWindowsPatternAttr::getKeyRange(int64_t, int64_t qHi) const {
  return {kMin, floorDiv(qHi - 1, getSize()) * getSize()};
}
Value EarlierWindowsPatternAttr::buildAllowed(OpBuilder &builder, Location loc, Value qPos,
                                              Value kvPos) const {
  IntBuilder b(builder, loc, qPos);
  return b.le(b.offset(b.floorDivS(kvPos, getSize()), 1), b.floorDivS(qPos, getSize()));
}
std::pair<Value, Value> EarlierWindowsPatternAttr::buildKeyRange(OpBuilder &builder, Location loc, Value,
                                                                 Value qHi) const {
  IntBuilder b(builder, loc, qHi);
  return {Value(), b.scale(b.floorDivS(b.offset(qHi, -1), getSize()), getSize())};
}

//===----------------------------------------------------------------------===//
// all
//===----------------------------------------------------------------------===//

LogicalResult AllPatternAttr::verify(function_ref<InFlightDiagnostic()> emitError, ArrayAttr patterns) {
  for (Attribute pattern : patterns)
    if (!isa<PatternAttrInterface>(pattern))
      return emitError() << "all_c1: expected attention patterns, found " << pattern;
  return success();
}
bool AllPatternAttr::isAllowed(int64_t qPos, int64_t kvPos) const {
  return llvm::all_of(getPatterns().getAsRange<PatternAttrInterface>(),
                      [&](PatternAttrInterface pattern) { return pattern.isAllowed(qPos, kvPos); });
}
std::pair<int64_t, int64_t> AllPatternAttr::getKeyRange(int64_t qLo, int64_t qHi) const {
  std::pair<int64_t, int64_t> range{kMin, kMax};
  for (auto pattern : getPatterns().getAsRange<PatternAttrInterface>()) {
    auto [lo, hi] = pattern.getKeyRange(qLo, qHi);
    range = {std::max(range.first, lo), std::min(range.second, hi)};
  }
  return range;
}
Value AllPatternAttr::buildAllowed(OpBuilder &builder, Location loc, Value qPos, Value kvPos) const {
  Value allowed;
  for (auto pattern : getPatterns().getAsRange<PatternAttrInterface>()) {
    Value next = pattern.buildAllowed(builder, loc, qPos, kvPos);
    if (next && allowed)
      allowed = arith::AndIOp::create(builder, loc, allowed, next);
    else if (next)
      allowed = next;
  }
  return allowed;
}
std::pair<Value, Value> AllPatternAttr::buildKeyRange(OpBuilder &builder, Location loc, Value qLo,
                                                      Value qHi) const {
  Value lo, hi;
  for (auto pattern : getPatterns().getAsRange<PatternAttrInterface>()) {
    auto [nextLo, nextHi] = pattern.buildKeyRange(builder, loc, qLo, qHi);
    if (nextLo)
      lo = lo ? arith::MaxSIOp::create(builder, loc, lo, nextLo).getResult() : nextLo;
    if (nextHi)
      hi = hi ? arith::MinSIOp::create(builder, loc, hi, nextHi).getResult() : nextHi;
  }
  return {lo, hi};
}
