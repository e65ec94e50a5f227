// Approximate instructions. The device's results differ in the last bits; callers compare with tolerances.
#include "Runtime.h"

#include "Float.h"

using namespace mlir::colt5::emulator;

static float flush(float x) { return std::fpclassify(x) == FP_SUBNORMAL ? std::copysign(0.0f, x) : x; }
static float ex2(float x) { return std::exp2(x); }
static float ex2Flushing(float x) { return flush(std::exp2(flush(x))); }
static float lg2(float x) { return std::log2(x); }
static float rsqrt(float x) { return 1.0f / std::sqrt(x); }
static float squareRoot(float x) { return std::sqrt(x); }
static float rcp(float x) { return 1.0f / x; }
static float hyperbolicTangent(float x) { return std::tanh(x); }
static float sine(float x) { return std::sin(x); }
static float cosine(float x) { return std::cos(x); }

static uint16_t truncateDoubleBF16(double x) { return toBF16(toOdd(x)); }
static uint16_t truncateDoubleF16(double x) { return toF16(toOdd(x)); }

/// Round to nearest, ties away from zero, to 10 bits of mantissa.
static uint32_t truncateTF32(float x) {
  uint32_t bits = llvm::bit_cast<uint32_t>(x);
  return std::isfinite(x) ? (bits + 0x1000) & 0xffffe000u : bits;
}

void mlir::colt5::emulator::addMathSymbols(SymbolMap &symbols) {
  symbols["colt5_emu_ex2"] = reinterpret_cast<void *>(ex2);
  symbols["colt5_emu_ex2_ftz"] = reinterpret_cast<void *>(ex2Flushing);
  symbols["colt5_emu_lg2"] = reinterpret_cast<void *>(lg2);
  symbols["colt5_emu_rsqrt"] = reinterpret_cast<void *>(rsqrt);
  symbols["colt5_emu_sqrt"] = reinterpret_cast<void *>(squareRoot);
  symbols["colt5_emu_rcp"] = reinterpret_cast<void *>(rcp);
  symbols["colt5_emu_tanh"] = reinterpret_cast<void *>(hyperbolicTangent);
  symbols["colt5_emu_sin"] = reinterpret_cast<void *>(sine);
  symbols["colt5_emu_cos"] = reinterpret_cast<void *>(cosine);
  symbols["colt5_emu_bf16"] = reinterpret_cast<void *>(toBF16);
  symbols["colt5_emu_f16"] = reinterpret_cast<void *>(toF16);
  symbols["colt5_emu_from_f16"] = reinterpret_cast<void *>(fromF16);
  symbols["colt5_emu_bf16_f64"] = reinterpret_cast<void *>(truncateDoubleBF16);
  symbols["colt5_emu_f16_f64"] = reinterpret_cast<void *>(truncateDoubleF16);
  symbols["colt5_emu_tf32"] = reinterpret_cast<void *>(truncateTF32);
}
