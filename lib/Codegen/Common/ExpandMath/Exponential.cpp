// exp, exp2 and tanh: 2^k times a Taylor polynomial on [-ln2/2, ln2/2].
#include "MathBuilder.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::colt5;

static constexpr double kLog2E = 1.4426950408889634;

namespace {
/// x = k * ln2 + r.
struct Reduced {
  Value k, r;
};
} // namespace

static Reduced reduce(MathBuilder &m, Value x) {
  // ln2 as the sum of two numbers of the type.
  double high = m.isF64 ? 0.6931471805599453 : 0.6931471824645996;
  double low = m.isF64 ? 2.3190468138462996e-17 : -1.904654299957768e-09;
  auto [kFloat, k] = m.roundScaled(x, kLog2E);
  Value r = m.fma(kFloat, m.constant(-high), x);
  return {k, m.fma(kFloat, m.constant(-low), r)};
}

/// (exp(r) - 1) / r on the reduced range.
static Value expm1OverR(MathBuilder &m, Value r) {
  SmallVector<double> coefficients;
  double factorial = 1;
  for (int n = 1, e = m.isF64 ? 13 : 7; n <= e; ++n) {
    factorial *= n;
    coefficients.push_back(1 / factorial);
  }
  return m.polynomial(r, coefficients);
}

/// p * 2^k in two factors, so that k may leave the normal range and denormal results are rounded once.
static Value scale(MathBuilder &m, Value p, Value k) {
  Value half = arith::ShRSIOp::create(m, k, m.intConstant(1));
  Value rest = m.sub(k, half);
  return m.mulF(m.mulF(p, m.powerOfTwo(half)), m.powerOfTwo(rest));
}

Value MathBuilder::approximate(StringRef name, Value x) {
  auto call = [&](Value scalar) -> Value {
    return LLVM::CallIntrinsicOp::create(*this, scalar.getType(), getStringAttr(name), scalar).getResult(0);
  };
  auto vector = dyn_cast<VectorType>(type);
  if (!vector)
    return call(x);
  SmallVector<Value> elements = llvm::map_to_vector(vector::ToElementsOp::create(*this, x).getResults(),
                                                    [&](Value e) { return call(e); });
  return vector::FromElementsOp::create(*this, vector, elements);
}

/// exp by the device's power of two. The product x * log2(e) is rounded to t; what that loses becomes a
/// factor close to 1, which cannot turn an infinity into NaN.
static Value emitDeviceExp(MathBuilder &m, Value x) {
  // log2(e) as the sum of two numbers of the type.
  Value high = m.constant(1.44269502162933349609375), low = m.constant(1.925963033500011e-08);
  Value clamped = m.clamp(x, -104.0, 89.0), t = m.mulF(clamped, high);
  Value lost = m.fma(clamped, low, m.fma(clamped, high, m.neg(t)));
  Value factor = m.fma(lost, m.constant(0.6931471805599453), m.constant(1.0));
  return m.mulF(m.approximate("llvm.nvvm.ex2.approx.f32", t), factor);
}

Value colt5::emitExp(MathBuilder &m, Value x) {
  if (m.hasApproximations)
    return emitDeviceExp(m, x);
  // Beyond these bounds the result is 0 or infinity anyway.
  Value clamped = m.isF64 ? m.clamp(x, -746.0, 710.0) : m.clamp(x, -104.0, 89.0);
  Reduced reduced = reduce(m, clamped);
  Value p = m.fma(expm1OverR(m, reduced.r), reduced.r, m.constant(1.0));
  return scale(m, p, reduced.k);
}

Value colt5::emitExp2(MathBuilder &m, Value x) {
  if (m.hasApproximations)
    return m.approximate("llvm.nvvm.ex2.approx.f32", x);
  Value clamped = m.isF64 ? m.clamp(x, -1076.0, 1025.0) : m.clamp(x, -151.0, 129.0);
  auto [kFloat, k] = m.roundScaled(clamped, 1.0);
  Value r = m.mulF(m.subF(clamped, kFloat), m.constant(0.6931471805599453));
  Value p = m.fma(expm1OverR(m, r), r, m.constant(1.0));
  return scale(m, p, k);
}

/// tanh(x) = e / (e + 2) with e = exp(2|x|) - 1, which keeps its relative error near zero.
Value colt5::emitTanh(MathBuilder &m, Value x) {
  Value magnitude = m.clamp(m.abs(x), 0.0, m.isF64 ? 20.0 : 10.0);
  Reduced reduced = reduce(m, m.addF(magnitude, magnitude));
  Value p = m.mulF(expm1OverR(m, reduced.r), reduced.r);
  Value power = m.powerOfTwo(reduced.k);
  Value e = m.fma(p, power, m.subF(power, m.constant(1.0)));
  return m.copySign(m.quotient(e, m.addF(e, m.constant(2.0))), x);
}
