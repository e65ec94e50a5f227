// Which ops of one block share a kernel (PlanFusion.cpp).
#ifndef COLT5_LIB_STAGES_PLAN_GROUPING_H
#define COLT5_LIB_STAGES_PLAN_GROUPING_H

#include "colt5/Stages/Plan/KernelFamily.h"

namespace mlir::colt5 {

class Grouping {
public:
  /// The family that an op would bring to a kernel: the one that was chosen for an anchor, the last one of
  /// the machine for others.
  using FamilyOf = std::function<const KernelFamily *(Operation *)>;

  Grouping(Block &block, const Machine &machine, FamilyOf familyOf);
  /// The kernels in program order of their roots. Reports inconsistent plans of the user.
  FailureOr<SmallVector<std::unique_ptr<KernelDraft>>> run();

private:
  KernelDraft *findKernel(Operation *op) const { return kernelOf.lookup(op); }
  LogicalResult joinUserKernel(Operation *op, PlanAttr plan);
  KernelDraft *findHost(Operation *op, SmallVectorImpl<OpOperand *> &uses, bool &escapes) const;
  bool tryJoin(Operation *op);
  std::optional<RootLoops> getLoops(Operation *op, ArrayRef<OpOperand *> uses,
                                    const KernelDraft &kernel) const;
  bool covers(const KernelDraft &kernel, const RootLoops &loops) const;
  const KernelFamily *getFamilyWith(const KernelDraft &kernel, Operation *op) const;
  void open(Operation *root, PlanAttr plan);
  void join(Operation *op, KernelDraft &kernel, RootLoops loops);

  Block &block;
  const Machine &machine;
  FamilyOf familyOf;
  SmallVector<std::unique_ptr<KernelDraft>> kernels;
  DenseMap<Operation *, KernelDraft *> kernelOf;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_PLAN_GROUPING_H
