#ifndef COLT5_LIB_REFERENCE_SCALARPROGRAM_H
#define COLT5_LIB_REFERENCE_SCALARPROGRAM_H

#include "colt5/Reference/Interpreter.h"
#include "mlir/IR/Operation.h"

/// Scalar code compiled once and run over blocks of elements, so that no IR is traversed per element.
namespace mlir::colt5::reference {

class Lanes;
struct Instruction;
/// Executes one instruction on all lanes.
using Kernel = void (*)(const Instruction &, Lanes &);

/// A register: one bank holds doubles, the other integers.
struct Register {
  ElementKind kind = ElementKind::F64;
  unsigned slot = 0;
  bool isFloat() const { return isFloatKind(kind); }
};

struct Instruction {
  Kernel kernel = nullptr;
  Register result;
  SmallVector<Register, 3> operands;
  /// Immediate operands: constant, comparison predicate, affine map, number of a captured tensor.
  int64_t integer = 0;
  double number = 0.0;
  AffineMap map;
  /// The type that the result is rounded to; f64 means none.
  ElementKind rounding = ElementKind::F64;
  Operation *op = nullptr;
};

/// The register file of one thread.
class Lanes {
public:
  /// Largest number of elements processed at once.
  static constexpr int64_t kWidth = 256;

  Lanes(unsigned numFloats, unsigned numInts, int64_t width)
      : count(width), width(width), floatBank(numFloats * width), intBank(numInts * width) {}
  double *floats(Register r) { return floatBank.data() + r.slot * width; }
  int64_t *ints(Register r) { return intBank.data() + r.slot * width; }

  /// Number of lanes in use, at most the width.
  int64_t count;
  /// What went wrong ("division by zero") and where; null while all is well.
  const char *fault = nullptr;
  Operation *faultOp = nullptr;
  /// Tensors the program reads by index, in the order of `ScalarProgram::tensors`.
  SmallVector<const Tensor *> tensors;

private:
  int64_t width;
  std::vector<double> floatBank;
  std::vector<int64_t> intBank;
};

struct ScalarProgram {
  SmallVector<Instruction> instructions;
  unsigned numFloats = 0, numInts = 0;
  /// Registers of the block arguments (or of the operands of a single op) and of the yielded values.
  SmallVector<Register> arguments, results;
  /// Scalars and tensors from outside.
  SmallVector<std::pair<Value, Register>> captures;
  SmallVector<Value> tensors;
  /// Registers that hold `linalg.index` of a loop.
  SmallVector<std::pair<int64_t, Register>> indices;

  Lanes makeLanes(int64_t width = Lanes::kWidth) const { return Lanes(numFloats, numInts, width); }
  /// Runs all instructions on `lanes.count` lanes; stops at a fault.
  void run(Lanes &lanes) const;
};

/// Compiles the block; its results are the operands of its terminator. With `inF32` what is declared in 16
/// bits is computed in f32. Emits an error for what it cannot express.
FailureOr<ScalarProgram> compileBlock(Block &block, ReferencePrecision precision, bool inF32);

/// Compiles one scalar op whose operands become the arguments. Operand and result types may be tensors: the
/// program then describes one element. Fails without a diagnostic when there is no kernel for the op.
FailureOr<ScalarProgram> compileOp(Operation *op, ReferencePrecision precision);

/// Picks the kernel of an op and sets the immediates of `instruction`; null when there is none.
Kernel findArithKernel(Operation *op, Instruction &instruction);
Kernel findMathKernel(Operation *op, Instruction &instruction);

} // namespace mlir::colt5::reference

#endif // COLT5_LIB_REFERENCE_SCALARPROGRAM_H
