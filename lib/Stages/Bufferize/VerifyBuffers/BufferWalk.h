#ifndef COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_BUFFERWALK_H
#define COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_BUFFERWALK_H

#include "Memory.h"
#include "ParallelAccesses.h"
#include "TensorValues.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::colt5 {

/// Runs a function on buffers in the order of its ops, on terms, and compares what each op finds in memory
/// with what the op on tensors with its number has as operands.
class BufferWalk {
public:
  BufferWalk(TermBuilder &terms, const TensorValues &values, func::FuncOp func);

  LogicalResult run();
  Unmodelled getUnmodelled() const { return unmodelled; }
  bool hasErrors() const { return numErrors > 0; }

private:
  // BufferWalk.cpp
  void addArguments();
  LogicalResult walk(Block &block);
  LogicalResult visit(Operation *op);
  LogicalResult visitView(Operation *op);
  LogicalResult visitAlloc(memref::AllocOp op);
  LogicalResult visitGlobal(memref::GetGlobalOp op);
  LogicalResult visitLoad(memref::LoadOp op);
  LogicalResult visitScalar(Operation *op);
  void visitCopy(Operation *op, Value source, Value target);
  LogicalResult visitReturn(func::ReturnOp op);
  /// Shape of the memory at `value`.
  Terms getShape(Value value);
  Terms getShape(const Place &place);
  const Term *get(Value value) { return scalars.lookup(value); }
  auto getter() {
    return [this](Value value) { return get(value); };
  }

  // CheckOperands.cpp
  LogicalResult visitStructured(DestinationStyleOpInterface op);
  /// An op that computes elements from their indices, in the form that it has on buffers.
  bool visitGenerated(linalg::MapOp op, Operation *tensors);
  /// The operand of `tensors` with the role of operand `index` of `op`, which was made from it.
  Value getCounterpart(Operation *op, Operation *tensors, unsigned index);
  void checkOperand(OpOperand &operand, Operation *tensors, bool isRead);
  void checkOverlaps(DestinationStyleOpInterface op, Operation *tensors);
  /// Checks the buffers that the payload of an op reads elements of; returns what they hold.
  DenseMap<Value, const Term *> checkPayloadReads(Operation *op, Operation *tensors);
  bool isSameWork(Operation *op, Operation *tensors);

  // WalkRegions.cpp
  LogicalResult visitForall(scf::ForallOp op);
  LogicalResult visitFor(scf::ForOp op);
  LogicalResult visitWhile(scf::WhileOp op);
  LogicalResult visitIf(scf::IfOp op);
  void leaveForall(ParallelAccesses &accesses, const ParallelLoop &loop, ArrayRef<Place> written,
                   const Memory &before);
  /// Places outside of `loop` that its body writes to, a place within another one left out.
  FailureOr<SmallVector<Place>> getWritten(Operation *loop);
  /// Forgets what the body of a loop writes.
  void forget(Operation *loop, ArrayRef<Place> written);
  /// What a loop carries holds the terms of its counterpart.
  void bindCarried(ValueRange found, ValueRange expected);
  void checkCarried(Operation *end, ValueRange found, ValueRange expected, StringRef what);

  // Reports.
  LogicalResult fail(Operation *op, StringRef reason);
  InFlightDiagnostic error(Operation *op);
  /// Reports that `place` does not hold `expected`, the term of `value`.
  void reportContent(Operation *op, const Twine &what, const Place &place, Value value);
  const Term *read(Operation *op, const Place &place, Operation *scatter = nullptr);
  void write(Operation *op, const Place &place, const Term *part, Operation *scatter = nullptr);

  TermBuilder &terms;
  const TensorValues &values;
  func::FuncOp func;
  Refinement refinement;
  Memory memory;
  llvm::DenseMap<Value, const Term *> scalars;
  llvm::DenseMap<Value, Place> places;
  llvm::DenseMap<Attribute, Value> globals;
  SmallVector<ParallelAccesses *> parallel;
  llvm::SmallDenseSet<Value> readOnly;
  Unmodelled unmodelled;
  int64_t numErrors = 0, numForgotten = 0;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_BUFFERWALK_H
