#ifndef COLT5_LIB_EMULATOR_DEVICE_WGMMA_H
#define COLT5_LIB_EMULATOR_DEVICE_WGMMA_H

#include <cstdint>

namespace mlir::colt5::emulator {

enum WgmmaType : uint32_t { WgmmaBF16, WgmmaF16, WgmmaTF32 };

/// What kind of wgmma: the text of the instruction as one word.
struct WgmmaConfig {
  uint32_t type = WgmmaBF16, n = 8;
  bool halfResult = false, scaleD = true, negateA = false, negateB = false, transposeA = false,
       transposeB = false, registersA = false;

  uint32_t encode() const {
    return type | n << 2 | uint32_t(halfResult) << 11 | uint32_t(scaleD) << 12 | uint32_t(negateA) << 13 |
           uint32_t(negateB) << 14 | uint32_t(transposeA) << 15 | uint32_t(transposeB) << 16 |
           uint32_t(registersA) << 17;
  }
  static WgmmaConfig decode(uint32_t bits) {
    WgmmaConfig c;
    c.type = bits & 3;
    c.n = bits >> 2 & 511;
    c.halfResult = bits >> 11 & 1;
    c.scaleD = bits >> 12 & 1;
    c.negateA = bits >> 13 & 1;
    c.negateB = bits >> 14 & 1;
    c.transposeA = bits >> 15 & 1;
    c.transposeB = bits >> 16 & 1;
    c.registersA = bits >> 17 & 1;
    return c;
  }
  uint32_t k() const { return type == WgmmaTF32 ? 8 : 16; }
  uint32_t elementBytes() const { return type == WgmmaTF32 ? 4 : 2; }
  /// 32-bit registers of the result in each thread.
  uint32_t registersD() const { return halfResult ? n / 4 : n / 2; }
};

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_DEVICE_WGMMA_H
