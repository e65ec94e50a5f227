// Ops of arith, math and affine on scalars, and elementwise on tensors; constants.
#include "InterpreterImpl.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

FailureOr<const ScalarProgram *> Interpreter::getBlockProgram(Block &block) {
  std::unique_ptr<ScalarProgram> &program = blockPrograms[&block];
  if (!program) {
    auto linalgOp = dyn_cast<linalg::LinalgOp>(block.getParentOp());
    bool inF32 = linalgOp && accumulatesInF32(linalgOp);
    FailureOr<ScalarProgram> compiled = compileBlock(block, options.precision, inF32);
    if (failed(compiled))
      return failure();
    program = std::make_unique<ScalarProgram>(std::move(*compiled));
  }
  return program.get();
}

void Interpreter::loadCaptures(const ScalarProgram &program, Frame &frame, Lanes &lanes) {
  lanes.tensors.clear();
  for (Value value : program.tensors)
    lanes.tensors.push_back(&get(frame, value));
  for (auto [value, reg] : program.captures) {
    const Tensor &scalar = get(frame, value);
    if (reg.isFloat())
      std::fill_n(lanes.floats(reg), lanes.count, scalar.floats()[0]);
    else
      std::fill_n(lanes.ints(reg), lanes.count, scalar.ints()[0]);
  }
}

LogicalResult Interpreter::reportFault(const Lanes &lanes) {
  if (!lanes.fault)
    return success();
  return lanes.faultOp->emitOpError("failed while executing: ") << lanes.fault;
}

Interpreter::Outcome Interpreter::runScalar(Operation *op, Frame &frame) {
  if (!isa_and_nonnull<arith::ArithDialect, math::MathDialect, affine::AffineDialect>(op->getDialect()))
    return std::nullopt;
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return runConstant(op, constant.getValue(), frame);
  std::unique_ptr<ScalarProgram> &program = opPrograms[op];
  if (!program) {
    FailureOr<ScalarProgram> compiled = compileOp(op, options.precision);
    if (failed(compiled))
      return std::nullopt;
    program = std::make_unique<ScalarProgram>(std::move(*compiled));
  }
  SmallVector<Tensor> operands;
  for (Value operand : op->getOperands())
    operands.push_back(get(frame, operand));
  // A scalar condition may select between whole tensors.
  Tensor::Shape shape = operands.empty() ? Tensor::Shape() : operands.back().getShape();
  for (const Tensor &operand : operands)
    if (operand.getShape() != shape && !(isa<arith::SelectOp>(op) && operand.getRank() == 0))
      return op->emitOpError("has operands of different shapes: ")
             << describe(operand) << " and " << describe(operands.back());
  Register result = program->results[0];
  Tensor output(shape, result.kind);
  int64_t total = output.getNumElements();
  Lanes lanes = program->makeLanes(std::min<int64_t>(Lanes::kWidth, std::max<int64_t>(total, 1)));
  for (int64_t begin = 0; begin < total; begin += Lanes::kWidth) {
    lanes.count = std::min(Lanes::kWidth, total - begin);
    for (auto [operand, reg] : llvm::zip_equal(operands, program->arguments)) {
      bool splat = operand.getShape() != shape;
      for (int64_t i = 0; i < lanes.count; ++i)
        if (reg.isFloat())
          lanes.floats(reg)[i] = operand.floats()[splat ? 0 : begin + i];
        else
          lanes.ints(reg)[i] = operand.ints()[splat ? 0 : begin + i];
    }
    program->run(lanes);
    if (lanes.fault)
      return reportFault(lanes);
    if (result.isFloat())
      std::copy_n(lanes.floats(result), lanes.count, output.mutableFloats() + begin);
    else
      std::copy_n(lanes.ints(result), lanes.count, output.mutableInts() + begin);
  }
  return set(frame, op->getResult(0), std::move(output));
}

LogicalResult Interpreter::runConstant(Operation *op, Attribute value, Frame &frame) {
  auto cached = constants.find(op);
  if (cached != constants.end())
    return set(frame, op->getResult(0), cached->second);
  Type type = op->getResult(0).getType();
  std::optional<ElementKind> kind = getElementKind(getElementTypeOrSelf(type));
  if (!kind || (isa<ShapedType>(type) && !isa<RankedTensorType>(type)))
    return op->emitOpError("has type ") << type << ", which the reference does not support";
  bool losesInfo;
  auto toDouble = [&](APFloat number) {
    number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &losesInfo);
    return number.convertToDouble();
  };
  auto toInt = [&](const APInt &number) {
    return *kind == ElementKind::I1 ? int64_t(number.getZExtValue()) : number.getSExtValue();
  };
  Tensor tensor;
  if (auto number = dyn_cast<FloatAttr>(value)) {
    tensor = Tensor::scalar(toDouble(number.getValue()), *kind);
  } else if (auto integer = dyn_cast<IntegerAttr>(value)) {
    tensor = Tensor::scalar(toInt(integer.getValue()), *kind);
  } else if (auto elements = dyn_cast<ElementsAttr>(value)) {
    tensor = Tensor(Tensor::Shape(elements.getShapedType().getShape()), *kind);
    if (tensor.isFloat()) {
      auto range = elements.tryGetValues<APFloat>();
      if (!range)
        return op->emitOpError("has a constant with elements that the reference cannot read");
      double *out = tensor.mutableFloats();
      for (const APFloat &number : *range)
        *out++ = toDouble(number);
    } else {
      auto range = elements.tryGetValues<APInt>();
      if (!range)
        return op->emitOpError("has a constant with elements that the reference cannot read");
      int64_t *out = tensor.mutableInts();
      for (const APInt &number : *range)
        *out++ = toInt(number);
    }
  } else {
    return op->emitOpError("has a constant with elements that the reference cannot read");
  }
  constants[op] = tensor;
  return set(frame, op->getResult(0), std::move(tensor));
}
