#ifndef COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_SIMTSCHEDULE_H
#define COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_SIMTSCHEDULE_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"

namespace mlir::colt5 {

/// The numbers of #colt5.simt, in their order, that a kernel of `machine` has when nobody says otherwise.
SmallVector<int64_t> getSimtDefaults(const Machine &machine);

/// The schedule of the kernel around `op`, or of the kernel `op`, complete; the defaults of the module's
/// machine outside of kernels.
SimtScheduleAttr getSimtSchedule(Operation *op);

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_SIMTSCHEDULE_H
