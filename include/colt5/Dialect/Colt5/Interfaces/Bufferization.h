#ifndef COLT5_DIALECT_COLT5_INTERFACES_BUFFERIZATION_H
#define COLT5_DIALECT_COLT5_INTERFACES_BUFFERIZATION_H

namespace mlir {
class DialectRegistry;
}

namespace mlir::colt5 {
/// Attaches BufferizableOpInterface to every primitive of the dialect.
void registerBufferizableOpInterfaceExternalModels(DialectRegistry &registry);

/// `colt5.parallel_scatter` bufferizes in place, to a `colt5.scatter_combine` before the terminator.
void registerParallelScatterBufferization(DialectRegistry &registry);

/// `colt5.kernel` gets buffers as operands; its region stays on tensors.
void registerKernelBufferization(DialectRegistry &registry);
} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_INTERFACES_BUFFERIZATION_H
