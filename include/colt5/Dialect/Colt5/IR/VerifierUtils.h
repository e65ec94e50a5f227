#ifndef COLT5_DIALECT_COLT5_IR_VERIFIERUTILS_H
#define COLT5_DIALECT_COLT5_IR_VERIFIERUTILS_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Operation.h"
#include <limits>
#include <string>

namespace mlir::colt5::detail {

/// The largest position or row that i32 holds.
inline constexpr int64_t kMaxPosition = std::numeric_limits<int32_t>::max();

/// Dimension `dim` of a shaped value; with dim -1 the value of a scalar; without a value the number `dim`.
struct SizeRef {
  Value value;
  int64_t dim = ShapedType::kDynamic;

  static SizeRef number(int64_t size) { return {Value(), size}; }
  /// False for a size that nothing has.
  explicit operator bool() const { return value || !ShapedType::isDynamic(dim); }
  int64_t getStatic() const {
    if (!value)
      return dim;
    return dim < 0 ? ShapedType::kDynamic : cast<ShapedType>(value.getType()).getDimSize(dim);
  }
};

/// Every dimension of `value`.
SmallVector<SizeRef> getSizeRefs(Value value);

/// What a size has to be, but for equal to another one. The other side is `other` divided by `divisor`,
/// rounded down; without `other` it is `divisor`.
struct SizeRule {
  enum Kind {
    OneOr,    ///< 1 or equal to the other side
    Equal,    ///< equal to the other side
    Multiple, ///< a multiple of the other side, 0 if that is 0
    AtLeast,  ///< not less than the other side
    AtMost    ///< not greater than the other side
  };
  /// The constraint, what the size is called, and what the other side is: "topk_c6", "K", "the number of full
  /// blocks".
  std::string label, name, side;
  Kind kind;
  SizeRef size, other;
  int64_t divisor = 1;

  /// Whether these sizes obey the rule; a dynamic size obeys every one.
  bool holds(int64_t size, int64_t other) const;
  /// "topk_c6: expected K to be a multiple of 4, the number of full blocks, found 3"
  InFlightDiagnostic emitError(Operation *op, int64_t size, int64_t other) const;

private:
  int64_t getSide(int64_t otherSize) const { return other ? otherSize / divisor : divisor; }
};

/// Is told what has to hold for sizes when an op runs.
struct SizeObserver {
  virtual ~SizeObserver() = default;
  virtual void observeEqual(SizeRef a, SizeRef b) = 0;
  virtual void observeExact(SizeRef ref, int64_t size) = 0;
  virtual void observeRule(const SizeRule &rule) = 0;
  /// The scalar is a number of things, never negative.
  virtual void observeCount(Value scalar) = 0;
};

/// Checks the operands of one op against shapes that are written with the letters of the documentation, one
/// character per dimension: "BRN" is BxRxN. A letter is bound by its first static size; every later operand
/// must agree with it. Dynamic sizes agree with everything. 'U' prints as "Buckets", 'V' as "D2".
///
/// Every check takes the label of the constraint, fails with one error that says what was expected and what
/// was found, and passes for a null value (an absent optional operand).
class OperandVerifier {
public:
  explicit OperandVerifier(Operation *op, SizeObserver *observer = nullptr) : op(op), observer(observer) {}

  /// Binds a letter to a size that no operand carries.
  void bind(char letter, int64_t size) { letters[letter].size = size; }
  void bind(char letter, SizeRef place) { letters[letter] = {place.getStatic(), place}; }
  /// Only tells the observer.
  void same(SizeRef a, SizeRef b);
  void same(ArrayRef<SizeRef> a, ArrayRef<SizeRef> b);
  void count(Value scalar);
  /// The rule holds, as far as sizes are static.
  LogicalResult rule(const SizeRule &rule);
  /// The first dimension that has the letter; no size if none has.
  SizeRef getPlace(char letter) const { return letters.lookup(letter).place; }
  /// The size of a letter, or ShapedType::kDynamic.
  int64_t getSize(char letter) const;

  /// The rank is one of `ranks`.
  LogicalResult rank(StringRef label, StringRef name, Value value, ArrayRef<int64_t> ranks) const;
  /// The shape is one of `shapes`, which differ in rank.
  LogicalResult shape(StringRef label, StringRef name, Value value, ArrayRef<StringRef> shapes);
  /// The shape has the sizes `expected`; `like` completes the sentence "expected ... to have shape ...
  /// <like>".
  LogicalResult shape(StringRef label, StringRef name, Value value, ArrayRef<SizeRef> expected,
                      const Twine &like);
  /// The element type (or the type of a scalar) is one of `types`.
  LogicalResult elementType(StringRef label, StringRef name, Value value, ArrayRef<Type> types) const;
  /// The element type is f16, bf16, f32 or f64.
  LogicalResult floatType(StringRef label, StringRef name, Value value) const;
  /// Size `letter` is a multiple of size `divisor`.
  LogicalResult multiple(StringRef label, char letter, char divisor);
  /// Size `letter` is at most 2^31 - 1, so that an i32 names each of its elements; also when the op runs.
  LogicalResult named(StringRef label, char letter);
  /// The same of one dimension.
  LogicalResult named(StringRef label, SizeRef place);
  /// A block, when given, is not empty, and the N tokens have at least one full block.
  LogicalResult blocks(StringRef label, std::optional<int64_t> block);
  /// The count is a multiple of the number of full blocks of the N tokens.
  LogicalResult perBlock(StringRef label, StringRef name, SizeRef count, std::optional<int64_t> block);
  /// Every element of a constant is -1 or in [0, extent); a dynamic extent only excludes numbers below -1.
  LogicalResult indices(StringRef label, StringRef name, Value value, int64_t extent) const;
  /// The number of `outs` is in [lo, hi].
  LogicalResult numOuts(StringRef label, size_t found, size_t lo, size_t hi) const;

private:
  struct Letter {
    int64_t size = ShapedType::kDynamic;
    /// Where it was seen first; no size if no operand carries it.
    SizeRef place;
  };

  /// `place`, of static size `size` or dynamic, is another dimension called `letter`.
  void connect(Letter &letter, SizeRef place, int64_t size);

  Operation *op;
  SizeObserver *observer;
  llvm::SmallDenseMap<char, Letter, 8> letters;
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
