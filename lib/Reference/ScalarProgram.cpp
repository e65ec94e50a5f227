#include "ScalarProgram.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

void ScalarProgram::run(Lanes &lanes) const {
  for (const Instruction &instruction : instructions) {
    instruction.kernel(instruction, lanes);
    if (lanes.fault) {
      lanes.faultOp = instruction.op;
      return;
    }
    if (instruction.rounding == ElementKind::F64)
      continue;
    double *result = lanes.floats(instruction.result);
    for (int64_t i = 0; i < lanes.count; ++i)
      result[i] = roundTo(result[i], instruction.rounding);
  }
}

static void runConstant(const Instruction &in, Lanes &lanes) {
  if (in.result.isFloat())
    std::fill_n(lanes.floats(in.result), lanes.count, in.number);
  else
    std::fill_n(lanes.ints(in.result), lanes.count, in.integer);
}

/// Evaluates result `which` of the affine map on the operands of one lane.
static std::optional<int64_t> evaluateAffine(const Instruction &in, Lanes &lanes, int64_t lane,
                                             unsigned which) {
  SmallVector<Attribute> inputs, outputs;
  Builder builder(in.map.getContext());
  for (Register operand : in.operands)
    inputs.push_back(builder.getIndexAttr(lanes.ints(operand)[lane]));
  if (failed(in.map.constantFold(inputs, outputs)) || !isa<IntegerAttr>(outputs[which]))
    return std::nullopt;
  return cast<IntegerAttr>(outputs[which]).getInt();
}

/// affine.apply, affine.min and affine.max; the immediate is 0, -1 or 1.
static void runAffine(const Instruction &in, Lanes &lanes) {
  int64_t *result = lanes.ints(in.result);
  for (int64_t lane = 0; lane < lanes.count; ++lane)
    for (unsigned which = 0; which < in.map.getNumResults(); ++which) {
      std::optional<int64_t> value = evaluateAffine(in, lanes, lane, which);
      if (!value) {
        lanes.fault = "the affine map divides by zero";
        return;
      }
      if (which == 0)
        result[lane] = *value;
      else
        result[lane] = in.integer < 0 ? std::min(result[lane], *value) : std::max(result[lane], *value);
    }
}

static void runExtract(const Instruction &in, Lanes &lanes) {
  const Tensor &source = *lanes.tensors[in.integer];
  for (int64_t lane = 0; lane < lanes.count; ++lane) {
    int64_t linear = 0;
    for (auto [d, operand] : llvm::enumerate(in.operands)) {
      int64_t index = lanes.ints(operand)[lane];
      if (index < 0 || index >= source.getDim(d)) {
        lanes.fault = "an index of tensor.extract is out of bounds";
        return;
      }
      linear = linear * source.getDim(d) + index;
    }
    if (in.result.isFloat())
      lanes.floats(in.result)[lane] = source.floats()[linear];
    else
      lanes.ints(in.result)[lane] = source.ints()[linear];
  }
}

static void runDim(const Instruction &in, Lanes &lanes) {
  const Tensor &source = *lanes.tensors[in.integer];
  for (int64_t lane = 0; lane < lanes.count; ++lane) {
    int64_t d = lanes.ints(in.operands[0])[lane];
    if (d < 0 || d >= source.getRank()) {
      lanes.fault = "the dimension of tensor.dim is out of bounds";
      return;
    }
    lanes.ints(in.result)[lane] = source.getDim(d);
  }
}

static void runCopy(const Instruction &in, Lanes &lanes) {
  if (in.result.isFloat())
    std::copy_n(lanes.floats(in.operands[0]), lanes.count, lanes.floats(in.result));
  else
    std::copy_n(lanes.ints(in.operands[0]), lanes.count, lanes.ints(in.result));
}

namespace {
/// Translates ops one by one; registers are assigned in the order of appearance and never reused.
class ProgramBuilder {
public:
  ProgramBuilder(ReferencePrecision precision, bool inF32) : precision(precision), inF32(inF32) {}

  std::optional<Register> bind(Value value) {
    auto [it, isNew] = registers.try_emplace(value);
    if (!isNew)
      return it->second;
    std::optional<ElementKind> kind = getElementKind(getElementTypeOrSelf(value.getType()));
    if (!kind) {
      registers.erase(value);
      return std::nullopt;
    }
    return it->second = Register{*kind, isFloatKind(*kind) ? program.numFloats++ : program.numInts++};
  }

  /// The register of an operand; values from outside become captures.
  std::optional<Register> use(Value value) {
    if (auto it = registers.find(value); it != registers.end())
      return it->second;
    std::optional<Register> bound = isa<ShapedType>(value.getType()) ? std::nullopt : bind(value);
    if (bound)
      program.captures.emplace_back(value, *bound);
    return bound;
  }

  LogicalResult translate(Operation *op);

  ScalarProgram program;

private:
  /// Ops that need more than their operands' registers; null when `op` is an ordinary one.
  Kernel findSpecialKernel(Operation *op, Instruction &in, SmallVectorImpl<Value> &operands);
  int64_t captureTensor(Value tensor) {
    auto *it = llvm::find(program.tensors, tensor);
    if (it == program.tensors.end())
      it = (program.tensors.push_back(tensor), std::prev(program.tensors.end()));
    return std::distance(program.tensors.begin(), it);
  }

  ReferencePrecision precision;
  bool inF32;
  llvm::SmallDenseMap<Value, Register> registers;
};
} // namespace

Kernel ProgramBuilder::findSpecialKernel(Operation *op, Instruction &in, SmallVectorImpl<Value> &operands) {
  if (auto apply = dyn_cast<affine::AffineApplyOp>(op)) {
    in.map = apply.getAffineMap();
    return runAffine;
  }
  if (auto min = dyn_cast<affine::AffineMinOp>(op)) {
    in.map = min.getMap();
    in.integer = -1;
    return runAffine;
  }
  if (auto max = dyn_cast<affine::AffineMaxOp>(op)) {
    in.map = max.getMap();
    in.integer = 1;
    return runAffine;
  }
  bool readsTensor = isa<tensor::ExtractOp, tensor::DimOp>(op);
  if (readsTensor) {
    in.integer = captureTensor(op->getOperand(0));
    operands.erase(operands.begin());
    return isa<tensor::DimOp>(op) ? runDim : runExtract;
  }
  return nullptr;
}

LogicalResult ProgramBuilder::translate(Operation *op) {
  if (auto index = dyn_cast<linalg::IndexOp>(op)) {
    program.indices.emplace_back(index.getDim(), *bind(index.getResult()));
    return success();
  }
  if (op->getNumResults() != 1 || op->getNumRegions() != 0)
    return failure();
  Instruction in;
  in.op = op;
  Attribute constant;
  if (auto constantOp = dyn_cast<arith::ConstantOp>(op))
    constant = constantOp.getValue();
  if (auto number = dyn_cast_or_null<FloatAttr>(constant)) {
    APFloat value = number.getValue();
    bool losesInfo;
    value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &losesInfo);
    in.number = value.convertToDouble();
    in.kernel = runConstant;
  } else if (auto integer = dyn_cast_or_null<IntegerAttr>(constant)) {
    if (!getElementKind(integer.getType()))
      return failure();
    in.integer = integer.getType().isInteger(1) ? integer.getValue().getZExtValue()
                                                : integer.getValue().getSExtValue();
    in.kernel = runConstant;
  }
  SmallVector<Value> operands(op->getOperands());
  if (!in.kernel)
    in.kernel = findSpecialKernel(op, in, operands);
  for (Value operand : operands) {
    std::optional<Register> used = use(operand);
    if (!used)
      return failure();
    in.operands.push_back(*used);
  }
  std::optional<Register> result = bind(op->getResult(0));
  if (!result)
    return failure();
  in.result = *result;
  // Between floating-point types values only change by rounding.
  if (!in.kernel && isa<arith::ExtFOp, arith::TruncFOp>(op))
    in.kernel = runCopy;
  if (!in.kernel)
    in.kernel = findArithKernel(op, in);
  if (!in.kernel)
    in.kernel = findMathKernel(op, in);
  if (!in.kernel)
    return failure();
  if (precision == ReferencePrecision::Declared && in.result.isFloat())
    in.rounding = inF32 && in.result.kind != ElementKind::F64 ? ElementKind::F32 : in.result.kind;
  program.instructions.push_back(std::move(in));
  return success();
}

FailureOr<ScalarProgram> mlir::colt5::reference::compileBlock(Block &block, ReferencePrecision precision,
                                                              bool inF32) {
  ProgramBuilder builder(precision, inF32);
  for (BlockArgument argument : block.getArguments()) {
    std::optional<Register> bound = builder.bind(argument);
    if (!bound)
      return emitError(argument.getLoc())
             << "the reference expects index, integer (up to 64 bits) or floating-point elements, found "
             << argument.getType();
    builder.program.arguments.push_back(*bound);
  }
  for (Operation &op : block.without_terminator())
    if (failed(builder.translate(&op)))
      return op.emitOpError("is not supported by the reference inside a scalar region");
  for (Value value : block.getTerminator()->getOperands()) {
    std::optional<Register> used = builder.use(value);
    if (!used)
      return block.getTerminator()->emitOpError("yields a type the reference does not support: ")
             << value.getType();
    builder.program.results.push_back(*used);
  }
  return std::move(builder.program);
}

FailureOr<ScalarProgram> mlir::colt5::reference::compileOp(Operation *op, ReferencePrecision precision) {
  ProgramBuilder builder(precision, /*inF32=*/false);
  for (Value operand : op->getOperands()) {
    std::optional<Register> bound = builder.bind(operand);
    if (!bound)
      return failure();
    builder.program.arguments.push_back(*bound);
  }
  if (failed(builder.translate(op)))
    return failure();
  builder.program.results.push_back(*builder.bind(op->getResult(0)));
  return std::move(builder.program);
}
