#ifndef COLT5_CODEGEN_CPU_FAMILIES_H
#define COLT5_CODEGEN_CPU_FAMILIES_H

namespace mlir {
class DialectRegistry;
}

namespace mlir::colt5 {

/// Adds the family `loops`, which computes every kernel on a CPU.
void registerCPUFamilies(DialectRegistry &registry);

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_CPU_FAMILIES_H
