// topk and soft_topk by the threads of a block, as far as it does not matter where the row is kept.
#ifndef COLT5_CODEGEN_GPU_SELECTION_H
#define COLT5_CODEGEN_GPU_SELECTION_H

#include "colt5/Codegen/GPU/BlockBuilder.h"

namespace mlir::colt5 {

/// An unsigned integer of the width of `score` that orders like it, with NaN as -inf and -0 as +0. No score
/// has the key 0.
Value makeSelectionKey(LoopBuilder &b, Value score);

/// The score at `at` as `op` counts it: -inf when it is not valid, and no larger than its division by eps
/// allows. `mask` may be null.
Value loadSoftTopKScore(LoopBuilder &b, SoftTopKOp op, Value scores, Value mask, ValueRange at);

/// The scores of one problem of a soft top-k, as `loadSoftTopKScore` gives them, shared among the threads.
class SoftTopKRow {
public:
  virtual ~SoftTopKRow() = default;

  /// Folds the scores of this thread.
  virtual SmallVector<Value> fold(ValueRange inits,
                                  function_ref<SmallVector<Value>(Value score, ValueRange carried)> body) = 0;
  /// Visits the tokens of this thread.
  virtual void visit(function_ref<void(Value i, Value score)> body) = 0;
};

/// Solves soft top-k in its scalar form (see the op's description): each iteration is one sum over the block.
/// The scalar state is f64, equal in all threads.
class SoftTopKSolver {
public:
  /// `type` is that of the scores, `inKernel` an op of the kernel or the kernel itself.
  SoftTopKSolver(BlockBuilder &b, SoftTopKOp op, FloatType type, Operation *inKernel);

  /// Calls `store` with the weight of every token. `kNorm` is f64.
  void solve(SoftTopKRow &row, Value kNorm, function_ref<void(Value i, Value weight)> store);

private:
  void storeWeights(function_ref<Value(Value score)> weight);
  void storeConstant(double value);
  Value reduce(Value value, BlockBuilder::Combine combine);
  Value sum(Value value);
  void readExtremes();
  Value logSum(Value m, Value eps);
  std::pair<Value, Value> descend();
  std::pair<Value, Value> solveExactly();
  void iterate();

  Value f64(double value) { return b.real(b.getF64Type(), value); }
  Value toF64(Value value) { return b.convertFloat(value, b.getF64Type()); }
  Value toScore(Value value) { return b.convertFloat(value, type); }
  Value valid(Value score) { return b.compare(arith::CmpFPredicate::OGT, score, minusInf); }
  Value capped(Value score, Value a);

  BlockBuilder &b;
  SoftTopKOp op;
  FloatType type;
  /// Shared memory, one element per warp of each type that is summed up.
  DenseMap<Type, Value> scratch;
  Value minusInf;
  /// Of the problem at hand.
  SoftTopKRow *row = nullptr;
  function_ref<void(Value, Value)> store;
  Value kNorm, logK, count, top, bottom;
};

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_GPU_SELECTION_H
