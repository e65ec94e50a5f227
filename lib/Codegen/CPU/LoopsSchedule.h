#ifndef COLT5_LIB_CODEGEN_CPU_LOOPSSCHEDULE_H
#define COLT5_LIB_CODEGEN_CPU_LOOPSSCHEDULE_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"

namespace mlir::colt5 {

/// Elements of 4 bytes that the packed left and right panels of a contraction may take on the stack of a
/// task.
inline constexpr int64_t kMaxLeftElements = 264 * 256, kMaxRightElements = 64 * 256;

/// The numbers of #colt5.loops, in their order, that a kernel has when nobody says otherwise.
ArrayRef<int64_t> getLoopsDefaults();

/// The schedule of the kernel around `op`, complete; the defaults outside of kernels.
LoopsScheduleAttr getLoopsSchedule(Operation *op);

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_CPU_LOOPSSCHEDULE_H
