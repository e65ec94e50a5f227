#include "ScalarProgram.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>
#include <cstring>
#include <limits>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

//===----------------------------------------------------------------------===//
// Floating point
//===----------------------------------------------------------------------===//

template <double (*Fn)(double, double)> static void binaryFloat(const Instruction &in, Lanes &lanes) {
  const double *a = lanes.floats(in.operands[0]), *b = lanes.floats(in.operands[1]);
  double *result = lanes.floats(in.result);
  for (int64_t i = 0; i < lanes.count; ++i)
    result[i] = Fn(a[i], b[i]);
}

static double add(double a, double b) { return a + b; }
static double sub(double a, double b) { return a - b; }
static double mul(double a, double b) { return a * b; }
static double divide(double a, double b) { return a / b; }
static double remainderOf(double a, double b) { return std::fmod(a, b); }
static double maximum(double a, double b) { return std::isnan(a) ? a : std::isnan(b) ? b : std::max(a, b); }
static double minimum(double a, double b) { return std::isnan(a) ? a : std::isnan(b) ? b : std::min(a, b); }
static double maxnum(double a, double b) { return std::fmax(a, b); }
static double minnum(double a, double b) { return std::fmin(a, b); }

static void negate(const Instruction &in, Lanes &lanes) {
  for (int64_t i = 0; i < lanes.count; ++i)
    lanes.floats(in.result)[i] = -lanes.floats(in.operands[0])[i];
}

static bool compare(arith::CmpFPredicate predicate, double a, double b) {
  bool unordered = std::isnan(a) || std::isnan(b);
  switch (predicate) {
  case arith::CmpFPredicate::AlwaysFalse:
    return false;
  case arith::CmpFPredicate::OEQ:
    return a == b;
  case arith::CmpFPredicate::OGT:
    return a > b;
  case arith::CmpFPredicate::OGE:
    return a >= b;
  case arith::CmpFPredicate::OLT:
    return a < b;
  case arith::CmpFPredicate::OLE:
    return a <= b;
  case arith::CmpFPredicate::ONE:
    return !unordered && a != b;
  case arith::CmpFPredicate::ORD:
    return !unordered;
  case arith::CmpFPredicate::UEQ:
    return unordered || a == b;
  case arith::CmpFPredicate::UGT:
    return unordered || a > b;
  case arith::CmpFPredicate::UGE:
    return unordered || a >= b;
  case arith::CmpFPredicate::ULT:
    return unordered || a < b;
  case arith::CmpFPredicate::ULE:
    return unordered || a <= b;
  case arith::CmpFPredicate::UNE:
    return a != b;
  case arith::CmpFPredicate::UNO:
    return unordered;
  case arith::CmpFPredicate::AlwaysTrue:
    return true;
  }
  return false;
}

static void compareFloat(const Instruction &in, Lanes &lanes) {
  for (int64_t i = 0; i < lanes.count; ++i)
    lanes.ints(in.result)[i] = compare(static_cast<arith::CmpFPredicate>(in.integer),
                                       lanes.floats(in.operands[0])[i], lanes.floats(in.operands[1])[i]);
}

//===----------------------------------------------------------------------===//
// Integers: stored sign extended, i1 as 0 or 1
//===----------------------------------------------------------------------===//

static int64_t wrap(int64_t value, ElementKind kind) {
  unsigned bits = getTraits(kind).bits;
  return bits == 1 ? value & 1 : bits == 64 ? value : llvm::SignExtend64(value, bits);
}
static uint64_t asUnsigned(int64_t value, ElementKind kind) {
  unsigned bits = getTraits(kind).bits;
  return bits == 64 ? uint64_t(value) : uint64_t(value) & ((uint64_t(1) << bits) - 1);
}
static int64_t asSigned(int64_t value, ElementKind kind) { return kind == ElementKind::I1 ? -value : value; }

/// Signed operands in, any 64-bit pattern out; wrapped to the result's width.
template <int64_t (*Fn)(int64_t, int64_t)> static void binarySigned(const Instruction &in, Lanes &lanes) {
  const int64_t *a = lanes.ints(in.operands[0]), *b = lanes.ints(in.operands[1]);
  for (int64_t i = 0; i < lanes.count; ++i)
    lanes.ints(in.result)[i] =
        wrap(Fn(asSigned(a[i], in.operands[0].kind), asSigned(b[i], in.operands[1].kind)), in.result.kind);
}

template <uint64_t (*Fn)(uint64_t, uint64_t)>
static void binaryUnsigned(const Instruction &in, Lanes &lanes) {
  const int64_t *a = lanes.ints(in.operands[0]), *b = lanes.ints(in.operands[1]);
  for (int64_t i = 0; i < lanes.count; ++i)
    lanes.ints(in.result)[i] =
        wrap(int64_t(Fn(asUnsigned(a[i], in.operands[0].kind), asUnsigned(b[i], in.operands[1].kind))),
             in.result.kind);
}

/// As the two above, for divisions.
template <int64_t (*Fn)(int64_t, int64_t)> static void divideSigned(const Instruction &in, Lanes &lanes) {
  const int64_t *b = lanes.ints(in.operands[1]), *a = lanes.ints(in.operands[0]);
  for (int64_t i = 0; i < lanes.count; ++i)
    if (b[i] == 0 || (b[i] == -1 && a[i] == std::numeric_limits<int64_t>::min()))
      lanes.fault = b[i] == 0 ? "division by zero" : "a signed division overflows";
  if (!lanes.fault)
    binarySigned<Fn>(in, lanes);
}
template <uint64_t (*Fn)(uint64_t, uint64_t)>
static void divideUnsigned(const Instruction &in, Lanes &lanes) {
  const int64_t *b = lanes.ints(in.operands[1]);
  for (int64_t i = 0; i < lanes.count; ++i)
    if (b[i] == 0)
      lanes.fault = "division by zero";
  if (!lanes.fault)
    binaryUnsigned<Fn>(in, lanes);
}

static uint64_t addI(uint64_t a, uint64_t b) { return a + b; }
static uint64_t subI(uint64_t a, uint64_t b) { return a - b; }
static uint64_t mulI(uint64_t a, uint64_t b) { return a * b; }
static uint64_t andI(uint64_t a, uint64_t b) { return a & b; }
static uint64_t orI(uint64_t a, uint64_t b) { return a | b; }
static uint64_t xorI(uint64_t a, uint64_t b) { return a ^ b; }
static uint64_t shiftLeft(uint64_t a, uint64_t b) { return b < 64 ? a << b : 0; }
static uint64_t shiftRight(uint64_t a, uint64_t b) { return b < 64 ? a >> b : 0; }
static int64_t shiftRightSigned(int64_t a, int64_t b) { return a >> std::min<uint64_t>(b, 63); }
static int64_t maxS(int64_t a, int64_t b) { return std::max(a, b); }
static int64_t minS(int64_t a, int64_t b) { return std::min(a, b); }
static uint64_t maxU(uint64_t a, uint64_t b) { return std::max(a, b); }
static uint64_t minU(uint64_t a, uint64_t b) { return std::min(a, b); }
static int64_t divS(int64_t a, int64_t b) { return a / b; }
static int64_t remS(int64_t a, int64_t b) { return a % b; }
static int64_t ceilDivS(int64_t a, int64_t b) { return a / b + (a % b != 0 && (a < 0) == (b < 0)); }
static int64_t floorDivS(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }
static uint64_t divU(uint64_t a, uint64_t b) { return a / b; }
static uint64_t remU(uint64_t a, uint64_t b) { return a % b; }
static uint64_t ceilDivU(uint64_t a, uint64_t b) { return a / b + (a % b != 0); }

static void compareInt(const Instruction &in, Lanes &lanes) {
  auto predicate = static_cast<arith::CmpIPredicate>(in.integer);
  ElementKind kind = in.operands[0].kind;
  for (int64_t i = 0; i < lanes.count; ++i) {
    int64_t a = lanes.ints(in.operands[0])[i], b = lanes.ints(in.operands[1])[i];
    APInt left(64,
               predicate >= arith::CmpIPredicate::ult ? asUnsigned(a, kind) : uint64_t(asSigned(a, kind)));
    APInt right(64,
                predicate >= arith::CmpIPredicate::ult ? asUnsigned(b, kind) : uint64_t(asSigned(b, kind)));
    lanes.ints(in.result)[i] = arith::applyCmpPredicate(predicate, left, right);
  }
}

static void selectLanes(const Instruction &in, Lanes &lanes) {
  for (int64_t i = 0; i < lanes.count; ++i) {
    const Register &chosen = in.operands[lanes.ints(in.operands[0])[i] ? 1 : 2];
    if (in.result.isFloat())
      lanes.floats(in.result)[i] = lanes.floats(chosen)[i];
    else
      lanes.ints(in.result)[i] = lanes.ints(chosen)[i];
  }
}

//===----------------------------------------------------------------------===//
// Conversions; the immediate is 1 for signed ones
//===----------------------------------------------------------------------===//

static void convertInt(const Instruction &in, Lanes &lanes) {
  for (int64_t i = 0; i < lanes.count; ++i) {
    int64_t value = lanes.ints(in.operands[0])[i];
    value =
        in.integer ? asSigned(value, in.operands[0].kind) : int64_t(asUnsigned(value, in.operands[0].kind));
    lanes.ints(in.result)[i] = wrap(value, in.result.kind);
  }
}

static void intToFloat(const Instruction &in, Lanes &lanes) {
  for (int64_t i = 0; i < lanes.count; ++i) {
    int64_t value = lanes.ints(in.operands[0])[i];
    lanes.floats(in.result)[i] = in.integer ? double(asSigned(value, in.operands[0].kind))
                                            : double(asUnsigned(value, in.operands[0].kind));
  }
}

static void floatToInt(const Instruction &in, Lanes &lanes) {
  for (int64_t i = 0; i < lanes.count; ++i) {
    double value = std::trunc(lanes.floats(in.operands[0])[i]);
    // Out-of-range conversions are undefined in arith; saturate so that nothing traps.
    double low = in.integer ? -0x1p63 : 0.0, high = in.integer ? 0x1p63 : 0x1p64;
    uint64_t bits;
    if (std::isnan(value))
      bits = 0;
    else if (value >= high)
      bits = in.integer ? uint64_t(std::numeric_limits<int64_t>::max()) : ~uint64_t(0);
    else if (value <= low)
      bits = in.integer ? uint64_t(std::numeric_limits<int64_t>::min()) : 0;
    else
      bits = in.integer ? uint64_t(int64_t(value)) : uint64_t(value);
    lanes.ints(in.result)[i] = wrap(int64_t(bits), in.result.kind);
  }
}

static const llvm::fltSemantics &getSemantics(ElementKind kind) {
  switch (kind) {
  case ElementKind::F16:
    return llvm::APFloat::IEEEhalf();
  case ElementKind::BF16:
    return llvm::APFloat::BFloat();
  case ElementKind::F32:
    return llvm::APFloat::IEEEsingle();
  default:
    return llvm::APFloat::IEEEdouble();
  }
}

static void bitcast(const Instruction &in, Lanes &lanes) {
  Register source = in.operands[0];
  for (int64_t i = 0; i < lanes.count; ++i) {
    bool losesInfo;
    APInt bits(64, 0);
    if (source.isFloat()) {
      APFloat value(lanes.floats(source)[i]);
      value.convert(getSemantics(source.kind), APFloat::rmNearestTiesToEven, &losesInfo);
      bits = value.bitcastToAPInt();
    } else {
      bits = APInt(getTraits(source.kind).bits, asUnsigned(lanes.ints(source)[i], source.kind));
    }
    if (in.result.isFloat()) {
      APFloat value(getSemantics(in.result.kind), bits);
      value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &losesInfo);
      lanes.floats(in.result)[i] = value.convertToDouble();
    } else {
      lanes.ints(in.result)[i] = wrap(bits.getSExtValue(), in.result.kind);
    }
  }
}

Kernel mlir::colt5::reference::findArithKernel(Operation *op, Instruction &in) {
  auto conversion = [&](Kernel kernel, bool isSigned) {
    in.integer = isSigned;
    return kernel;
  };
  return llvm::TypeSwitch<Operation *, Kernel>(op)
      .Case([](arith::AddFOp) { return binaryFloat<add>; })
      .Case([](arith::SubFOp) { return binaryFloat<sub>; })
      .Case([](arith::MulFOp) { return binaryFloat<mul>; })
      .Case([](arith::DivFOp) { return binaryFloat<divide>; })
      .Case([](arith::RemFOp) { return binaryFloat<remainderOf>; })
      .Case([](arith::MaximumFOp) { return binaryFloat<maximum>; })
      .Case([](arith::MinimumFOp) { return binaryFloat<minimum>; })
      .Case([](arith::MaxNumFOp) { return binaryFloat<maxnum>; })
      .Case([](arith::MinNumFOp) { return binaryFloat<minnum>; })
      .Case([](arith::NegFOp) { return negate; })
      .Case([&](arith::CmpFOp cmp) {
        in.integer = static_cast<int64_t>(cmp.getPredicate());
        return compareFloat;
      })
      .Case([](arith::AddIOp) { return binaryUnsigned<addI>; })
      .Case([](arith::SubIOp) { return binaryUnsigned<subI>; })
      .Case([](arith::MulIOp) { return binaryUnsigned<mulI>; })
      .Case([](arith::AndIOp) { return binaryUnsigned<andI>; })
      .Case([](arith::OrIOp) { return binaryUnsigned<orI>; })
      .Case([](arith::XOrIOp) { return binaryUnsigned<xorI>; })
      .Case([](arith::ShLIOp) { return binaryUnsigned<shiftLeft>; })
      .Case([](arith::ShRUIOp) { return binaryUnsigned<shiftRight>; })
      .Case([](arith::ShRSIOp) { return binarySigned<shiftRightSigned>; })
      .Case([](arith::MaxSIOp) { return binarySigned<maxS>; })
      .Case([](arith::MinSIOp) { return binarySigned<minS>; })
      .Case([](arith::MaxUIOp) { return binaryUnsigned<maxU>; })
      .Case([](arith::MinUIOp) { return binaryUnsigned<minU>; })
      .Case([](arith::DivSIOp) { return divideSigned<divS>; })
      .Case([](arith::RemSIOp) { return divideSigned<remS>; })
      .Case([](arith::CeilDivSIOp) { return divideSigned<ceilDivS>; })
      .Case([](arith::FloorDivSIOp) { return divideSigned<floorDivS>; })
      .Case([](arith::DivUIOp) { return divideUnsigned<divU>; })
      .Case([](arith::RemUIOp) { return divideUnsigned<remU>; })
      .Case([](arith::CeilDivUIOp) { return divideUnsigned<ceilDivU>; })
      .Case([&](arith::CmpIOp cmp) {
        in.integer = static_cast<int64_t>(cmp.getPredicate());
        return compareInt;
      })
      .Case([](arith::SelectOp) { return selectLanes; })
      .Case<arith::ExtSIOp, arith::TruncIOp, arith::IndexCastOp>(
          [&](auto) { return conversion(convertInt, true); })
      .Case<arith::ExtUIOp, arith::IndexCastUIOp>([&](auto) { return conversion(convertInt, false); })
      .Case([&](arith::SIToFPOp) { return conversion(intToFloat, true); })
      .Case([&](arith::UIToFPOp) { return conversion(intToFloat, false); })
      .Case([&](arith::FPToSIOp) { return conversion(floatToInt, true); })
      .Case([&](arith::FPToUIOp) { return conversion(floatToInt, false); })
      .Case([](arith::BitcastOp) { return bitcast; })
      .Default([](Operation *) { return nullptr; });
}
