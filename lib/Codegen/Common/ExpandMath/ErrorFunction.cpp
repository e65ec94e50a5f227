// erf: Taylor series up to 1, 1 - exp(-x^2) * Q beyond.
#include "MathBuilder.h"

using namespace mlir;
using namespace mlir::colt5;

#include "ErfCoefficients.inc"

Value colt5::emitErf(MathBuilder &m, Value x) {
  Value magnitude = m.abs(x);
  // sum (-1)^n x^(2n) / (n! (2n + 1)) * 2 / sqrt(pi)
  SmallVector<double> taylor;
  double term = 1.1283791670955126;
  for (int n = 0, e = m.isF64 ? 19 : 10; n <= e; ++n) {
    taylor.push_back(term / (2 * n + 1));
    term /= -(n + 1);
  }
  Value inner = m.mulF(magnitude, m.polynomial(m.mulF(x, x), taylor));

  Value outerX = m.clamp(magnitude, 1.0, m.isF64 ? 6.0 : 4.0);
  Value two = m.constant(2.0);
  Value t = m.quotient(m.subF(outerX, two), m.addF(outerX, two));
  Value q = m.polynomial(t, m.isF64 ? ArrayRef<double>(kErfcxF64) : ArrayRef<double>(kErfcxF32));
  Value decay = emitExp(m, m.neg(m.mulF(outerX, outerX)));
  Value outer = m.subF(m.constant(1.0), m.mulF(decay, q));

  Value isInner = m.compare(MathBuilder::Predicate::OLT, magnitude, m.constant(1.0));
  return m.copySign(m.select(isInner, inner, outer), x);
}
