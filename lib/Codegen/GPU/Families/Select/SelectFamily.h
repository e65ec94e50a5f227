#ifndef COLT5_LIB_CODEGEN_GPU_FAMILIES_SELECT_SELECTFAMILY_H
#define COLT5_LIB_CODEGEN_GPU_FAMILIES_SELECT_SELECTFAMILY_H

#include "colt5/Codegen/GPU/KernelFamily.h"

namespace mlir::colt5 {

class SelectFamily : public WholeKernelFamily {
public:
  SelectFamily() : WholeKernelFamily("select") {}

  bool runsOn(const Machine &machine) const override { return machine.kind == MachineKind::GPU; }
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

#endif // COLT5_LIB_CODEGEN_GPU_FAMILIES_SELECT_SELECTFAMILY_H
