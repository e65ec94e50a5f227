#ifndef COLT5_STAGES_COMMON_KERNELS_H
#define COLT5_STAGES_COMMON_KERNELS_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::colt5 {

/// The plan of `op`, or null.
PlanAttr getPlan(Operation *op);

/// The schedule of the kernel that `op` is or lies in, or null.
ScheduleAttrInterface findSchedule(Operation *op);

/// True for what a kernel is made of: a linalg op or colt5 primitive on tensors. Ops inside the body of
/// another compute op, inside a kernel's loop or in a `colt5.kernel` are not.
bool isComputeOp(Operation *op);

/// False if the op of `init`, a destination, certainly ignores what it holds.
bool readsDestination(OpOperand &init);

/// True for an argument of a function that the caller gives away (`bufferization.writable = true`).
bool isDeclaredWritable(Value value);

/// A new tensor with the type and sizes of `value`.
Value createEmptyLike(OpBuilder &builder, Location loc, Value value);

/// True for the loop of a tiled kernel: an `scf.forall` mapped with `#colt5.tile`.
bool isKernelLoop(Operation *op);

/// The ops of one kernel in program order; all stand in one block.
struct Kernel {
  int64_t number = 0;
  Operation *root = nullptr;
  SmallVector<Operation *> ops;

  bool contains(Operation *op) const { return op && llvm::is_contained(ops, op); }
};

/// The kernels below `top` in program order of their first ops. Reports every compute op without a plan and
/// every kernel without exactly one root.
FailureOr<SmallVector<Kernel>> collectKernels(Operation *top);

/// Whether the slots of a scatter may be spread over tiles that run at the same time: then no two slots name
/// one row.
bool canSpreadSlots(ScatterCombineOp op);

/// The loops of the iteration domain of `op` that a kernel's loop may run over: the parallel ones, and the
/// slots of a scatter with `canSpreadSlots`.
SmallVector<bool> getTilableLoops(Operation *op);

/// True for an op that returns its inits because static sizes of 0 leave it nothing to do. Upstream can
/// neither tile such an op nor slice such a tensor.
bool computesNothing(Operation *op);

/// Replaces the kernel by one mapped `scf.forall` according to the plan of its root. Reports what it cannot
/// do.
LogicalResult tileKernel(RewriterBase &rewriter, const Kernel &kernel);

/// Reports every plan below `top` that stands where nothing reads it; a composite keeps none when it is going
/// to be decomposed.
LogicalResult checkPlacesOfPlans(Operation *top, bool isDecomposed);

} // namespace mlir::colt5

#endif // COLT5_STAGES_COMMON_KERNELS_H
