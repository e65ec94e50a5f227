#ifndef COLT5_LIB_REFERENCE_CONTRACTION_H
#define COLT5_LIB_REFERENCE_CONTRACTION_H

#include <cstdint>

namespace mlir::colt5::reference {

/// How a contraction accumulates.
enum class Accumulate { F64, F32 };

/// c[i, j] += sum_k a[i, k] * b[k, j] with row-major a MxK, b KxN, c MxN, on up to `threads` threads (0: all
/// cores). The order of the additions of one element does not depend on the number of threads.
void contract(const double *a, const double *b, double *c, int64_t m, int64_t n, int64_t k,
              Accumulate accumulate, unsigned threads);

} // namespace mlir::colt5::reference

#endif // COLT5_LIB_REFERENCE_CONTRACTION_H
