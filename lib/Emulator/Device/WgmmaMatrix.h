#ifndef COLT5_LIB_EMULATOR_DEVICE_WGMMAMATRIX_H
#define COLT5_LIB_EMULATOR_DEVICE_WGMMAMATRIX_H

#include "Runtime.h"
#include "Wgmma.h"

namespace mlir::colt5::emulator {

/// A matrix in shared memory, as the 64 bits of a wgmma descriptor tell.
struct SharedMatrix {
  /// Bytes. `span`: of the swizzle, 16 for none.
  uint32_t start, leading, stride, span, baseOffset, elementBytes;
  /// M or N is the innermost dimension, not K.
  bool mnMajor;

  SharedMatrix(uint64_t descriptor, uint32_t elementBytes, bool mnMajor);
  /// Of element (mn, k), from the start of shared memory.
  uint32_t offsetOf(uint32_t mn, uint32_t k) const;
  /// Offsets of all pieces of 16 bytes that the matrix has.
  std::vector<uint32_t> chunks(uint32_t mnSize, uint32_t kSize) const;
};

/// Multiplies and adds to the accumulators of `threads`.
void executeWgmma(const Wgmma &op, const Cta &block, ArrayRef<Thread *> threads);

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_DEVICE_WGMMAMATRIX_H
