#ifndef COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_PARALLELACCESSES_H
#define COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_PARALLELACCESSES_H

#include "Memory.h"
#include "TensorValues.h"

namespace mlir::colt5 {

/// What the iterations of one parallel loop read and write of buffers that they share.
class ParallelAccesses {
public:
  ParallelAccesses(TermBuilder &terms, const TensorValues &values, scf::ForallOp forall, Operation *tensors)
      : terms(terms), values(values), forall(forall), tensors(tensors) {}

  /// `scatter`: the op on tensors whose iterations share their destination by its own rules.
  void add(Operation *op, const Place &place, bool isWrite, Operation *scatter);
  /// Calls `report` with a read and a write of another iteration that may be of the same place.
  void check(llvm::function_ref<void(Operation *reader, Operation *writer)> report);
  /// Whether different iterations may write to the same place of this buffer.
  bool mayCollide(Value base);

private:
  struct Access {
    Operation *op;
    Place place;
    Operation *scatter;
  };
  bool areSeparate(const Access &a, const Access &b);
  /// Whether these boxes, of equal or different iterations, are apart for different iterations; `found`
  /// collects the induction variables that keep them apart.
  bool areSeparate(const Term *a, const Term *b, SmallPtrSetImpl<const Term *> &found);

  TermBuilder &terms;
  const TensorValues &values;
  scf::ForallOp forall;
  Operation *tensors;
  llvm::MapVector<Value, SmallVector<Access>> reads, writes;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_PARALLELACCESSES_H
