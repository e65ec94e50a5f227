// Conversions for which a CPU without its own instruction would call a library.
#ifndef COLT5_LIB_CONVERSION_EXPANDMATH_NARROWDOUBLE_H
#define COLT5_LIB_CONVERSION_EXPANDMATH_NARROWDOUBLE_H

namespace mlir {
class RewritePatternSet;
}

namespace mlir::colt5 {
/// Truncations of f64 to f16 and bf16, scalars and vectors, become truncations of f32 with the same result.
void populateNarrowDoublePatterns(RewritePatternSet &patterns);
} // namespace mlir::colt5

#endif // COLT5_LIB_CONVERSION_EXPANDMATH_NARROWDOUBLE_H
