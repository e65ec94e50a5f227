#ifndef COLT5_LIB_REFERENCE_PARALLEL_H
#define COLT5_LIB_REFERENCE_PARALLEL_H

#include <cstdint>
#include <functional>

namespace mlir::colt5::reference {

/// Calls body(i) for every i in [0, count) on up to `threads` threads (0: one per core). Bodies must be
/// independent.
void parallelFor(int64_t count, unsigned threads, const std::function<void(int64_t)> &body);

} // namespace mlir::colt5::reference

#endif // COLT5_LIB_REFERENCE_PARALLEL_H
