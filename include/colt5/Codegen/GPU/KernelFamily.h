// A family that writes whole GPU kernels: it claims planned ops before they are tiled, and emits the code of
// the kernel when its operands are buffers.
#ifndef COLT5_CODEGEN_GPU_KERNELFAMILY_H
#define COLT5_CODEGEN_GPU_KERNELFAMILY_H

#include "colt5/Stages/Common/Kernels.h"
#include "colt5/Stages/Plan/KernelFamily.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace mlir::colt5 {

/// What a family says to the ops of a planned kernel.
struct KernelClaim {
  /// Why the family cannot compute them; empty when it can.
  std::string refusal;
  /// Tensors that start from nothing, as global memory for the kernel alone.
  SmallVector<Value> scratch;
  /// Bytes that the blocks of the kernel read and write, where that is known; for reports.
  std::optional<int64_t> bytes;

  static KernelClaim refuse(const Twine &reason) { return {reason.str(), {}, std::nullopt}; }
};

class WholeKernelFamily : public KernelFamily {
public:
  using KernelFamily::KernelFamily;
  bool writesWholeKernels() const final { return true; }

  /// Looks at a planned kernel, on tensors and before tiling. `builder` makes scratch memory before the
  /// kernel; nothing else may change. With the claim the ops become the region of a `colt5.kernel`.
  virtual KernelClaim claim(const Kernel &kernel, OpBuilder &builder) const = 0;

  /// Writes the code of `op`, on buffers, into `kernels` and replaces `op` by its launch, usually with a
  /// `KernelWriter`. Reports a region or operands that it did not claim.
  virtual LogicalResult emit(KernelOp op, gpu::GPUModuleOp kernels) const = 0;
};

/// Puts the ops of `kernel` into the region of a `colt5.kernel` with the plan of the root: results that are
/// used elsewhere are its outs, followed by `scratch`. Reports a result that is used before the root.
FailureOr<KernelOp> claimKernel(RewriterBase &rewriter, const Kernel &kernel, ArrayRef<Value> scratch);

/// The family that `plan` names if it writes whole kernels, or null.
const WholeKernelFamily *findWholeKernelFamily(PlanAttr plan);

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_GPU_KERNELFAMILY_H
