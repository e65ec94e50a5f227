// log, log2, log1p and pow in f64: exponent plus 2 atanh(s) of the mantissa, s = f / (2 + f).
#include "MathBuilder.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// x = 2^exponent * (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)], for positive finite x.
struct Split {
  Value exponent, f;
};
} // namespace

static Split split(MathBuilder &m, Value x) {
  // Denormals are scaled into the normal range first.
  Value isDenormal = m.compare(MathBuilder::Predicate::OLT, x, m.constant(2.2250738585072014e-308));
  Value normal = m.select(isDenormal, m.mulF(x, m.constant(18014398509481984.0)), x);
  Value offset = m.select(isDenormal, m.constant(-54.0), m.constant(0.0));
  Value bits = m.bits(normal);
  Value biased = arith::ShRUIOp::create(m, bits, m.intConstant(52));
  // Placed in the mantissa of 2^52 the integer becomes a float without a conversion.
  Value asFloat = m.fromBits(m.orI(biased, m.intConstant(0x4330000000000000)));
  Value exponent = m.subF(asFloat, m.constant(4503599627370496.0 + 1023.0));
  Value mantissa = m.andI(bits, m.intConstant(0x000fffffffffffff));
  mantissa = m.fromBits(m.orI(mantissa, m.intConstant(0x3ff0000000000000)));
  Value isLarge = m.compare(MathBuilder::Predicate::OGT, mantissa, m.constant(1.4142135623730951));
  mantissa = m.select(isLarge, m.mulF(mantissa, m.constant(0.5)), mantissa);
  exponent = m.addF(exponent, m.select(isLarge, m.addF(offset, m.constant(1.0)), offset));
  return {exponent, m.subF(mantissa, m.constant(1.0))};
}

/// log(1 + f) = f - (h - tail), with h = f^2 / 2: returns h and the tail.
static std::pair<Value, Value> logOfMantissa(MathBuilder &m, Value f) {
  Value s = m.divF(f, m.addF(f, m.constant(2.0)));
  Value z = m.mulF(s, s);
  SmallVector<double> coefficients;
  for (int n = 3; n <= 23; n += 2)
    coefficients.push_back(2.0 / n);
  Value r = m.mulF(z, m.polynomial(z, coefficients));
  Value h = m.mulF(m.mulF(f, f), m.constant(0.5));
  return {h, m.mulF(s, m.addF(h, r))};
}

static Value handleSpecial(MathBuilder &m, Value x, Value result) {
  using P = MathBuilder::Predicate;
  result = m.select(m.compare(P::OEQ, x, m.infinity()), x, result);
  result = m.select(m.compare(P::OEQ, x, m.constant(0.0)), m.neg(m.infinity()), result);
  return m.select(m.compare(P::UGE, x, m.constant(0.0)), m.select(m.compare(P::UNO, x, x), x, result),
                  m.nan());
}

Value colt5::emitLog(MathBuilder &m, Value x) {
  auto [exponent, f] = split(m, x);
  auto [h, tail] = logOfMantissa(m, f);
  // The high part of ln2 is short, so that its product with the exponent is exact.
  Value low = m.fma(exponent, m.constant(1.9082149292705877e-10), tail);
  Value result = m.fma(exponent, m.constant(0.6931471803691238), m.subF(f, m.subF(h, low)));
  return handleSpecial(m, x, result);
}

Value colt5::emitLog2(MathBuilder &m, Value x) {
  auto [exponent, f] = split(m, x);
  auto [h, tail] = logOfMantissa(m, f);
  Value mantissa = m.subF(f, m.subF(h, tail));
  return handleSpecial(m, x, m.fma(mantissa, m.constant(1.4426950408889634), exponent));
}

/// log(u) with u = 1 + x rounded, plus what the rounding lost.
Value colt5::emitLog1p(MathBuilder &m, Value x) {
  using P = MathBuilder::Predicate;
  Value one = m.constant(1.0), zero = m.constant(0.0);
  Value u = m.addF(x, one);
  Value lost = m.select(m.compare(P::OGT, x, one), m.subF(one, m.subF(u, x)), m.subF(x, m.subF(u, one)));
  Value usable = m.andI(m.compare(P::OGT, u, zero), m.compare(P::OLT, u, m.infinity()));
  Value correction = m.select(usable, m.divF(lost, u), zero);
  Value result = m.addF(emitLog(m, u), correction);
  // Keeps the sign of zero.
  return m.select(m.compare(P::OEQ, x, zero), x, result);
}

/// exp(y * log|x|) with the sign and the special cases of C's pow.
Value colt5::emitPow(MathBuilder &m, Value x, Value y) {
  using P = MathBuilder::Predicate;
  Value zero = m.constant(0.0), one = m.constant(1.0), magnitude = m.abs(x);
  Value result = emitExp(m, m.mulF(y, emitLog(m, magnitude)));
  Value halfY = m.mulF(y, m.constant(0.5));
  Value isInteger = m.compare(P::OEQ, m.floor(y), y);
  Value isOdd = m.andI(isInteger, m.compare(P::ONE, m.floor(halfY), halfY));
  result = m.select(isOdd, m.copySign(result, x), result);
  Value noRoot = m.andI(m.compare(P::OLT, x, zero), m.compare(P::ONE, m.floor(y), y));
  noRoot = m.andI(noRoot, m.compare(P::OLT, magnitude, m.infinity()));
  result = m.select(noRoot, m.nan(), result);
  Value infiniteY = m.compare(P::OEQ, m.abs(y), m.infinity());
  result = m.select(m.andI(infiniteY, m.compare(P::OEQ, magnitude, one)), one, result);
  result = m.select(m.compare(P::OEQ, x, one), one, result);
  return m.select(m.compare(P::OEQ, y, zero), one, result);
}
