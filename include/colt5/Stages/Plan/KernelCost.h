// What a kernel computes and moves, as far as its static sizes tell.
#ifndef COLT5_STAGES_PLAN_KERNELCOST_H
#define COLT5_STAGES_PLAN_KERNELCOST_H

#include "colt5/Stages/Common/Kernels.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <optional>

namespace mlir::colt5 {

/// Useful floating-point operations of the contractions and attentions among `kernel.ops`, a multiply-add
/// counting 2. Of attention the keys that its pattern allows count, whatever masks and indices say. Nothing
/// when there are none, or a size or a position is only known at run time.
std::optional<int64_t> countFlops(const Kernel &kernel);

/// Bytes of the tensors that `kernel` reads from outside and of the results that it writes, each once; of a
/// gather the rows taken, of a scatter the rows written. Nothing when a size is only known at run time.
std::optional<int64_t> countMinBytes(const Kernel &kernel);

/// Bytes that the iterations of the tiled kernel `loop` read and write, each tile by itself. Cut tiles count
/// as whole ones. Nothing when a size is only known at run time.
std::optional<int64_t> countTileBytes(scf::ForallOp loop);

/// Hands the attributes above from one form of a kernel to the next.
void copyKernelCost(Operation *from, Operation *to);

} // namespace mlir::colt5

#endif // COLT5_STAGES_PLAN_KERNELCOST_H
