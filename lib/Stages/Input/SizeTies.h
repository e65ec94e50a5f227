#ifndef COLT5_LIB_STAGES_INPUT_SIZETIES_H
#define COLT5_LIB_STAGES_INPUT_SIZETIES_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::colt5 {

/// Which sizes have to be equal when a function runs: dimensions of tensors and values of scalars fall into
/// classes. Two sizes are in one class when an op that always runs needs them equal, or when both are
/// computed in the same way. Regions that may not run (`scf.if`, `scf.while`) and calls
/// contribute nothing.
class SizeTies {
public:
  /// Fails when no sizes suit an op: two different static ones that it needs to be equal, or a rule that the
  /// static ones break.
  static FailureOr<SizeTies> compute(func::FuncOp func);

  /// The classes of the dimensions of an argument or of what is returned, or of a scalar.
  SmallVector<unsigned> getArgument(unsigned index) const { return arguments[index]; }
  SmallVector<unsigned> getResult(unsigned index) const { return results[index]; }
  /// The size that every member of the class must have.
  std::optional<int64_t> getConstant(unsigned classId) const { return constants[classId]; }
  /// A size that the body of the function computes: a scalar (dim -1), or a dimension of what an op makes
  /// from others, such as the product of a reshape.
  struct Computed {
    Value value;
    int64_t dim;
    unsigned classId;
  };
  ArrayRef<Computed> getComputed() const { return computed; }
  /// What else has to hold for `op`; the sizes are classes.
  struct Rule {
    detail::SizeRule rule;
    Operation *op;
    unsigned size;
    std::optional<unsigned> other;
  };
  ArrayRef<Rule> getRules() const { return rules; }
  /// The scalar argument is a number of things, or equal to a size.
  bool isSize(unsigned scalarArgument) const { return sizeScalars.contains(scalarArgument); }

private:
  friend class SizeTiesBuilder;
  SmallVector<SmallVector<unsigned>> arguments, results;
  SmallVector<std::optional<int64_t>> constants;
  SmallVector<Computed> computed;
  SmallVector<Rule> rules;
  llvm::SmallDenseSet<unsigned> sizeScalars;
};

/// Makes `copy`, a copy of `func` without calls that `ties` was computed from, the companion that returns
/// pairs of sizes which have to be equal, for sizes that the function computes from others. Erases it where
/// names say everything.
LogicalResult emitSizeChecks(func::FuncOp func, func::FuncOp copy, const SizeTies &ties);

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_INPUT_SIZETIES_H
