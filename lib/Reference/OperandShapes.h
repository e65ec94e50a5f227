#ifndef COLT5_LIB_REFERENCE_OPERANDSHAPES_H
#define COLT5_LIB_REFERENCE_OPERANDSHAPES_H

#include "InterpreterImpl.h"

namespace mlir::colt5::reference {

/// A multiple of 0 is 0.
inline bool isMultiple(int64_t size, int64_t divisor) {
  return divisor > 0 ? size % divisor == 0 : size == 0;
}

/// Checks at run time that the operands of a colt5 op fit each other: every letter of a pattern stands for
/// one extent.
class OperandShapes {
public:
  explicit OperandShapes(Operation *op) : op(op) {}

  /// Matches the shape of `tensor` (null: absent, always fits) with one of the patterns, for example {"BN",
  /// "BRN"}; the first pattern of its rank counts. `batch` leading dimensions may stand before a pattern that
  /// starts with
  /// '*'; they are compared as a whole. '1' in a pattern accepts any extent.
  OperandShapes &fit(const Tensor *tensor, StringRef name, ArrayRef<StringRef> patterns);
  OperandShapes &require(bool condition, const Twine &message);
  /// Blocks of this length (0: none) divide the N tokens, and every one of them the same share of `count`.
  OperandShapes &requireBlocks(int64_t block);
  OperandShapes &requirePerBlock(int64_t block, int64_t count, StringRef name);
  /// Extent bound to a letter.
  int64_t operator[](char letter) const { return extents.lookup(letter); }
  /// Failure after the first mismatch, which was reported.
  LogicalResult check() const { return failure(failed); }

private:
  Operation *op;
  bool failed = false;
  llvm::SmallDenseMap<char, int64_t> extents;
  std::optional<Tensor::Shape> batch;
};

} // namespace mlir::colt5::reference

#endif // COLT5_LIB_REFERENCE_OPERANDSHAPES_H
