#ifndef COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_SIMTFAMILY_H
#define COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_SIMTFAMILY_H

#include "colt5/Stages/Plan/KernelFamily.h"

namespace mlir::colt5 {

class SimtFamily : public KernelFamily {
public:
  SimtFamily() : KernelFamily("simt") {}

  bool runsOn(const Machine &machine) const override { return machine.kind == MachineKind::GPU; }
  bool takesAll() const override { return true; }
  bool suits(Operation *, const Machine &) const override { return true; }
  void prepare(Operation *function, const Machine &machine) const override;
  bool mayFuse(const KernelDraft &draft, Fusion &fusion, const Machine &machine) const override;
  ScheduleChoice choose(const KernelDraft &draft, ScheduleAttrInterface given,
                        const Machine &machine) const override;
  std::optional<std::string> check(const KernelDraft &draft, ScheduleAttrInterface schedule,
                                   const Machine &machine) const override;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_SIMTFAMILY_H
