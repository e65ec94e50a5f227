#include "Patterns.h"
#include "colt5/Conversion/LoopUtils.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include <cmath>

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct LowerRope : OpRewritePattern<RopeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RopeOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return rewriter.notifyMatchFailure(op, "expects memref operands");
    LoopBuilder b(op.getLoc(), rewriter);
    b.setInsertionPoint(op);
    Value x = op.getX(), out = op.getOuts()[0], pos = op.getPos();
    Type element = cast<MemRefType>(x.getType()).getElementType();
    Type accType = getScoreType(element), f64 = b.getF64Type();
    Value heads = b.size(x, 1), queries = b.size(x, 2), components = b.size(x, 3);
    Value half = b.floorDiv(components, b.index(2)), zero = b.index(0);
    bool grouped = cast<MemRefType>(pos.getType()).getRank() == 3;
    Value groups = grouped ? b.size(pos, 1) : b.index(1);
    Value headsPerGroup = b.floorDiv(heads, arith::MaxSIOp::create(b, groups, b.index(1)));
    auto real = [&](Value index) -> Value {
      return arith::UIToFPOp::create(b, f64, b.fromIndex(b.getI64Type(), index));
    };
    // pos * theta^(-2 i / C) in f64: in f32 the angle of a late position would have no correct digit left.
    Value logTheta = b.real(f64, -2.0 * std::log(op.getTheta().convertToDouble()));
    Value inverseC = arith::DivFOp::create(b, logTheta, real(components));
    bool interleaved = op.getLayout() == RopeLayout::Interleaved;

    b.nest({b.size(x, 0), groups, queries}, [&](ValueRange at) {
      Value batch = at[0], group = at[1], query = at[2];
      Value position = grouped ? b.load(pos, {batch, group, query}) : b.load(pos, {batch, query});
      Value none = b.compare(arith::CmpIPredicate::eq, position, b.integer(position.getType(), kNoToken));
      Value positionReal = arith::SIToFPOp::create(b, f64, position);
      b.loop(zero, half, [&](Value i) {
        Value frequency = math::ExpOp::create(b, arith::MulFOp::create(b, inverseC, real(i)));
        Value angle = arith::MulFOp::create(b, positionReal, frequency);
        Value cosine = b.convertFloat(b.select(none, b.real(f64, 1.0), math::CosOp::create(b, angle)), accType);
        Value sine = b.convertFloat(b.select(none, b.real(f64, 0.0), math::SinOp::create(b, angle)), accType);
        Value first = interleaved ? b.mul(i, b.index(2)) : i;
        Value second = interleaved ? b.add(first, b.index(1)) : b.add(i, half);
        b.loop(zero, headsPerGroup, [&](Value member) {
          Value head = b.add(b.mul(group, headsPerGroup), member);
          Value raw1 = b.load(x, {batch, head, query, first}), raw2 = b.load(x, {batch, head, query, second});
          Value x1 = b.convertFloat(raw1, accType), x2 = b.convertFloat(raw2, accType);
          auto mul = [&](Value l, Value r) -> Value { return arith::MulFOp::create(b, l, r); };
          Value y1 = arith::SubFOp::create(b, mul(x1, cosine), mul(x2, sine));
          Value y2 = arith::AddFOp::create(b, mul(x2, cosine), mul(x1, sine));
          // A copied row keeps its bits, infinities and NaN included.
          b.store(b.select(none, raw1, b.convertFloat(y1, element)), out, {batch, head, query, first});
          b.store(b.select(none, raw2, b.convertFloat(y2, element)), out, {batch, head, query, second});
        });
      });
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void colt5::populateRopeToLoopsPatterns(RewritePatternSet &patterns) { patterns.add<LowerRope>(patterns.getContext()); }
