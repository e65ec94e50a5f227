// What the generators of op families build programs with.
#ifndef COLT5_TEST_LIB_FUZZ_BUILDER_H
#define COLT5_TEST_LIB_FUZZ_BUILDER_H

#include "Program.h"
#include "Random.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <optional>

namespace mlir::colt5::fuzz {

class Builder {
public:
  explicit Builder(uint64_t seed);

  Program program;
  Random random;
  /// The floating-point type of most values, and that of scores that go with it.
  ElementKind data, score;

  const Value &operator[](ValueId id) const { return program.values[id]; }
  Value &operator[](ValueId id) { return program.values[id]; }

  // Sizes.

  /// One of the program's sizes, now and then a new one, at most `limit`.
  Size size(int64_t limit = 129);
  /// A size below 9, for dimensions of which there are several.
  Size smallSize() { return size(8); }
  Size newSize(int64_t value);
  Size fixed(int64_t value);
  Size derive(SizeRule::How how, Size a, Size b);
  int64_t get(Size size) const { return program.get(size); }
  /// Elements of a tensor with these sizes.
  int64_t count(llvm::ArrayRef<Size> dims) const;
  bool fits(llvm::ArrayRef<Size> dims) const { return count(dims) <= 6000; }

  // Values.

  /// A type whose dimensions are each static or dynamic as drawn.
  ValueType tensor(ElementKind element, llvm::ArrayRef<Size> dims);
  ValueType scalar(ElementKind element);
  ValueType index();

  /// A visible value that `accepts`; later ones are likelier.
  std::optional<ValueId> find(llvm::function_ref<bool(const Value &)> accepts);
  /// A visible tensor of these elements and sizes.
  std::optional<ValueId> find(ElementKind element, llvm::ArrayRef<Size> dims);
  /// A visible tensor of this very type.
  std::optional<ValueId> findExactly(const ValueType &type);
  ValueId argument(const ValueType &type, Data data);
  /// An argument of floats, whole numbers or not, of integers, or a mask.
  ValueId argument(ElementKind element, llvm::ArrayRef<Size> dims);
  /// A tensor of these elements and sizes: a visible one, or an argument.
  ValueId get(ElementKind element, llvm::ArrayRef<Size> dims);
  /// The same with whole numbers up to `limit` only, so that what is computed from it has no rounding.
  ValueId getExact(ElementKind element, llvm::ArrayRef<Size> dims, int64_t limit = 16);
  /// A floating-point tensor, of any rank in [low, high].
  ValueId getFloats(unsigned low = 0, unsigned high = 4);
  ValueId mask(llvm::ArrayRef<Size> dims);
  ValueId prefixMask(llvm::ArrayRef<Size> dims);
  /// Numbers of rows of a tensor whose rows are counted by `range`.
  ValueId rows(llvm::ArrayRef<Size> dims, Size range);

  // Ops.

  /// Appends an op; returns the number of its first result, the others follow.
  ValueId emit(std::string text, std::vector<ValueId> operands, llvm::ArrayRef<ValueType> results,
               std::vector<Block> regions = {});
  /// What an op may write its result to: nothing, a value that is needed or not, an argument, a constant.
  ValueId dest(ElementKind element, llvm::ArrayRef<Size> dims) { return dest(tensor(element, dims)); }
  /// The same where the op says which dimensions of `outs` are static.
  ValueId destLike(const ValueType &type) { return castTo(dest(type), type); }
  ValueId empty(const ValueType &type);
  /// Filled with `value`; dimensions may be others than those of `type`.
  ValueId filled(const ValueType &type, double value);
  ValueId constant(ElementKind element, double value);
  /// An index value that is the number `size`.
  ValueId indexOf(Size size);
  ValueId indexConstant(int64_t value);
  /// `value` with other dimensions static.
  ValueId cast(ValueId value);
  /// `value` as a tensor of exactly this type.
  ValueId castTo(ValueId value, const ValueType &type);

  /// Builds a region: what `build` emits goes into it and is visible only there.
  Block region(llvm::ArrayRef<ValueId> arguments, llvm::function_ref<std::vector<ValueId>()> build,
               std::string terminator = "scf.yield");
  ValueId addValue(const ValueType &type);
  unsigned getDepth() const { return blocks.size() - 1; }
  llvm::ArrayRef<ValueId> getVisible() const { return visible; }

  /// Sets what is known about the elements of a value; `exact` is kept where the type holds such numbers.
  void describe(ValueId id, double magnitude, int64_t exact = -1, bool special = false);
  /// The same of a value whose elements are elements of `x` or `y`.
  void describeEither(ValueId id, const Value &x, const Value &y);
  /// The largest whole number for which sums are exact in this type.
  static int64_t exactLimit(ElementKind element);
  /// A bound on what a value of this type may grow to.
  static double largest(ElementKind element);

  /// Random choice of results, which ends the program.
  void finish();

  /// Values that were written over through `outs`.
  std::vector<ValueId> overwritten;

private:
  ValueId dest(const ValueType &type);

  std::vector<Block *> blocks;
  std::vector<ValueId> visible;
  std::vector<Size> pool;
  double staticChance;
};

/// The type in which scores and sums of `element` are kept.
inline ElementKind scoreOf(ElementKind element) {
  return element == ElementKind::F64 ? ElementKind::F64 : ElementKind::F32;
}

// A family of ops each: they emit one op, and what it needs. False when nothing fits.
bool addElementwise(Builder &builder);
bool addGeneric(Builder &builder);
bool addConversion(Builder &builder);
bool addContraction(Builder &builder);
bool addReduction(Builder &builder);
bool addReshape(Builder &builder);
bool addSlice(Builder &builder);
bool addMovement(Builder &builder);
bool addRouting(Builder &builder);
bool addSelection(Builder &builder);
bool addGather(Builder &builder);
bool addScatter(Builder &builder);
bool addBlockSummary(Builder &builder);
bool addNorm(Builder &builder);
bool addRope(Builder &builder);
bool addAttention(Builder &builder);
bool addOnlineAttention(Builder &builder);
bool addFfn(Builder &builder);
bool addConditional(Builder &builder);
bool addConditionalFfn(Builder &builder);
bool addConditionalAttention(Builder &builder);
bool addControl(Builder &builder);

/// One op of a random family; false when nothing fits.
bool addOp(Builder &builder);
/// The program of a seed.
Program generate(uint64_t seed);

} // namespace mlir::colt5::fuzz

#endif // COLT5_TEST_LIB_FUZZ_BUILDER_H
