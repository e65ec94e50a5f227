// Conversions for which a CPU without its own instruction would call a library.
#ifndef COLT5_LIB_CODEGEN_COMMON_EXPANDMATH_NARROWDOUBLE_H
#define COLT5_LIB_CODEGEN_COMMON_EXPANDMATH_NARROWDOUBLE_H

namespace mlir {
class RewritePatternSet;
}

namespace mlir::colt5 {
/// Conversions between f64 and f16 or bf16, of scalars and vectors, go by way of f32, with the same result.
void populateNarrowDoublePatterns(RewritePatternSet &patterns);
} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_COMMON_EXPANDMATH_NARROWDOUBLE_H
