// sin and cos in f64: reduction by pi/2 in three parts, Taylor polynomials on [-pi/4, pi/4].
#include "MathBuilder.h"

using namespace mlir;
using namespace mlir::colt5;

/// The value for quadrant `offset` ahead of x: 0 gives the sine, 1 the cosine.
static Value emitQuadrant(MathBuilder &m, Value x, int64_t offset) {
  auto [nFloat, n] = m.roundScaled(x, 0.6366197723675814);
  Value r = x;
  for (double part : {1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33})
    r = m.fma(nFloat, m.constant(-part), r);
  SmallVector<double> sine, cosine;
  double term = 1;
  for (int k = 0; k <= 8; ++k) {
    cosine.push_back(term);
    term /= 2 * k + 1;
    sine.push_back(term);
    term /= -(2 * k + 2);
  }
  Value z = m.mulF(r, r);
  Value s = m.mulF(r, m.polynomial(z, sine));
  Value c = m.polynomial(z, cosine);
  Value quadrant = m.add(n, m.intConstant(offset));
  auto bitIsSet = [&](int64_t bit) -> Value {
    Value masked = m.andI(quadrant, m.intConstant(bit));
    return m.compare(arith::CmpIPredicate::ne, masked, m.intConstant(0));
  };
  Value result = m.select(bitIsSet(1), c, s);
  return m.select(bitIsSet(2), m.neg(result), result);
}

Value colt5::emitSin(MathBuilder &m, Value x) {
  // The reduction loses the sign of zero.
  Value isZero = m.compare(MathBuilder::Predicate::OEQ, x, m.constant(0.0));
  return m.select(isZero, x, emitQuadrant(m, x, 0));
}
Value colt5::emitCos(MathBuilder &m, Value x) { return emitQuadrant(m, x, 1); }
