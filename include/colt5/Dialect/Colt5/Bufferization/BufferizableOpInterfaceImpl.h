#ifndef COLT5_DIALECT_COLT5_BUFFERIZATION_BUFFERIZABLEOPINTERFACEIMPL_H
#define COLT5_DIALECT_COLT5_BUFFERIZATION_BUFFERIZABLEOPINTERFACEIMPL_H

namespace mlir {
class DialectRegistry;
}

namespace mlir::colt5 {
/// Attaches BufferizableOpInterface to every primitive of the dialect.
void registerBufferizableOpInterfaceExternalModels(DialectRegistry &registry);
} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_BUFFERIZATION_BUFFERIZABLEOPINTERFACEIMPL_H
