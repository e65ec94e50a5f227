// The matrices of wgmma: where descriptors say that they lie, and their product.
#include "WgmmaMatrix.h"
#include "Float.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

SharedMatrix::SharedMatrix(uint64_t descriptor, uint32_t elementBytes, bool mnMajor)
    : elementBytes(elementBytes), mnMajor(mnMajor) {
  auto field = [&](unsigned shift) { return uint32_t((descriptor >> shift & 0x3fff) << 4); };
  start = field(0);
  leading = field(16);
  stride = field(32);
  baseOffset = descriptor >> 49 & 7;
  static constexpr uint32_t spans[] = {16, 128, 64, 32};
  span = spans[descriptor >> 62];
}

/// The unit is a chunk of 16 bytes. With a swizzle of `span` bytes, rows of that many bytes form atoms of 8
/// rows; without one, 8 rows of 16 bytes.
uint32_t SharedMatrix::offsetOf(uint32_t mn, uint32_t k) const {
  uint32_t row = mnMajor ? k : mn, column = (mnMajor ? mn : k) * elementBytes;
  uint32_t inAtom = row % 8 * span + column % span;
  uint32_t rowStep = stride, columnStep = leading;
  // Without a swizzle and with M or N innermost, the two strides change places.
  if (mnMajor && span == 16)
    std::swap(rowStep, columnStep);
  // With K innermost, a swizzled row holds all of K.
  uint32_t offset = start + inAtom + row / 8 * rowStep + column / span * columnStep;
  if (span > 16)
    offset ^= (offset >> 7 & (span / 16 - 1)) << 4;
  return offset % kSharedWindow;
}

std::vector<uint32_t> SharedMatrix::chunks(uint32_t mnSize, uint32_t kSize) const {
  std::vector<uint32_t> result;
  uint32_t perChunk = 16 / elementBytes;
  for (uint32_t mn = 0; mn < mnSize; mn += mnMajor ? perChunk : 1)
    for (uint32_t k = 0; k < kSize; k += mnMajor ? 1 : perChunk)
      result.push_back(offsetOf(mn, k) & ~15u);
  return result;
}

static float element(const char *at, uint32_t type) {
  if (type == WgmmaTF32) {
    uint32_t bits;
    std::memcpy(&bits, at, 4);
    return fromTF32(bits);
  }
  uint16_t bits;
  std::memcpy(&bits, at, 2);
  return type == WgmmaBF16 ? fromBF16(bits) : fromF16(bits);
}

/// Row and column of 32-bit or 16-bit value `i` of thread `thread` in D; of A likewise, with `i` below 8.
static std::pair<uint32_t, uint32_t> placeOf(uint32_t thread, uint32_t i) {
  return {thread / 32 * 16 + thread % 32 / 4 + i / 2 % 2 * 8, i / 4 * 8 + thread % 4 * 2 + i % 2};
}

void emulator::executeWgmma(const Wgmma &op, const Cta &block, ArrayRef<Thread *> threads) {
  WgmmaConfig config = WgmmaConfig::decode(op.config);
  uint32_t depth = config.k(), n = config.n;
  std::vector<float> a(64 * depth), b(depth * n);
  SharedMatrix matrixB(op.descriptorB, config.elementBytes(), config.transposeB);
  if (config.registersA) {
    for (uint32_t t = 0; t < threads.size(); ++t)
      for (uint32_t i = 0; i < 8; ++i) {
        auto [row, column] = placeOf(t, i);
        uint16_t half = op.registers[t][i / 2] >> (i % 2 * 16);
        a[row * depth + column] = config.type == WgmmaBF16 ? fromBF16(half) : fromF16(half);
      }
  } else {
    SharedMatrix matrixA(op.descriptorA, config.elementBytes(), config.transposeA);
    for (uint32_t row = 0; row < 64; ++row)
      for (uint32_t k = 0; k < depth; ++k)
        a[row * depth + k] = element(block.shared + matrixA.offsetOf(row, k), config.type);
  }
  for (uint32_t k = 0; k < depth; ++k)
    for (uint32_t j = 0; j < n; ++j)
      b[k * n + j] = element(block.shared + matrixB.offsetOf(j, k), config.type);
  float sign = config.negateA != config.negateB ? -1.0f : 1.0f;
  std::vector<float> product(64 * n);
  for (uint32_t row = 0; row < 64; ++row)
    for (uint32_t k = 0; k < depth; ++k)
      for (uint32_t j = 0; j < n; ++j)
        product[row * n + j] += sign * a[row * depth + k] * b[k * n + j];
  for (uint32_t t = 0; t < threads.size(); ++t)
    for (uint32_t i = 0; i < n / 2; ++i) {
      auto [row, column] = placeOf(t, i);
      float value = product[row * n + column];
      uint32_t &word = threads[t]->accumulators[op.accumulators[t][config.halfResult ? i / 2 : i]];
      if (!config.halfResult) {
        word = llvm::bit_cast<uint32_t>(value + (config.scaleD ? llvm::bit_cast<float>(word) : 0.0f));
        continue;
      }
      unsigned shift = i % 2 * 16;
      value += config.scaleD ? fromF16(word >> shift) : 0.0f;
      word = (word & ~(0xffffu << shift)) | uint32_t(toF16(value)) << shift;
    }
}
