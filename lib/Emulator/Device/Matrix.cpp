// ldmatrix, stmatrix and mma.sync on the registers of a warp. Lane l holds row l / 4 and columns 2 * (l % 4),
// + 1 of an 8x8 matrix of 16-bit values; row l / 4, column l % 4 of an 8x4 matrix of 32-bit values.
#include "Runtime.h"

#include "Float.h"

using namespace mlir::colt5::emulator;

static void loadMatrix(Meeting &meeting) {
  uint32_t num = meeting.param & 255;
  bool transposed = meeting.param >> 8;
  uint64_t results[32][4];
  for (uint32_t lane = 0; lane < 32; ++lane)
    for (uint32_t m = 0; m < num; ++m) {
      uint16_t pair[2];
      for (uint32_t i = 0; i < 2; ++i) {
        uint32_t row = lane / 4, column = lane % 4 * 2 + i;
        if (transposed)
          std::swap(row, column);
        std::memcpy(&pair[i], reinterpret_cast<char *>(meeting.values[8 * m + row][0]) + 2 * column, 2);
      }
      results[lane][m] = pair[0] | uint32_t(pair[1]) << 16;
    }
  for (uint32_t lane = 0; lane < 32; ++lane)
    std::copy_n(results[lane], num, meeting.values[lane]);
}

static void storeMatrix(Meeting &meeting) {
  uint32_t num = meeting.param & 255;
  bool transposed = meeting.param >> 8;
  for (uint32_t lane = 0; lane < 32; ++lane)
    for (uint32_t m = 0; m < num; ++m)
      for (uint32_t i = 0; i < 2; ++i) {
        uint32_t row = lane / 4, column = lane % 4 * 2 + i;
        if (transposed)
          std::swap(row, column);
        uint16_t value = meeting.values[lane][1 + m] >> (16 * i);
        std::memcpy(reinterpret_cast<char *>(meeting.values[8 * m + row][0]) + 2 * column, &value, 2);
      }
}

/// D (16x8) = A (16xK) * B (Kx8) + C, with values 0-3 A, 4-5 B, 6-9 C; D comes back in values 0-3.
/// With a parameter other than 0, C and D are pairs of f16 in two values.
static void multiply(Meeting &meeting) {
  bool wide = meeting.kind == MmaTF32;
  uint32_t depth = wide ? 8 : 16;
  float a[16][16], b[16][8];
  auto narrow = [&](uint64_t word, unsigned half) {
    uint16_t bits = word >> (16 * half);
    return meeting.kind == MmaBF16 ? fromBF16(bits) : fromF16(bits);
  };
  for (uint32_t lane = 0; lane < 32; ++lane) {
    uint32_t group = lane / 4, member = lane % 4;
    const uint64_t *values = meeting.values[lane];
    for (unsigned i = 0; i < 4; ++i) {
      uint32_t row = group + (i & 1) * 8;
      if (wide)
        a[row][member + (i >> 1) * 4] = fromTF32(values[i]);
      else
        for (unsigned half = 0; half < 2; ++half)
          a[row][member * 2 + half + (i >> 1) * 8] = narrow(values[i], half);
    }
    for (unsigned i = 0; i < 2; ++i) {
      if (wide)
        b[member + i * 4][group] = fromTF32(values[4 + i]);
      else
        for (unsigned half = 0; half < 2; ++half)
          b[member * 2 + half + i * 8][group] = narrow(values[4 + i], half);
    }
  }
  for (uint32_t lane = 0; lane < 32; ++lane) {
    uint32_t group = lane / 4, member = lane % 4;
    uint64_t *values = meeting.values[lane];
    float results[4];
    for (unsigned i = 0; i < 4; ++i) {
      uint32_t row = group + (i >> 1) * 8, column = member * 2 + (i & 1);
      float sum = meeting.param ? fromF16(values[6 + i / 2] >> (16 * (i % 2)))
                                : llvm::bit_cast<float>(uint32_t(values[6 + i]));
      for (uint32_t k = 0; k < depth; ++k)
        sum += a[row][k] * b[k][column];
      results[i] = sum;
    }
    for (unsigned i = 0; i < 4 && !meeting.param; ++i)
      values[i] = llvm::bit_cast<uint32_t>(results[i]);
    for (unsigned i = 0; i < 2 && meeting.param; ++i)
      values[i] = toF16(results[2 * i]) | uint32_t(toF16(results[2 * i + 1])) << 16;
  }
}

void mlir::colt5::emulator::executeMatrixOp(Meeting &meeting) {
  switch (meeting.kind) {
  case LdMatrix:
    return loadMatrix(meeting);
  case StMatrix:
    return storeMatrix(meeting);
  default:
    return multiply(meeting);
  }
}
