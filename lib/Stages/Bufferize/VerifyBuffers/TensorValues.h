#ifndef COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_TENSORVALUES_H
#define COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_TENSORVALUES_H

#include "Numbers.h"
#include "ScalarValues.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

namespace mlir::colt5 {

/// An op that the verifier has no model of.
struct Unmodelled {
  Operation *op = nullptr;
  StringRef reason;
};

/// A parallel loop, as both functions have it.
struct ParallelLoop {
  int64_t id;
  /// The terms of the induction variables, with the steps of those that take several values.
  Terms inductions;
  SmallVector<std::pair<const Term *, const Term *>> steps;
  /// What `in_parallel` inserts into; different iterations never insert into the same place.
  SmallPtrSet<const Term *, 4> boxes;

  bool runsOnce() const { return steps.empty(); }
};

/// The terms of all values of a function on tensors.
class TensorValues {
public:
  TensorValues(TermBuilder &terms, func::FuncOp func);

  LogicalResult evaluate();
  Unmodelled getUnmodelled() const { return unmodelled; }
  const Term *get(Value value) const { return values.lookup(value); }
  func::FuncOp getFunction() const { return func; }
  Operation *getOp(int64_t id) const { return ops.lookup(id); }
  Operation *getOp(Operation *numbered) const;
  const ParallelLoop &getLoop(Operation *forall) const { return loops.find(forall)->second; }
  /// The box into which an op in `in_parallel` writes.
  const Term *getTarget(Operation *scatter) const { return targets.lookup(scatter); }
  /// What an op that computes elements from their indices yields for each, or null.
  const Term *getGenerated(Operation *op) const { return generated.lookup(op); }
  ArrayRef<const Term *> getReturned() const { return returned; }
  /// Whether a scalar has one value in all iterations of `loop`, an op of this function.
  bool isInvariant(const Term *term, Operation *loop) const;
  bool isWritable(unsigned argument) const;

private:
  LogicalResult evaluate(Block &block);
  LogicalResult evaluate(Operation *op);
  LogicalResult evaluateDps(DestinationStyleOpInterface op);
  LogicalResult evaluateConcat(tensor::ConcatOp op);
  LogicalResult evaluateFromElements(tensor::FromElementsOp op);
  LogicalResult evaluateReshape(tensor::ReshapeOp op);
  LogicalResult evaluateExpand(tensor::ExpandShapeOp op);
  LogicalResult evaluateExtractSlice(tensor::ExtractSliceOp op);
  LogicalResult evaluateGenerated(Operation *op, ValueRange sizes);
  LogicalResult evaluatePad(tensor::PadOp op);
  LogicalResult evaluateForall(scf::ForallOp op);
  LogicalResult evaluateFor(scf::ForOp op);
  LogicalResult evaluateWhile(scf::WhileOp op);
  LogicalResult evaluateIf(scf::IfOp op);
  const Term *insertSlice(OffsetSizeAndStrideOpInterface op, const Term *dest, const Term *source);
  /// What a value carried through a loop is in the iteration, or after the loop.
  const Term *getCarried(Term::Kind kind, int64_t loop, int64_t index, Type type, const Term *init);
  /// Sizes of a result: the static ones of its type, the others from `like`.
  Terms getShape(Type type, const Term *like);
  LogicalResult fail(Operation *op, StringRef reason);
  void set(Value value, const Term *term) { values[value] = term; }
  auto getter() {
    return [this](Value value) { return get(value); };
  }

  TermBuilder &terms;
  func::FuncOp func;
  llvm::DenseMap<Value, const Term *> values;
  llvm::DenseMap<int64_t, Operation *> ops;
  llvm::DenseMap<Operation *, ParallelLoop> loops;
  llvm::DenseMap<Operation *, const Term *> targets;
  llvm::DenseMap<Operation *, const Term *> generated;
  Terms returned;
  Unmodelled unmodelled;
};

/// The number of an op, or -1.
int64_t getNumber(Operation *op);
/// The ops of a tensor function that the function on buffers does not compute but moves.
bool isPlainCopy(Operation *op);
/// Bounds and induction variables of a parallel loop.
ParallelLoop getParallelLoop(TermBuilder &terms, scf::ForallOp op, int64_t id, GetTerm get);

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_TENSORVALUES_H
