#include "colt5/Codegen/Host/Passes.h"
#include "colt5/Stages/Input/SizeFunctions.h"

#include "colt5/Dialect/Colt5/IR/ArithmeticBuilder.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Matchers.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5SATURATESIZES
#include "colt5/Codegen/Host/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Makes one operation on 64-bit numbers yield INT64_MAX, which stands for infinity, where its result has no
/// room.
class Saturation {
public:
  explicit Saturation(Operation *op)
      : op(op), b(op->getLoc(), op), x(op->getOperand(0)), y(op->getOperand(1)) {
    b.setInsertionPointAfter(op);
  }
  void apply();

private:
  Value constant(int64_t value) { return b.integer(x.getType(), value); }
  Value combine(Value first, Value second) {
    return first && second ? b.orI(first, second) : first ? first : second;
  }
  Value isInfinite(Value value) {
    APInt known;
    if (matchPattern(value, m_ConstantInt(&known)) && !known.isMaxSignedValue())
      return {};
    return b.compare(arith::CmpIPredicate::eq, value, constant(INT64_MAX));
  }
  /// Whether the signs of `first` and `second` both differ from that of the result.
  Value differsInSign(Value first, Value second) {
    Value result = op->getResult(0);
    Value both = b.andI(arith::XOrIOp::create(b, first, result), arith::XOrIOp::create(b, second, result));
    return b.compare(arith::CmpIPredicate::slt, both, constant(0));
  }
  Value overflows();

  Operation *op;
  ArithmeticBuilder b;
  Value x, y;
};
} // namespace

Value Saturation::overflows() {
  if (isa<arith::AddIOp>(op))
    return differsInSign(x, y);
  if (isa<arith::SubIOp>(op)) // x = result + y
    return b.compare(arith::CmpIPredicate::slt,
                     b.andI(arith::XOrIOp::create(b, x, y), arith::XOrIOp::create(b, x, op->getResult(0))),
                     constant(0));
  if (isa<arith::ShLIOp>(op))
    return b.compare(arith::CmpIPredicate::ne, arith::ShRSIOp::create(b, op->getResult(0), y), x);
  if (!isa<arith::MulIOp>(op))
    return {};
  auto toI64 = [&](Value value) -> Value {
    return value.getType().isIndex() ? arith::IndexCastOp::create(b, b.getI64Type(), value).getResult()
                                     : value;
  };
  auto product = arith::MulSIExtendedOp::create(b, toI64(x), toI64(y));
  Value last = arith::ConstantOp::create(b, b.getI64IntegerAttr(63));
  return b.compare(arith::CmpIPredicate::ne, product.getHigh(),
                   arith::ShRSIOp::create(b, product.getLow(), last));
}

void Saturation::apply() {
  // Overflow is defined from here on.
  if (auto arithmetic = dyn_cast<arith::ArithIntegerOverflowFlagsInterface>(op))
    op->setAttr(arithmetic.getIntegerOverflowAttrName(),
                arith::IntegerOverflowFlagsAttr::get(op->getContext(), arith::IntegerOverflowFlags::none));
  Value isLarge = combine(combine(isInfinite(x), isInfinite(y)), overflows());
  if (!isLarge)
    return;
  if (isa<arith::MulIOp>(op)) {
    // Nothing times however much is nothing.
    Value some = b.andI(b.compare(arith::CmpIPredicate::ne, x, constant(0)),
                        b.compare(arith::CmpIPredicate::ne, y, constant(0)));
    isLarge = b.andI(isLarge, some);
  }
  auto result = arith::SelectOp::create(b, isLarge, constant(INT64_MAX), op->getResult(0));
  op->getResult(0).replaceUsesWithIf(result, [&](OpOperand &use) {
    Operation *user = use.getOwner();
    return user->getBlock() != result->getBlock() || result->isBeforeInBlock(user);
  });
}

namespace {
struct SaturateSizes : colt5::impl::Colt5SaturateSizesBase<SaturateSizes> {
  using Base::Base;

  void runOnOperation() override {
    if (!getOperation()->hasAttr(kCompanionAttr))
      return;
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::ShLIOp, arith::DivSIOp, arith::DivUIOp,
              arith::CeilDivSIOp, arith::CeilDivUIOp, arith::FloorDivSIOp, arith::RemSIOp, arith::RemUIOp,
              arith::ShRSIOp, arith::ShRUIOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp>(op) &&
          (op->getResult(0).getType().isIndex() || op->getResult(0).getType().isInteger(64)))
        ops.push_back(op);
    });
    numOps += ops.size();
    for (Operation *op : ops)
      Saturation(op).apply();
  }
};
} // namespace
