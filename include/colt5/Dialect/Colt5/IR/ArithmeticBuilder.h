// Short names for the arithmetic that passes emit most.
#ifndef COLT5_DIALECT_COLT5_IR_ARITHMETICBUILDER_H
#define COLT5_DIALECT_COLT5_IR_ARITHMETICBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::colt5 {

/// A constant of the floating-point type `type`, or a vector of equal ones.
Value createFloat(ImplicitLocOpBuilder &b, double value, Type type);
/// `value` in the floating-point type `type`, extended or rounded; shapes are kept.
Value convertFloat(ImplicitLocOpBuilder &b, Value value, Type type);

/// Emits arithmetic on scalars and vectors; a name without a type is for integers and `index`. Upstream's
/// `ArithBuilder` folds while it builds; here canonicalization does that. The emulator has builders of its
/// own, because it emits the LLVM dialect.
struct ArithmeticBuilder : ImplicitLocOpBuilder {
  using ImplicitLocOpBuilder::ImplicitLocOpBuilder;
  explicit ArithmeticBuilder(const ImplicitLocOpBuilder &b) : ImplicitLocOpBuilder(b) {}

  Value index(int64_t value) { return arith::ConstantIndexOp::create(*this, value); }
  /// Of the integer type `type`, or a vector of equal ones.
  Value integer(Type type, int64_t value);
  Value real(Type type, double value) { return createFloat(*this, value, type); }
  Value boolean(bool value) { return integer(getI1Type(), value); }

  Value add(Value a, Value b) { return arith::AddIOp::create(*this, a, b); }
  Value sub(Value a, Value b) { return arith::SubIOp::create(*this, a, b); }
  Value mul(Value a, Value b) { return arith::MulIOp::create(*this, a, b); }
  /// Without a sign.
  Value floorDiv(Value a, Value b) { return arith::DivUIOp::create(*this, a, b); }
  Value min(Value a, Value b) { return arith::MinSIOp::create(*this, a, b); }
  Value max(Value a, Value b) { return arith::MaxSIOp::create(*this, a, b); }
  Value andI(Value a, Value b) { return arith::AndIOp::create(*this, a, b); }
  Value orI(Value a, Value b) { return arith::OrIOp::create(*this, a, b); }
  Value addF(Value a, Value b) { return arith::AddFOp::create(*this, a, b); }
  Value subF(Value a, Value b) { return arith::SubFOp::create(*this, a, b); }
  Value mulF(Value a, Value b) { return arith::MulFOp::create(*this, a, b); }
  Value divF(Value a, Value b) { return arith::DivFOp::create(*this, a, b); }
  Value compare(arith::CmpIPredicate predicate, Value a, Value b) {
    return arith::CmpIOp::create(*this, predicate, a, b);
  }
  Value compare(arith::CmpFPredicate predicate, Value a, Value b) {
    return arith::CmpFOp::create(*this, predicate, a, b);
  }
  Value select(Value condition, Value a, Value b) { return arith::SelectOp::create(*this, condition, a, b); }
  Value toIndex(Value value) { return arith::IndexCastOp::create(*this, getIndexType(), value); }
  Value fromIndex(Type type, Value value) { return arith::IndexCastOp::create(*this, type, value); }
  Value convertFloat(Value value, Type type) { return colt5::convertFloat(*this, value, type); }
};

} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_IR_ARITHMETICBUILDER_H
