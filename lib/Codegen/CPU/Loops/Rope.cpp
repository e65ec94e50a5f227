#include "Patterns.h"
#include "colt5/Codegen/Common/LoopBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include <cmath>

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// A rotation of `lanes` pairs of components of one row.
struct Pairs {
  Value cosine, sine; ///< in the score type
  Value isCopy;       ///< i1: the row stays as it is
  Value i;            ///< of the first pair
  int64_t lanes;
};
} // namespace

/// Index `i` and the `lanes - 1` after it as f64.
static Value countUp(LoopBuilder &b, Value i, int64_t lanes) {
  Value first = arith::UIToFPOp::create(b, b.getF64Type(), b.fromIndex(b.getI64Type(), i));
  if (lanes == 1)
    return first;
  SmallVector<double> offsets;
  for (int64_t lane = 0; lane < lanes; ++lane)
    offsets.push_back(lane);
  auto type = VectorType::get({lanes}, b.getF64Type());
  Value steps = arith::ConstantOp::create(b, DenseElementsAttr::get(type, ArrayRef<double>(offsets)));
  return arith::AddFOp::create(b, b.splat(lanes, first), steps);
}

/// Rotates the pairs of the rank-1 memref `from` into `to`.
static void rotate(LoopBuilder &b, RopeOp op, const Pairs &pairs, Value from, Value to, Value half) {
  Type element = cast<MemRefType>(from.getType()).getElementType();
  Type accType = getScoreType(element);
  bool interleaved = op.getLayout() == RopeLayout::Interleaved;
  int64_t lanes = pairs.lanes;
  Value first = interleaved ? b.mul(pairs.i, b.index(2)) : pairs.i;
  Value second = interleaved ? b.add(first, b.index(1)) : b.add(pairs.i, half);
  auto load = [&](Value at, int64_t count) -> Value {
    if (lanes == 1)
      return b.load(from, at);
    return vector::LoadOp::create(b, VectorType::get({count}, element), from, at);
  };
  auto store = [&](Value value, Value at) {
    if (lanes == 1)
      b.store(value, to, at);
    else
      vector::StoreOp::create(b, value, to, at);
  };
  Value raw1, raw2;
  if (interleaved && lanes > 1) {
    auto both = vector::DeinterleaveOp::create(b, load(first, 2 * lanes));
    raw1 = both.getRes1();
    raw2 = both.getRes2();
  } else {
    raw1 = load(first, lanes);
    raw2 = load(second, lanes);
  }
  Value x1 = b.convertFloat(raw1, accType), x2 = b.convertFloat(raw2, accType);
  auto mul = [&](Value l, Value r) -> Value { return arith::MulFOp::create(b, l, r); };
  Value y1 = arith::SubFOp::create(b, mul(x1, pairs.cosine), mul(x2, pairs.sine));
  Value y2 = arith::AddFOp::create(b, mul(x2, pairs.cosine), mul(x1, pairs.sine));
  // A copied row keeps its bits, infinities and NaN included.
  y1 = b.select(pairs.isCopy, raw1, b.convertFloat(y1, element));
  y2 = b.select(pairs.isCopy, raw2, b.convertFloat(y2, element));
  if (interleaved && lanes > 1)
    return store(vector::InterleaveOp::create(b, y1, y2), first);
  store(y1, first);
  store(y2, second);
}

namespace {
struct LowerRope : OpRewritePattern<RopeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RopeOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return rewriter.notifyMatchFailure(op, "expects memref operands");
    LoopBuilder b(op.getLoc(), rewriter);
    b.setInsertionPoint(op);
    Value x = op.getX(), out = op.getOuts()[0], pos = op.getPos();
    Type accType = getScoreType(cast<MemRefType>(x.getType()).getElementType()), f64 = b.getF64Type();
    Value heads = b.size(x, 1), queries = b.size(x, 2), components = b.size(x, 3);
    Value half = b.floorDiv(components, b.index(2)), zero = b.index(0);
    bool grouped = cast<MemRefType>(pos.getType()).getRank() == 3;
    Value groups = grouped ? b.size(pos, 1) : b.index(1);
    Value headsPerGroup = b.floorDiv(heads, arith::MaxSIOp::create(b, groups, b.index(1)));
    // pos * theta^(-2 i / C) in f64: in f32 the angle of a late position would have no correct digit left.
    Value logTheta = b.real(f64, -2.0 * std::log(op.getTheta().convertToDouble()));
    Value inverseC = arith::DivFOp::create(b, logTheta, countUp(b, components, 1));
    int64_t width = isContiguousLast(x) && isContiguousLast(out) ? 8 : 1;

    b.nest({b.size(x, 0), groups, queries}, [&](ValueRange at) {
      Value batch = at[0], group = at[1], query = at[2];
      Value position = grouped ? b.load(pos, {batch, group, query}) : b.load(pos, {batch, query});
      Value isCopy = b.compare(arith::CmpIPredicate::eq, position, b.integer(position.getType(), kNoToken));
      Value positionReal = arith::SIToFPOp::create(b, f64, position);
      b.visit(zero, half, width, [&](Value i, int64_t lanes) {
        Value exponent = arith::MulFOp::create(b, b.splat(lanes, inverseC), countUp(b, i, lanes));
        Value angle =
            arith::MulFOp::create(b, b.splat(lanes, positionReal), math::ExpOp::create(b, exponent));
        Pairs pairs{b.convertFloat(math::CosOp::create(b, angle), accType),
                    b.convertFloat(math::SinOp::create(b, angle), accType), isCopy, i, lanes};
        b.loop(zero, headsPerGroup, [&](Value member) {
          Value head = b.add(b.mul(group, headsPerGroup), member);
          rotate(b, op, pairs, b.row(x, {batch, head, query}), b.row(out, {batch, head, query}), half);
        });
      });
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void colt5::populateRopeToLoopsPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerRope>(patterns.getContext());
}
