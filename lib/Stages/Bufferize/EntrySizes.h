#ifndef COLT5_LIB_STAGES_BUFFERIZE_ENTRYSIZES_H
#define COLT5_LIB_STAGES_BUFFERIZE_ENTRYSIZES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

namespace mlir::colt5 {

/// Index values of a function recomputed at its entry, where the workspace is laid out. Everything is built
/// before the function's own operations and depends on its arguments only.
class EntrySizes {
public:
  explicit EntrySizes(func::FuncOp func);

  /// The value `value` has, computed at the entry; fails when it depends on more than arguments.
  FailureOr<OpFoldResult> getExact(Value value);
  /// A value at the entry that `value` never exceeds. With `preferConstant` a constant is taken even where
  /// the exact value is known at the entry.
  FailureOr<OpFoldResult> getUpperBound(Value value, bool preferConstant);

  /// Builder positioned after what was computed so far.
  OpBuilder &getBuilder() { return builder; }
  Location getLoc() { return func.getLoc(); }
  Value materialize(OpFoldResult value);

private:
  FailureOr<OpFoldResult> getDim(Value shaped, int64_t dim);
  bool isArgument(Value value) const;

  func::FuncOp func;
  OpBuilder builder;
  DenseMap<Value, OpFoldResult> known;
  DenseMap<std::pair<Value, int64_t>, OpFoldResult> knownDims;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_ENTRYSIZES_H
