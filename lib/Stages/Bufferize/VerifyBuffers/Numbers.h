#ifndef COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_NUMBERS_H
#define COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_NUMBERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlir::colt5 {

/// Name of the function on tensors beside `name`.
std::string getValuesName(StringRef name);

/// The functions on tensors from before bufferization, and the numbers by which the ops made from theirs are
/// known. While tensors become buffers a number stands in the location of an op: ops made from it keep it,
/// and no rewrite looks at it.
class NumberedFunctions {
public:
  /// Numbers the ops of all functions and keeps copies of them.
  void record(ModuleOp module);
  /// With `compare`, compares the functions with what became of them; `numUnmodelled` counts functions that
  /// could not be compared. With `keepValues` the copies and the numbers stay in the module, for
  /// `colt5-verify-buffers`.
  LogicalResult verify(ModuleOp module, bool compare, bool keepValues, int64_t &numUnmodelled);

private:
  SmallVector<OwningOpRef<func::FuncOp>> originals;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_NUMBERS_H
