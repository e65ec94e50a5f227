// What is known about the alignment of buffers.
#ifndef COLT5_CODEGEN_COMMON_DIVISIBILITY_H
#define COLT5_CODEGEN_COMMON_DIVISIBILITY_H

#include "mlir/IR/OpDefinition.h"

namespace mlir::colt5 {

/// A number of bytes that divides the address of the first element of `memref`: at least the element size.
int64_t getKnownAlignment(Value memref);

/// The largest number of elements, a power of two of at most `maxBytes` bytes, such that vectors along `dim`
/// of `memref` that start at multiples of it lie in the buffer or outside as a whole, and are aligned to
/// their size. 1 when `dim` is not contiguous or its size not known.
int64_t getVectorWidth(Value memref, int64_t dim, int64_t maxBytes = 16);

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_COMMON_DIVISIBILITY_H
