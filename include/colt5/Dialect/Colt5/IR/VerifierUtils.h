#ifndef COLT5_DIALECT_COLT5_IR_VERIFIERUTILS_H
#define COLT5_DIALECT_COLT5_IR_VERIFIERUTILS_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace mlir::colt5::detail {

/// Checks the operands of one op against shapes that are written with the letters of the documentation, one
/// character per dimension: "BRN" is BxRxN. A letter is bound by its first static size; every later operand
/// must agree with it. Dynamic sizes agree with everything. 'U' prints as "Buckets", 'V' as "D2".
///
/// Every check takes the label of the constraint, fails with one error that says what was expected and what
/// was found, and passes for a null value (an absent optional operand).
class OperandVerifier {
public:
  explicit OperandVerifier(Operation *op) : op(op) {}

  /// Binds a letter to a size that no operand carries.
  void bind(char letter, int64_t size) { sizes[letter] = size; }
  /// The size of a letter, or ShapedType::kDynamic.
  int64_t getSize(char letter) const;

  /// The rank is one of `ranks`.
  LogicalResult rank(StringRef label, StringRef name, Value value, ArrayRef<int64_t> ranks) const;
  /// The shape is one of `shapes`, which differ in rank.
  LogicalResult shape(StringRef label, StringRef name, Value value, ArrayRef<StringRef> shapes);
  /// The shape is `expected`; `like` completes the sentence "expected ... to have shape ... <like>".
  LogicalResult shape(StringRef label, StringRef name, Value value, ArrayRef<int64_t> expected,
                      const Twine &like) const;
  /// The element type (or the type of a scalar) is one of `types`.
  LogicalResult elementType(StringRef label, StringRef name, Value value, ArrayRef<Type> types) const;
  /// The element type is f16, bf16, f32 or f64.
  LogicalResult floatType(StringRef label, StringRef name, Value value) const;
  /// Size `letter` is a multiple of size `divisor`, when both are static.
  LogicalResult multiple(StringRef label, char letter, char divisor) const;
  /// Every element of a constant is -1 or in [0, extent); a dynamic extent only excludes numbers below -1.
  LogicalResult indices(StringRef label, StringRef name, Value value, int64_t extent) const;
  /// The number of `outs` is in [lo, hi].
  LogicalResult numOuts(StringRef label, size_t found, size_t lo, size_t hi) const;

private:
  Operation *op;
  llvm::SmallDenseMap<char, int64_t, 8> sizes;
};

/// "2x?x768"; "no dimensions" for rank 0.
std::string formatShape(ArrayRef<int64_t> shape);

/// Whether two shapes agree; a dynamic size agrees with every size.
bool isCompatible(ArrayRef<int64_t> lhs, ArrayRef<int64_t> rhs);

/// The constraint `<op>_c0` of every structured op: no tensor stands beside a memref, and the results are the
/// tensors of `outs`.
LogicalResult verifyStructuredOp(Operation *op);

/// The part of `<op>_c12` that concerns the inside of a score region.
LogicalResult verifyScoreRegion(Operation *op);

} // namespace mlir::colt5::detail

#endif // COLT5_DIALECT_COLT5_IR_VERIFIERUTILS_H
