// Who owns the memory that an op overwrites. Shared by the steps of colt5-bufferize that work on tensors.
#ifndef COLT5_LIB_STAGES_BUFFERIZE_DESTINATIONS_H
#define COLT5_LIB_STAGES_BUFFERIZE_DESTINATIONS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::colt5 {

/// A destination is an operand whose memory an op writes its result to: `outs`, the shared outputs of a
/// parallel loop, the initial value of a carried one, what slices and elements are inserted into.
bool isDestination(OpOperand &use);

/// The destination of the op that computes `result`, or null for an op without one.
OpOperand *getDestination(OpResult result);

/// True for an op whose result is memory of its operand 0: casts, reshapes and slices.
bool isView(Operation *op);

/// The value that `value` is a view of, through any number of views.
Value getViewSource(Value value);

/// Collects the operands in which `value`, or a view of it, is read or overwritten. Reads of sizes do not
/// count.
void collectUses(Value value, SmallVectorImpl<OpOperand *> &uses);

/// Whether `first` has finished, on every path that runs both, before `second` starts. Branches of one
/// `scf.if` exclude each other and count as finished.
bool happensBefore(Operation *first, Operation *second);

/// Whether nothing needs what the memory of `use` held before: it is memory of this function, defined outside
/// of no loop around the user, and every other use of it happens before.
bool isOwned(OpOperand &use);

/// A copy of `value` in `place`. A remark says why.
Value copyInto(OpBuilder &builder, Location loc, Value value, Value place, StringRef reason);

/// A copy of `value` in new memory, or new memory only when `value` is undefined. A copy leaves a remark that
/// says why.
Value createCopy(OpBuilder &builder, Location loc, Value value, StringRef reason);

/// Merges equal computations of scalars, such as sizes. Tensors stay apart: equal values may be overwritten
/// at different times.
void mergeEqualScalars(func::FuncOp func);

/// Makes every destination of `func` owned, with copies where needed, and gives the results of `scf.if` and
/// of loops one place that every path writes to. Afterwards any order of writes that keeps SSA dominance is
/// right. Fails after a diagnostic.
class DestinationOwner {
public:
  explicit DestinationOwner(func::FuncOp func) : func(func) {}
  LogicalResult run();

  /// Makes the chain of destinations that ends in `value` start from `place`, so that the ops of `block`
  /// compute `value` there. Fails when the chain does not start from undefined memory in that block, or
  /// `canStart` refuses its first op.
  LogicalResult computeIn(Value value, Value place, Block *block,
                          function_ref<bool(Operation *)> canStart = nullptr);

private:
  LogicalResult visit(Block &block);
  void own(OpOperand &use);
  void ownOutside(Operation *op);
  void detachInserts(Operation *forall);
  LogicalResult settleBranches(Operation *ifOp);
  LogicalResult settle(Operation *op);
  LogicalResult settleYields(ValueRange inits, ValueRange places, Operation *end,
                             MutableArrayRef<OpOperand> yielded);
  LogicalResult settleWhile(Operation *whileOp);

  func::FuncOp func;
  /// Results of `scf.if` that both branches write to one place, which is undefined before.
  DenseMap<Value, Value> places;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_DESTINATIONS_H
