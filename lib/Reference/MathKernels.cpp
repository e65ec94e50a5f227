#include "ScalarProgram.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

template <double (*Fn)(double)> static void unary(const Instruction &in, Lanes &lanes) {
  const double *a = lanes.floats(in.operands[0]);
  double *result = lanes.floats(in.result);
  for (int64_t i = 0; i < lanes.count; ++i)
    result[i] = Fn(a[i]);
}

template <double (*Fn)(double, double)> static void binary(const Instruction &in, Lanes &lanes) {
  for (int64_t i = 0; i < lanes.count; ++i)
    lanes.floats(in.result)[i] = Fn(lanes.floats(in.operands[0])[i], lanes.floats(in.operands[1])[i]);
}

template <bool (*Fn)(double)> static void classify(const Instruction &in, Lanes &lanes) {
  for (int64_t i = 0; i < lanes.count; ++i)
    lanes.ints(in.result)[i] = Fn(lanes.floats(in.operands[0])[i]);
}

static double rsqrt(double x) { return 1.0 / std::sqrt(x); }
static bool isNan(double x) { return std::isnan(x); }
static bool isInf(double x) { return std::isinf(x); }
static bool isFinite(double x) { return std::isfinite(x); }

static void multiplyAdd(const Instruction &in, Lanes &lanes) {
  for (int64_t i = 0; i < lanes.count; ++i)
    lanes.floats(in.result)[i] = std::fma(lanes.floats(in.operands[0])[i], lanes.floats(in.operands[1])[i],
                                          lanes.floats(in.operands[2])[i]);
}

static void integerPower(const Instruction &in, Lanes &lanes) {
  for (int64_t i = 0; i < lanes.count; ++i)
    lanes.floats(in.result)[i] =
        std::pow(lanes.floats(in.operands[0])[i], double(lanes.ints(in.operands[1])[i]));
}

static void absInt(const Instruction &in, Lanes &lanes) {
  for (int64_t i = 0; i < lanes.count; ++i) {
    int64_t value = lanes.ints(in.operands[0])[i];
    lanes.ints(in.result)[i] = value < 0 ? int64_t(-uint64_t(value)) : value;
  }
}

Kernel mlir::colt5::reference::findMathKernel(Operation *op, Instruction &) {
  return llvm::TypeSwitch<Operation *, Kernel>(op)
      .Case([](math::ExpOp) { return unary<std::exp>; })
      .Case([](math::Exp2Op) { return unary<std::exp2>; })
      .Case([](math::ExpM1Op) { return unary<std::expm1>; })
      .Case([](math::LogOp) { return unary<std::log>; })
      .Case([](math::Log2Op) { return unary<std::log2>; })
      .Case([](math::Log10Op) { return unary<std::log10>; })
      .Case([](math::Log1pOp) { return unary<std::log1p>; })
      .Case([](math::SqrtOp) { return unary<std::sqrt>; })
      .Case([](math::RsqrtOp) { return unary<rsqrt>; })
      .Case([](math::CbrtOp) { return unary<std::cbrt>; })
      .Case([](math::TanhOp) { return unary<std::tanh>; })
      .Case([](math::SinhOp) { return unary<std::sinh>; })
      .Case([](math::CoshOp) { return unary<std::cosh>; })
      .Case([](math::SinOp) { return unary<std::sin>; })
      .Case([](math::CosOp) { return unary<std::cos>; })
      .Case([](math::TanOp) { return unary<std::tan>; })
      .Case([](math::AtanOp) { return unary<std::atan>; })
      .Case([](math::ErfOp) { return unary<std::erf>; })
      .Case([](math::ErfcOp) { return unary<std::erfc>; })
      .Case([](math::AbsFOp) { return unary<std::fabs>; })
      .Case([](math::FloorOp) { return unary<std::floor>; })
      .Case([](math::CeilOp) { return unary<std::ceil>; })
      .Case([](math::RoundOp) { return unary<std::round>; })
      .Case([](math::RoundEvenOp) { return unary<std::nearbyint>; })
      .Case([](math::TruncOp) { return unary<std::trunc>; })
      .Case([](math::PowFOp) { return binary<std::pow>; })
      .Case([](math::Atan2Op) { return binary<std::atan2>; })
      .Case([](math::CopySignOp) { return binary<std::copysign>; })
      .Case([](math::FPowIOp) { return integerPower; })
      .Case([](math::FmaOp) { return multiplyAdd; })
      .Case([](math::AbsIOp) { return absInt; })
      .Case([](math::IsNaNOp) { return classify<isNan>; })
      .Case([](math::IsInfOp) { return classify<isInf>; })
      .Case([](math::IsFiniteOp) { return classify<isFinite>; })
      .Default([](Operation *) { return nullptr; });
}
