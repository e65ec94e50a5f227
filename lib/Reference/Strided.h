#ifndef COLT5_LIB_REFERENCE_STRIDED_H
#define COLT5_LIB_REFERENCE_STRIDED_H

#include "colt5/Reference/Tensor.h"
#include "mlir/Support/LLVM.h"

namespace mlir::colt5::reference {

/// Distance in elements between neighbours along each dimension of a row-major shape.
inline SmallVector<int64_t> getStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t d = static_cast<int64_t>(shape.size()) - 2; d >= 0; --d)
    strides[d] = strides[d + 1] * shape[d + 1];
  return strides;
}

/// Copies a box of the given sizes between two strided places.
template <typename T>
void copyStrided(const T *source, ArrayRef<int64_t> sourceStrides, T *target, ArrayRef<int64_t> targetStrides,
                 ArrayRef<int64_t> sizes) {
  if (sizes.empty()) {
    *target = *source;
    return;
  }
  if (sizes.size() == 1) {
    for (int64_t i = 0; i < sizes[0]; ++i)
      target[i * targetStrides[0]] = source[i * sourceStrides[0]];
    return;
  }
  for (int64_t i = 0; i < sizes[0]; ++i)
    copyStrided(source + i * sourceStrides[0], sourceStrides.drop_front(), target + i * targetStrides[0],
                targetStrides.drop_front(), sizes.drop_front());
}

/// The same between tensors of one kind, starting at linear positions.
inline void copyBox(const Tensor &source, int64_t sourceBase, ArrayRef<int64_t> sourceStrides, Tensor &target,
                    int64_t targetBase, ArrayRef<int64_t> targetStrides, ArrayRef<int64_t> sizes) {
  for (int64_t size : sizes)
    if (size == 0)
      return;
  if (source.isFloat())
    copyStrided(source.floats() + sourceBase, sourceStrides, target.mutableFloats() + targetBase,
                targetStrides, sizes);
  else
    copyStrided(source.ints() + sourceBase, sourceStrides, target.mutableInts() + targetBase, targetStrides,
                sizes);
}

} // namespace mlir::colt5::reference

#endif // COLT5_LIB_REFERENCE_STRIDED_H
