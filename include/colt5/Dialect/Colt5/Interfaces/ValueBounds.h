#ifndef COLT5_DIALECT_COLT5_INTERFACES_VALUEBOUNDS_H
#define COLT5_DIALECT_COLT5_INTERFACES_VALUEBOUNDS_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::colt5 {

/// Tells the value bounds analysis the result sizes of the composites. (It knows destination style ops by
/// itself.)
void registerValueBoundsOpInterfaceExternalModels(DialectRegistry &registry);

} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_INTERFACES_VALUEBOUNDS_H
