// Arithmetic on f32 or f64 values, scalar or vector, for the polynomial expansions.
#ifndef COLT5_LIB_CODEGEN_COMMON_EXPANDMATH_MATHBUILDER_H
#define COLT5_LIB_CODEGEN_COMMON_EXPANDMATH_MATHBUILDER_H

#include "colt5/Dialect/Colt5/IR/ArithmeticBuilder.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace mlir::colt5 {

/// Emits operations on one float type (an f32 or f64, or a vector of them) and the integer type of the same
/// shape.
class MathBuilder : public ArithmeticBuilder {
public:
  using Predicate = arith::CmpFPredicate;

  /// `device`: f32 functions may use the approximate instructions of an NVIDIA GPU.
  MathBuilder(ImplicitLocOpBuilder &b, Type type, bool device)
      : ArithmeticBuilder(b), type(type), isF64(getElementTypeOrSelf(type).isF64()),
        hasApproximations(device && !isF64), intType(withElement(b.getIntegerType(isF64 ? 64 : 32))),
        mantissaBits(isF64 ? 52 : 23), bias(isF64 ? 1023 : 127) {}

  Type withElement(Type element) const {
    auto shaped = dyn_cast<ShapedType>(type);
    return shaped ? Type(shaped.clone(element)) : element;
  }
  Value constant(double v) { return real(type, v); }
  Value intConstant(int64_t v) { return integer(intType, v); }
  Value infinity() { return constant(std::numeric_limits<double>::infinity()); }
  Value nan() { return constant(std::numeric_limits<double>::quiet_NaN()); }

  /// x / y within 1 ulp for |y| in [2^-100, 2^100] and finite x / y.
  Value quotient(Value x, Value y) {
    if (!hasApproximations)
      return divF(x, y);
    // A first quotient and one step with its remainder.
    Value reciprocal = approximate("llvm.nvvm.rcp.approx.ftz.f", y), first = mulF(x, reciprocal);
    return fma(fma(neg(y), first, x), reciprocal, first);
  }
  /// The intrinsic `name` of the device of every element.
  Value approximate(StringRef name, Value x);
  Value neg(Value x) { return arith::NegFOp::create(*this, x); }
  Value abs(Value x) { return math::AbsFOp::create(*this, x); }
  Value sqrt(Value x) { return math::SqrtOp::create(*this, x); }
  Value floor(Value x) { return math::FloorOp::create(*this, x); }
  Value fma(Value x, Value y, Value z) { return math::FmaOp::create(*this, x, y, z); }
  Value copySign(Value magnitude, Value sign) { return math::CopySignOp::create(*this, magnitude, sign); }
  /// Clamps; NaN stays NaN.
  Value clamp(Value x, double low, double high) {
    Value l = constant(low), h = constant(high);
    x = select(compare(Predicate::OLT, x, l), l, x);
    return select(compare(Predicate::OGT, x, h), h, x);
  }
  Value bits(Value x) { return arith::BitcastOp::create(*this, intType, x); }
  Value fromBits(Value x) { return arith::BitcastOp::create(*this, type, x); }

  /// coefficients[0] + x * (coefficients[1] + ...).
  Value polynomial(Value x, ArrayRef<double> coefficients) {
    Value sum = constant(coefficients.back());
    for (double c : llvm::reverse(coefficients.drop_back()))
      sum = fma(sum, x, constant(c));
    return sum;
  }
  /// Rounds x * scale to the nearest integer, |result| < 2^22 (f32) or 2^51 (f64): as a float and as an
  /// integer. No conversion to an integer is involved, so NaN is no poison.
  std::pair<Value, Value> roundScaled(Value x, double scale) {
    Value magic = constant(1.5 * double(int64_t(1) << mantissaBits));
    Value shifted = fma(x, constant(scale), magic);
    return {subF(shifted, magic), sub(bits(shifted), bits(magic))};
  }
  /// 2^k for an integer k in the normal range.
  Value powerOfTwo(Value k) {
    Value shift = intConstant(mantissaBits);
    return fromBits(arith::ShLIOp::create(*this, add(k, intConstant(bias)), shift));
  }

  Type type;
  bool isF64, hasApproximations;
  Type intType;
  int64_t mantissaBits, bias;
};

// One function per op; x is of the builder's type. Errors: docs/numerics.md.
Value emitExp(MathBuilder &m, Value x);
Value emitExp2(MathBuilder &m, Value x);
Value emitTanh(MathBuilder &m, Value x);
Value emitErf(MathBuilder &m, Value x);
// The following are for f64 builders only; f32 goes through f64.
Value emitLog(MathBuilder &m, Value x);
Value emitLog2(MathBuilder &m, Value x);
Value emitLog1p(MathBuilder &m, Value x);
Value emitPow(MathBuilder &m, Value x, Value y);
Value emitSin(MathBuilder &m, Value x);
Value emitCos(MathBuilder &m, Value x);

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_COMMON_EXPANDMATH_MATHBUILDER_H
