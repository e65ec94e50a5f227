#ifndef COLT5_LIB_CODEGEN_GPU_FAMILIES_MMASYNC_MMASYNCFAMILY_H
#define COLT5_LIB_CODEGEN_GPU_FAMILIES_MMASYNC_MMASYNCFAMILY_H

#include "colt5/Codegen/GPU/KernelFamily.h"

namespace mlir::colt5 {

/// Contractions of 16-bit floats on the tensor cores of Ampere and later chips: cp.async brings steps of the
/// operands to swizzled shared memory, ldmatrix to registers, mma.sync multiplies them.
class MmaSyncFamily : public WholeKernelFamily {
public:
  MmaSyncFamily() : WholeKernelFamily("mma_sync") {}

  bool runsOn(const Machine &machine) const override;
  bool suits(Operation *anchor, const Machine &machine) const override;
  bool mayFuse(const KernelDraft &draft, Fusion &fusion, const Machine &machine) const override;
  ScheduleChoice choose(const KernelDraft &draft, ScheduleAttrInterface given,
                        const Machine &machine) const override;
  std::optional<std::string> check(const KernelDraft &draft, ScheduleAttrInterface schedule,
                                   const Machine &machine) const override;
  KernelClaim claim(const Kernel &kernel, OpBuilder &builder) const override;
  LogicalResult emit(KernelOp op, gpu::GPUModuleOp kernels) const override;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_GPU_FAMILIES_MMASYNC_MMASYNCFAMILY_H
