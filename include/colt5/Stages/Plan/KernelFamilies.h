// Which families of kernels there are, what each can compute, and whether a plan asks for something that none
// does.
#ifndef COLT5_STAGES_PLAN_KERNELFAMILIES_H
#define COLT5_STAGES_PLAN_KERNELFAMILIES_H

#include "colt5/Machine/Machine.h"
#include "colt5/Stages/Common/Kernels.h"

namespace mlir::colt5 {

/// True for a family whose kernels are written as a whole by `colt5-build-kernels`; loops of the others are
/// lowered op by op.
bool isBuilderFamily(KernelFamily family);

/// The families that compute something on `machine`; on any when it is null.
SmallVector<KernelFamily> getFamilies(const Machine *machine);

/// Why `family`, one of the machine's, cannot compute a kernel of `ops` that tiles the loops of `root` by
/// `tile`; nothing when it can. Another family of the machine always can.
std::optional<std::string> getReasonAgainst(KernelFamily family, Operation *root, ArrayRef<Operation *> ops,
                                            ArrayRef<int64_t> tile);

/// Reports what the plan on `op`, a compute op or the loop of a kernel, asks for and nothing honours.
/// `machine` is null where it is not known.
LogicalResult checkPlanOf(Operation *op, const Machine *machine);

} // namespace mlir::colt5

#endif // COLT5_STAGES_PLAN_KERNELFAMILIES_H
