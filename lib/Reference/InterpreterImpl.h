#ifndef COLT5_LIB_REFERENCE_INTERPRETERIMPL_H
#define COLT5_LIB_REFERENCE_INTERPRETERIMPL_H

#include "ScalarProgram.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Reference/Composites.h"
#include "colt5/Reference/Interpreter.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::colt5::reference {

/// The values of one function call.
using Frame = llvm::DenseMap<Value, Tensor>;

/// Executes IR on tensors; one object per call of `interpret`. Scalars are rank-0 tensors. Every method that
/// fails has emitted a diagnostic.
class Interpreter {
public:
  Interpreter(ModuleOp module, const ReferenceOptions &options) : module(module), options(options) {
    unspecified.isNaN = options.unspecifiedIsNaN;
  }

  LogicalResult call(FunctionOpInterface function, SmallVector<Tensor> arguments,
                     SmallVectorImpl<Tensor> &results);

  bool errorWord = false;
  reference::Unspecified unspecified;

private:
  /// Executes a block whose arguments are bound; `yielded` receives the operands of its terminator.
  LogicalResult runBlock(Block &block, Frame &frame, SmallVectorImpl<Tensor> &yielded);
  /// Executes all ops of the block but its terminator.
  LogicalResult runBody(Block &block, Frame &frame);
  /// The region's only block, or null after a diagnostic.
  Block *getSingleBlock(Region &region);
  LogicalResult execute(Operation *op, Frame &frame);

  // One family of ops each; nullopt means "not mine".
  using Outcome = std::optional<LogicalResult>;
  Outcome runScalar(Operation *op, Frame &frame);
  Outcome runFunc(Operation *op, Frame &frame);
  Outcome runScf(Operation *op, Frame &frame);
  Outcome runTensor(Operation *op, Frame &frame);
  Outcome runSlice(Operation *op, Frame &frame);
  Outcome runLinalg(Operation *op, Frame &frame);
  Outcome runPrimitive(Operation *op, Frame &frame);
  Outcome runComposite(Operation *op, Frame &frame);

  LogicalResult runForall(scf::ForallOp op, Frame &frame);
  LogicalResult runFor(scf::ForOp op, Frame &frame);
  LogicalResult runWhile(scf::WhileOp op, Frame &frame);
  LogicalResult runKernel(KernelOp op, Frame &frame);
  LogicalResult runGenerate(tensor::GenerateOp op, Frame &frame);
  LogicalResult runPad(tensor::PadOp op, Frame &frame);
  LogicalResult runConstant(Operation *op, Attribute value, Frame &frame);
  LogicalResult runStructured(linalg::LinalgOp op, Frame &frame);
  LogicalResult runSoftmax(linalg::SoftmaxOp op, Frame &frame);
  LogicalResult runConditional(ConditionalOp op, Frame &frame);
  LogicalResult runAttention(Operation *op, Frame &frame);
  LogicalResult runTopK(TopKOp op, Frame &frame);
  LogicalResult runParallelScatter(ParallelScatterOp op, Frame &frame, Tensor &target);
  /// Executes one combining op of an `in_parallel` region; `getTarget` maps a shared output to its result.
  LogicalResult runCombining(Operation *op, Frame &frame, llvm::function_ref<Tensor &(Value)> getTarget);

  const Tensor &get(Frame &frame, Value value);
  /// Null for a null value.
  const Tensor *getOptional(Frame &frame, Value value) { return value ? &get(frame, value) : nullptr; }
  /// The value of an operand, moved out of the frame when this is its last use, so that it can be written in
  /// place.
  Tensor take(Frame &frame, OpOperand &operand);
  int64_t getIndex(Frame &frame, Value value) { return get(frame, value).ints()[0]; }
  SmallVector<int64_t> getMixed(Frame &frame, ArrayRef<OpFoldResult> values);
  SmallVector<int64_t> getIndices(Frame &frame, ValueRange values);

  /// Binds a result after checking it against the type; `rounds` applies the declared precision.
  LogicalResult set(Frame &frame, Value value, Tensor tensor, bool rounds = false);

  /// Lets a hook see or replace a selection.
  LogicalResult select(Operation *op, StringRef router, const Tensor &scores, const Tensor *mask,
                       Tensor &indices);
  CompositeContext makeContext(Operation *op);

  FailureOr<const ScalarProgram *> getBlockProgram(Block &block);
  /// Loads the captured scalars and tensors of a program.
  void loadCaptures(const ScalarProgram &program, Frame &frame, Lanes &lanes);
  LogicalResult reportFault(const Lanes &lanes);
  /// The score region as a function of rows; empty when there is none.
  FailureOr<ScoreFn> getScoreFunction(Region &region);

  Rounding getRounding() const {
    return options.precision == ReferencePrecision::Declared ? Rounding::Declared : Rounding::None;
  }

  /// Values defined in a block that no op after the key needs.
  const SmallVector<Value> &getDeadAfter(Operation *op);

  ModuleOp module;
  const ReferenceOptions &options;
  unsigned depth = 0, selections = 0;
  SymbolTableCollection symbols;
  llvm::DenseSet<Block *> analysed;
  llvm::DenseMap<Operation *, SmallVector<Value>> deadAfter;
  llvm::DenseMap<Block *, std::unique_ptr<ScalarProgram>> blockPrograms;
  llvm::DenseMap<Operation *, std::unique_ptr<ScalarProgram>> opPrograms;
  llvm::DenseMap<Operation *, Tensor> constants;
};

/// The pieces of one linalg op at run time.
struct LinalgOperands {
  SmallVector<Tensor> tensors; ///< inputs, then outputs
  SmallVector<int64_t> bounds; ///< trip counts of the loops
};

/// Runs `op` as matrix products when its body is a sum of products over projected permutations (several
/// results allowed); nothing changes when it returns false.
bool tryContraction(linalg::LinalgOp op, LinalgOperands &operands, const ReferenceOptions &options);

/// Whether the op accumulates over a loop in 16 bits: it is then computed in f32, and its results are rounded
/// at the end.
bool accumulatesInF32(linalg::LinalgOp op);

} // namespace mlir::colt5::reference

#endif // COLT5_LIB_REFERENCE_INTERPRETERIMPL_H
