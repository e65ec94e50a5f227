// A builder family: C++ that writes whole GPU kernels for tiled loops it recognises.
#ifndef COLT5_CODEGEN_GPU_KERNELFAMILY_H
#define COLT5_CODEGEN_GPU_KERNELFAMILY_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::colt5 {

/// One builder family.
struct KernelBuilder {
  StringRef family;
  /// Writes the kernel of `loop`, a mapped forall on tensors with one plan, into `kernels` and puts a
  /// `colt5.launch` that computes the results of `loop` in its place. Returns nothing when done; otherwise
  /// the reason why this loop is none that the family takes, and nothing was changed.
  std::optional<std::string> (*build)(scf::ForallOp loop, gpu::GPUModuleOp kernels);
};

/// All builder families.
ArrayRef<KernelBuilder> getKernelBuilders();

/// See `KernelBuilder::build`.
std::optional<std::string> buildSelectKernel(scf::ForallOp loop, gpu::GPUModuleOp kernels);

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_GPU_KERNELFAMILY_H
