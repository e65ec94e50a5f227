// rope: a pair of components per thread and position, the heads of a group in a row: they share the angle.
#include "Lowerings.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include <cmath>

using namespace mlir;
using namespace mlir::colt5;

static Value toReal(BlockBuilder &b, Value count) {
  return arith::UIToFPOp::create(b, b.getF64Type(), b.fromIndex(b.getI64Type(), count));
}

LogicalResult colt5::lowerSimtRope(BlockBuilder &b, Operation *op) {
  auto rope = dyn_cast<RopeOp>(op);
  if (!rope)
    return failure();
  Value x = rope.getX(), out = rope.getOuts()[0], pos = rope.getPos();
  Type element = cast<MemRefType>(x.getType()).getElementType(), type = getScoreType(element);
  bool grouped = cast<MemRefType>(pos.getType()).getRank() == 3;
  bool interleaved = rope.getLayout() == RopeLayout::Interleaved;
  Value one = b.index(1), two = b.index(2);
  Value components = b.size(x, 3), half = b.floorDiv(components, two);
  Value groups = grouped ? b.size(pos, 1) : one;
  Value headsPerGroup = b.floorDiv(b.size(x, 1), arith::MaxSIOp::create(b, groups, one));
  // pos * theta^(-2 i / C) in f64: in f32 the angle of a late position would have no correct digit left.
  Value logTheta = b.real(b.getF64Type(), -2.0 * std::log(rope.getTheta().convertToDouble()));
  Value step = arith::DivFOp::create(b, logTheta, toReal(b, components));
  b.distribute({b.size(x, 0), groups, b.size(x, 2), half}, [&](ValueRange at) {
    Value batch = at[0], group = at[1], query = at[2], i = at[3];
    Value position = grouped ? b.load(pos, {batch, group, query}) : b.load(pos, {batch, query});
    Value isCopy = b.compare(arith::CmpIPredicate::eq, position, b.integer(position.getType(), kNoToken));
    Value speed = math::ExpOp::create(b, arith::MulFOp::create(b, step, toReal(b, i)));
    Value angle = arith::MulFOp::create(b, arith::SIToFPOp::create(b, b.getF64Type(), position), speed);
    Value cosine = b.convertFloat(math::CosOp::create(b, angle), type);
    Value sine = b.convertFloat(math::SinOp::create(b, angle), type);
    Value first = interleaved ? b.mul(i, two) : i;
    Value second = interleaved ? b.add(first, one) : b.add(i, half);
    b.loop(b.index(0), headsPerGroup, [&](Value member) {
      Value head = b.add(b.mul(group, headsPerGroup), member);
      Value raw1 = b.load(x, {batch, head, query, first}), raw2 = b.load(x, {batch, head, query, second});
      Value x1 = b.convertFloat(raw1, type), x2 = b.convertFloat(raw2, type);
      auto multiply = [&](Value l, Value r) -> Value { return arith::MulFOp::create(b, l, r); };
      Value y1 = arith::SubFOp::create(b, multiply(x1, cosine), multiply(x2, sine));
      Value y2 = arith::AddFOp::create(b, multiply(x2, cosine), multiply(x1, sine));
      // A copied row keeps its bits, infinities and NaN included.
      b.store(b.select(isCopy, raw1, b.convertFloat(y1, element)), out, {batch, head, query, first});
      b.store(b.select(isCopy, raw2, b.convertFloat(y2, element)), out, {batch, head, query, second});
    });
  });
  return success();
}
