// The results of a public function as arguments.
#ifndef COLT5_LIB_STAGES_BUFFERIZE_OUTPUTARGUMENTS_H
#define COLT5_LIB_STAGES_BUFFERIZE_OUTPUTARGUMENTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::colt5 {
class DestinationOwner;

/// Turns the results of one public function into output arguments, in two steps.
class OutputArguments {
public:
  explicit OutputArguments(func::FuncOp func) : func(func) {}

  /// Adds an argument per result. Where the computation of a result starts from undefined memory, it starts
  /// from the argument instead.
  LogicalResult add(DestinationOwner &owner);
  /// Writes every result to its argument and returns nothing. A result that is computed there needs no copy.
  void writeResults();

private:
  func::FuncOp func;
  SmallVector<Value> buffers;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_OUTPUTARGUMENTS_H
