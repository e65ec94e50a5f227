// A random program: typed values and ops from which text is printed, and which can be made smaller.
#ifndef COLT5_TEST_LIB_FUZZ_PROGRAM_H
#define COLT5_TEST_LIB_FUZZ_PROGRAM_H

#include "colt5/Support/HostTensor.h"
#include "llvm/ADT/SmallVector.h"
#include <string>
#include <vector>

namespace mlir::colt5::fuzz {

using driver::HostTensor;

/// Number of a size in `Program::sizes`, of a value in `Program::values`.
using Size = int;
using ValueId = int;

/// A size of the program, free or computed from sizes before it, so that smaller ones stay consistent.
struct SizeRule {
  enum How { Free, Fixed, Product, Sum, Difference, Quotient };
  How how = Free;
  int64_t value = 0;
  Size a = -1, b = -1;
};

/// A scalar, or a tensor whose dimensions are sizes that its type shows or not.
struct ValueType {
  ElementKind element = ElementKind::F32;
  bool isIndex = false, isTensor = true;
  llvm::SmallVector<Size> dims;
  llvm::SmallVector<bool> dynamic;

  bool isFloat() const { return isFloatKind(element) && !isIndex; }
  /// Whether it is a tensor of these elements and sizes, which its type shows or not.
  bool is(ElementKind kind, llvm::ArrayRef<Size> sizes) const {
    return isTensor && element == kind && llvm::ArrayRef<Size>(dims) == sizes;
  }
  size_t rank() const { return dims.size(); }
};

/// What an argument holds.
struct Data {
  enum Kind {
    Normal,   ///< floats of scale `scale`
    Integers, ///< in [low, high]
    Mask,     ///< ones with probability `scale`
    Prefix,   ///< rows of ones, then zeros
    Rows,     ///< numbers of rows in [0, size `range`), and -1
    Special,  ///< normal, with NaN, infinities and zeros in between
    SizeOf,   ///< a scalar, the size `range`
  };
  Kind kind = Normal;
  double scale = 1.0;
  int64_t low = 0, high = 0;
  Size range = -1;
  bool unique = false, sorted = false, withNone = false, withBad = false;
  uint64_t seed = 0;
};

struct Value {
  ValueType type;
  /// Of arguments only.
  Data data;
  /// Largest absolute value of elements that are whole numbers, computed without rounding; -1: others.
  int64_t exact = -1;
  /// Estimate of the largest absolute value.
  double magnitude = 1.0;
  /// Rows of which size this value numbers, -1: not numbers of rows.
  Size rowsOf = -1;
  bool unique = false, sorted = false;
  /// Some elements may be NaN or infinite.
  bool special = false;
};

struct Op;
struct Block {
  std::vector<ValueId> arguments;
  std::vector<Op> ops;
  std::vector<ValueId> yields;
  /// What comes before the yields, or the text of an op whose operands they are.
  std::string terminator = "scf.yield";
};

/// One op as text in which $N is operand N, #N its type, @N the type of result N, ~N~ the value of size N,
/// !N the content of region N and &N.M the name of its argument M.
struct Op {
  std::string text;
  std::vector<ValueId> operands, results;
  std::vector<Block> regions;
};

struct Program {
  std::vector<SizeRule> sizes;
  std::vector<Value> values;
  /// Body of the function @f; its yields are the results.
  Block body;

  int64_t get(Size size) const { return sizes[size].value; }
  /// Computes the sizes that others lead to.
  void updateSizes();
  int64_t count(const ValueType &type) const;
  std::string print() const;
  std::string printType(const ValueType &type) const;
  /// What the arguments hold.
  std::vector<HostTensor> makeInputs() const;
  HostTensor makeInput(const Value &value) const;
  /// Drops ops whose results nobody uses, and arguments too.
  void removeDead();
  /// Takes wrong numbers of rows out of arguments that only lead to sizes: whether a backend runs such an op
  /// is open.
  void dropUnseenErrors();
};

/// Ops of a block and of the regions in it.
size_t countOps(const Block &block);

} // namespace mlir::colt5::fuzz

#endif // COLT5_TEST_LIB_FUZZ_PROGRAM_H
