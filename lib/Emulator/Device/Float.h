#ifndef COLT5_LIB_EMULATOR_DEVICE_FLOAT_H
#define COLT5_LIB_EMULATOR_DEVICE_FLOAT_H

#include "llvm/ADT/bit.h"
#include <cmath>
#include <cstdint>

namespace mlir::colt5::emulator {

inline float fromBF16(uint16_t bits) { return llvm::bit_cast<float>(uint32_t(bits) << 16); }

inline float fromF16(uint16_t bits) {
  uint32_t sign = uint32_t(bits & 0x8000) << 16, exponent = bits >> 10 & 31, mantissa = bits & 1023;
  if (exponent == 31)
    return llvm::bit_cast<float>(sign | 0x7f800000 | mantissa << 13);
  if (exponent)
    return llvm::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
  float value = float(mantissa) * 0x1p-24f;
  return sign ? -value : value;
}

/// The tensor core reads the upper 19 bits only.
inline float fromTF32(uint32_t bits) { return llvm::bit_cast<float>(bits & 0xffffe000u); }

/// To nearest even; NaN stays NaN.
inline uint16_t toBF16(float x) {
  uint32_t bits = llvm::bit_cast<uint32_t>(x);
  if (std::isnan(x))
    return bits >> 16 | 0x40;
  return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

/// To nearest even; NaN stays NaN, what is too large becomes infinite.
inline uint16_t toF16(float x) {
  uint32_t bits = llvm::bit_cast<uint32_t>(x), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000)
    return sign | 0x7e00;
  if (magnitude >= 0x47800000)
    return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below the smallest normal number the unit is 2^-24; nearbyint rounds to nearest even.
    float units = std::nearbyint(llvm::bit_cast<float>(magnitude) * 0x1p24f);
    return sign | uint16_t(units);
  }
  uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
  return sign | uint16_t((rounded >> 13) - (112 << 10));
}

/// The float nearest to `x` that, if it is not `x`, ends in a one: rounding it again is as rounding `x` once.
inline float toOdd(double x) {
  float y = float(x);
  if (!std::isfinite(y) || double(y) == x)
    return std::isinf(y) && std::isfinite(x) ? std::copysign(3.40282347e38f, y) : y;
  uint32_t bits = llvm::bit_cast<uint32_t>(y);
  if (bits & 1)
    return y;
  // The neighbour on the other side of x is odd.
  bool away = std::fabs(double(y)) < std::fabs(x);
  return llvm::bit_cast<float>(away ? bits + 1 : bits - 1);
}

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_DEVICE_FLOAT_H
