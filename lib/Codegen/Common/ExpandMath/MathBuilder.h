// Arithmetic on f32 or f64 values, scalar or vector, for the polynomial expansions.
#ifndef COLT5_LIB_CODEGEN_COMMON_EXPANDMATH_MATHBUILDER_H
#define COLT5_LIB_CODEGEN_COMMON_EXPANDMATH_MATHBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::colt5 {

/// Emits operations on one float type (an f32 or f64, or a vector of them) and the integer type of the same
/// shape.
class MathBuilder {
public:
  using Predicate = arith::CmpFPredicate;

  /// `device`: f32 functions may use the approximate instructions of an NVIDIA GPU.
  MathBuilder(ImplicitLocOpBuilder &b, Type type, bool device)
      : b(b), type(type), isF64(getElementTypeOrSelf(type).isF64()), hasApproximations(device && !isF64),
        intType(withElement(b.getIntegerType(isF64 ? 64 : 32))), mantissaBits(isF64 ? 52 : 23),
        bias(isF64 ? 1023 : 127) {}

  Type withElement(Type element) const {
    auto shaped = dyn_cast<ShapedType>(type);
    return shaped ? Type(shaped.clone(element)) : element;
  }
  Value constant(double v) {
    FloatAttr attr = b.getFloatAttr(getElementTypeOrSelf(type), v);
    auto shaped = dyn_cast<ShapedType>(type);
    return shaped ? arith::ConstantOp::create(b, DenseElementsAttr::get(shaped, attr)).getResult()
                  : arith::ConstantOp::create(b, attr).getResult();
  }
  Value intConstant(int64_t v) {
    IntegerAttr attr = b.getIntegerAttr(getElementTypeOrSelf(intType), v);
    auto shaped = dyn_cast<ShapedType>(intType);
    return shaped ? arith::ConstantOp::create(b, DenseElementsAttr::get(shaped, attr)).getResult()
                  : arith::ConstantOp::create(b, attr).getResult();
  }
  Value infinity() { return constant(std::numeric_limits<double>::infinity()); }
  Value nan() { return constant(std::numeric_limits<double>::quiet_NaN()); }

  Value add(Value x, Value y) { return arith::AddFOp::create(b, x, y); }
  Value sub(Value x, Value y) { return arith::SubFOp::create(b, x, y); }
  Value mul(Value x, Value y) { return arith::MulFOp::create(b, x, y); }
  Value div(Value x, Value y) { return arith::DivFOp::create(b, x, y); }
  /// x / y within 1 ulp for |y| in [2^-100, 2^100] and finite x / y.
  Value quotient(Value x, Value y) {
    if (!hasApproximations)
      return div(x, y);
    // A first quotient and one step with its remainder.
    Value reciprocal = approximate("llvm.nvvm.rcp.approx.ftz.f", y), first = mul(x, reciprocal);
    return fma(fma(neg(y), first, x), reciprocal, first);
  }
  /// The intrinsic `name` of the device of every element.
  Value approximate(StringRef name, Value x);
  Value neg(Value x) { return arith::NegFOp::create(b, x); }
  Value abs(Value x) { return math::AbsFOp::create(b, x); }
  Value sqrt(Value x) { return math::SqrtOp::create(b, x); }
  Value floor(Value x) { return math::FloorOp::create(b, x); }
  Value fma(Value x, Value y, Value z) { return math::FmaOp::create(b, x, y, z); }
  Value copySign(Value magnitude, Value sign) { return math::CopySignOp::create(b, magnitude, sign); }
  Value select(Value c, Value x, Value y) { return arith::SelectOp::create(b, c, x, y); }
  Value compare(Predicate p, Value x, Value y) { return arith::CmpFOp::create(b, p, x, y); }
  Value andI(Value x, Value y) { return arith::AndIOp::create(b, x, y); }
  /// Clamps; NaN stays NaN.
  Value clamp(Value x, double low, double high) {
    Value l = constant(low), h = constant(high);
    x = select(compare(Predicate::OLT, x, l), l, x);
    return select(compare(Predicate::OGT, x, h), h, x);
  }
  Value bits(Value x) { return arith::BitcastOp::create(b, intType, x); }
  Value fromBits(Value x) { return arith::BitcastOp::create(b, type, x); }
  Value addInt(Value x, Value y) { return arith::AddIOp::create(b, x, y); }
  Value subInt(Value x, Value y) { return arith::SubIOp::create(b, x, y); }

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
    return {sub(shifted, magic), subInt(bits(shifted), bits(magic))};
  }
  /// 2^k for an integer k in the normal range.
  Value powerOfTwo(Value k) {
    Value shift = intConstant(mantissaBits);
    return fromBits(arith::ShLIOp::create(b, addInt(k, intConstant(bias)), shift));
  }

  ImplicitLocOpBuilder &b;
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
