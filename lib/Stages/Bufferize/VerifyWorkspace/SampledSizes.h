#ifndef COLT5_LIB_STAGES_BUFFERIZE_VERIFYWORKSPACE_SAMPLEDSIZES_H
#define COLT5_LIB_STAGES_BUFFERIZE_VERIFYWORKSPACE_SAMPLEDSIZES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"
#include <optional>

namespace mlir::colt5 {

/// Computes indices of a function for one choice of its sizes and scalars. Values that no input decides, the
/// iteration of a loop, the thread, what is read from memory, are chosen too.
class SampledSizes {
public:
  /// `sample` chooses the numbers. The thread is one of `numThreads`, where 0 means one per iteration of a
  /// kernel; `lastThread` takes the last one.
  SampledSizes(func::FuncOp entry, unsigned sample, int64_t numThreads, bool lastThread)
      : entry(entry), sample(sample), numThreads(numThreads), lastThread(lastThread) {}

  /// The value of an index or integer in the entry, or nothing when it cannot be computed or overflows.
  std::optional<int64_t> get(Value value) { return get(value, nullptr); }
  /// What a private function on the entry's inputs, followed by `more`, returns as its result `result`.
  std::optional<int64_t> call(func::FuncOp callee, ArrayRef<int64_t> more, unsigned result);
  /// Whether anything was chosen, so that another sample may give another result.
  bool isSampled() const { return hasChoice; }

private:
  struct Frame;

public:
  /// How often a parallel loop runs.
  std::optional<int64_t> countIterations(Operation *forall, Frame *frame = nullptr);

private:
  struct Frame {
    func::FuncOp func;
    ArrayRef<int64_t> more;
    llvm::DenseMap<Value, std::optional<int64_t>> known;
  };
  std::optional<int64_t> get(Value value, Frame *frame);
  std::optional<int64_t> compute(Value value, Frame *frame);
  std::optional<int64_t> computeArgument(BlockArgument arg, Frame *frame);
  std::optional<int64_t> computeOp(OpResult result, Frame *frame);
  std::optional<int64_t> computeArith(Operation *op, Frame *frame);
  std::optional<int64_t> computeDim(Value shaped, int64_t dim, Frame *frame);
  std::optional<int64_t> computeDimOfView(Operation *def, ShapedType type, int64_t dim, Frame *frame);
  std::optional<int64_t> computeThread(Operation *op, Frame *frame);
  /// A number for something that nothing decides, the same for the same key.
  int64_t choose(llvm::StringRef key, int64_t smallest);
  /// The name of a size of an input, or of a scalar.
  std::string getKey(unsigned argument, int64_t dim);

  func::FuncOp entry;
  unsigned sample;
  int64_t numThreads;
  bool lastThread, hasChoice = false;
  llvm::DenseMap<Value, std::optional<int64_t>> known;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_VERIFYWORKSPACE_SAMPLEDSIZES_H
