#ifndef COLT5_DIALECT_COLT5_TRANSFORMS_PARALLELSCATTERBUFFERIZATION_H
#define COLT5_DIALECT_COLT5_TRANSFORMS_PARALLELSCATTERBUFFERIZATION_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::colt5 {
/// `colt5.parallel_scatter` bufferizes in place, to a `colt5.scatter_combine` before the terminator.
void registerParallelScatterBufferization(DialectRegistry &registry);
} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_TRANSFORMS_PARALLELSCATTERBUFFERIZATION_H
