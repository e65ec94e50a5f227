#include "colt5/Dialect/Colt5/IR/ArithmeticBuilder.h"

using namespace mlir;
using namespace mlir::colt5;

static Value createConstant(ImplicitLocOpBuilder &b, Type type, TypedAttr element) {
  if (auto shaped = dyn_cast<ShapedType>(type))
    return arith::ConstantOp::create(b, DenseElementsAttr::get(shaped, cast<Attribute>(element)));
  return arith::ConstantOp::create(b, element);
}

Value colt5::createFloat(ImplicitLocOpBuilder &b, double value, Type type) {
  return createConstant(b, type, b.getFloatAttr(getElementTypeOrSelf(type), value));
}

Value colt5::convertFloat(ImplicitLocOpBuilder &b, Value value, Type type) {
  Type target = type;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    target = vector.clone(type);
  if (value.getType() == target)
    return value;
  unsigned from = getElementTypeOrSelf(value.getType()).getIntOrFloatBitWidth(),
           to = type.getIntOrFloatBitWidth();
  if (from < to)
    return arith::ExtFOp::create(b, target, value);
  if (from > to)
    return arith::TruncFOp::create(b, target, value);
  // f16 and bf16 have one width: go through f32.
  return convertFloat(b, convertFloat(b, value, b.getF32Type()), type);
}

Value ArithmeticBuilder::integer(Type type, int64_t value) {
  return createConstant(*this, type, getIntegerAttr(getElementTypeOrSelf(type), value));
}
