// How one linalg op on memrefs becomes loops.
#ifndef COLT5_LIB_CODEGEN_CPU_VECTORIZE_VECTORPLAN_H
#define COLT5_LIB_CODEGEN_CPU_VECTORIZE_VECTORPLAN_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::colt5 {

/// How an operand moves along the vectorised loop.
enum class Access { Invariant, Contiguous, Strided };

struct OperandPlan {
  OpOperand *operand;
  /// Per memref dimension the loop that indexes it; no value stands for the constant 0.
  SmallVector<std::optional<unsigned>> loops;
  Access access = Access::Invariant;

  bool isScalar() const { return !isa<MemRefType>(operand->get().getType()); }
};

struct LoopPlan {
  linalg::LinalgOp op;
  SmallVector<OperandPlan> inputs, outputs;
  SmallVector<int64_t> ranges;
  SmallVector<unsigned> parallel, reduction;
  /// The vectorised loop; none: scalar loops.
  std::optional<unsigned> vectorLoop;
  /// Vector lengths of the successive loops along it, descending; 1 is a scalar remainder.
  SmallVector<int64_t> steps = {1};
  /// If the vectorised loop is a reduction: how each output combines.
  SmallVector<vector::CombiningKind> kinds;
  SmallVector<TypedAttr> neutral;

  bool isVector(unsigned loop) const { return vectorLoop && *vectorLoop == loop; }
  bool vectorLoopReduces() const { return vectorLoop && llvm::is_contained(reduction, *vectorLoop); }
};

/// Plans the loops of `op`; fails on maps or bodies that only general scalar loops can express.
FailureOr<LoopPlan> planLoops(linalg::LinalgOp op, int64_t vectorBytes);

/// Emits the planned loops before the op.
void emitLoops(OpBuilder &builder, const LoopPlan &plan);

/// Emits the body of the op once for `size` consecutive iterations of the vectorised loop (1: scalars).
/// `ivs` holds the value of every loop, `accumulators` the current value of every output (null if the body
/// does not read it). Returns the new value of every output, a vector of `size` or a scalar.
SmallVector<Value> emitBody(ImplicitLocOpBuilder &b, const LoopPlan &plan, ArrayRef<Value> ivs, int64_t size,
                            ArrayRef<Value> accumulators);

/// Loads or stores an operand at `ivs` for `size` iterations.
Value loadOperand(ImplicitLocOpBuilder &b, const OperandPlan &operand, ArrayRef<Value> ivs,
                  std::optional<unsigned> vectorLoop, int64_t size);
void storeOperand(ImplicitLocOpBuilder &b, const OperandPlan &operand, ArrayRef<Value> ivs,
                  std::optional<unsigned> vectorLoop, int64_t size, Value value);

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_CPU_VECTORIZE_VECTORPLAN_H
