#ifndef COLT5_CODEGEN_GPU_FAMILIES_H
#define COLT5_CODEGEN_GPU_FAMILIES_H

namespace mlir {
class DialectRegistry;
}

namespace mlir::colt5 {

/// Adds `mma_sync`, which writes whole kernels for contractions of 16-bit floats, `select`, which does for
/// topk and soft_topk, and `simt`, which computes every kernel.
void registerGPUFamilies(DialectRegistry &registry);

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_GPU_FAMILIES_H
