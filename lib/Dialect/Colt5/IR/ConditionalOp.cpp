#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::colt5;

// `%x [base(%b)] routed(%idx [, %weight] [, %valid]) {dictionary} : types -> type region`
ParseResult ConditionalOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::UnresolvedOperand, 5> operands, routed;
  SmallVector<Type> types;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseOperand(operands.emplace_back()))
    return failure();
  int32_t hasBase = succeeded(parser.parseOptionalKeyword("base"));
  if (hasBase &&
      (parser.parseLParen() || parser.parseOperand(operands.emplace_back()) || parser.parseRParen()))
    return failure();
  if (parser.parseKeyword("routed") || parser.parseOperandList(routed, OpAsmParser::Delimiter::Paren) ||
      parseOptionDict(parser, result.attributes) || parser.parseColonTypeList(types) || parser.parseArrow() ||
      parser.parseType(result.types.emplace_back()))
    return failure();
  if (routed.empty() || routed.size() > 3)
    return parser.emitError(loc) << "'routed' takes indices, and optionally weight and valid, found "
                                 << routed.size() << " operand(s)";
  // Without this check an option of a wrong type would be lost on its way into the properties.
  if (failed(result.name.verifyInherentAttrs(
          result.attributes, [&] { return parser.emitError(loc) << "'colt5.conditional' op "; })))
    return failure();
  operands.append(routed);
  if (parser.resolveOperands(operands, types, loc, result.operands))
    return failure();

  // Weight and valid are told apart by their element type.
  int32_t hasWeight = 0, hasValid = 0;
  for (Type type : ArrayRef<Type>(types).take_back(routed.size() - 1)) {
    bool isValid = getElementTypeOrSelf(type).isInteger(1);
    if ((isValid ? hasValid : hasWeight) || (!isValid && hasValid))
      return parser.emitError(loc) << "'routed' takes (indices [, weight] [, valid]) in this order";
    (isValid ? hasValid : hasWeight) = 1;
  }
  llvm::copy(ArrayRef<int32_t>({1, hasBase, 1, hasWeight, hasValid}),
             result.getOrAddProperties<Properties>().operandSegmentSizes.begin());

  Region *body = result.addRegion();
  if (parser.parseRegion(*body))
    return failure();
  ensureTerminator(*body, parser.getBuilder(), result.location);
  return success();
}

void ConditionalOp::print(OpAsmPrinter &printer) {
  printer << " " << getX();
  if (getBase())
    printer << " base(" << getBase() << ")";
  printer << " routed(" << getIndices();
  if (getWeight())
    printer << ", " << getWeight();
  if (getValid())
    printer << ", " << getValid();
  printer << ")";
  printOptionDict(printer, *this, getDefaultOptions<ConditionalOp>(*this));
  printer << " : " << getOperandTypes() << " -> " << getResult().getType() << " ";
  printer.printRegion(getHeavy());
}

LogicalResult ConditionalOp::reifyResultShapes(OpBuilder &builder, ReifiedRankedShapedTypeDims &shapes) {
  // The base, when given, has the result's shape; without it the width is the yielded one, which is not known
  // outside of the region unless it is static.
  Value model = getBase() ? getBase() : getX();
  RankedTensorType type = getResult().getType();
  if (!getBase() && type.isDynamicDim(2))
    return failure();
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, getLoc(), model);
  if (!getBase())
    sizes[2] = builder.getIndexAttr(type.getDimSize(2));
  shapes.push_back(std::move(sizes));
  return success();
}
