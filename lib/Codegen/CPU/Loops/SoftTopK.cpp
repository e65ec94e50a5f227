// Soft top-k in its scalar form (see the op's description): per row one pass that finds the valid tokens, one
// sum of exponentials per iteration, one pass that writes the weights. The scalar state is f64.
#include "Patterns.h"
#include "colt5/Codegen/Common/LoopBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include <cfloat>

using namespace mlir;
using namespace mlir::colt5;

namespace {

/// The valid scores of one problem: tokens [lo, hi) of a row.
struct Problem {
  mutable SoftTopKOp op; // generated accessors are not const
  Value scores, batch, route, lo, hi, kNorm;
  FloatType type;
  int64_t width;
  /// Valid scores above this would overflow s / eps.
  double largest;

  Problem(LoopBuilder &b, SoftTopKOp op, Value batch, Value route)
      : op(op), scores(b.row(op.getScores(), {batch, route})), batch(batch), route(route),
        type(cast<FloatType>(cast<MemRefType>(op.getScores().getType()).getElementType())) {
    width = isContiguousLast(scores) ? (type.isF64() ? 8 : 16) : 1;
    double limit = type.isF64() ? DBL_MAX : double(FLT_MAX);
    double eps = op.getEps().convertToDouble();
    largest = limit * std::min(1.0, eps);
  }

  /// `lanes` scores from i and whether each is valid; invalid ones read as -inf.
  std::pair<Value, Value> load(LoopBuilder &b, Value i, int64_t lanes) const {
    Value score = lanes == 1
                      ? b.load(scores, i)
                      : vector::LoadOp::create(b, VectorType::get({lanes}, type), scores, i).getResult();
    Value minusInf = b.splat(lanes, b.real(type, -std::numeric_limits<double>::infinity()));
    // Ordered comparison: false for NaN and for -inf.
    Value valid = b.compare(arith::CmpFPredicate::OGT, score, minusInf);
    if (op.getMask())
      valid = b.andI(valid, loadMask(b, op.getMask(), batch, route, i, lanes));
    Value clamped = arith::MinimumFOp::create(b, score, b.splat(lanes, b.real(type, largest)));
    return {b.select(valid, clamped, minusInf), valid};
  }

  void store(LoopBuilder &b, Value value, Value i, int64_t lanes) const {
    Value out = b.row(op.getOuts()[0], {batch, route});
    if (lanes == 1)
      b.store(value, out, i);
    else
      vector::StoreOp::create(b, value, out, i);
  }

  /// `fill` for every token of the problem, 0 where invalid.
  void storeConstant(LoopBuilder &b, double fill) const {
    b.visit(lo, hi, storeWidth(), [&](Value i, int64_t lanes) {
      Value valid = load(b, i, lanes).second;
      store(b, b.select(valid, b.splat(lanes, b.real(type, fill)), b.splat(lanes, b.real(type, 0.0))), i,
            lanes);
    });
  }

  int64_t storeWidth() const { return isContiguousLast(op.getOuts()[0]) ? width : 1; }
};

} // namespace

static Value toF64(LoopBuilder &b, Value value) { return b.convertFloat(value, b.getF64Type()); }
static Value f64(LoopBuilder &b, double value) { return b.real(b.getF64Type(), value); }

/// ln of the sum over valid tokens of exp(min(s, cap) / eps), in f64. `top` is the largest valid score; `cap`
/// may be null. The sum runs on min(s, cap) - m with m the largest summand, so it can neither overflow nor
/// vanish.
static Value logSumExp(LoopBuilder &b, const Problem &problem, Value top, Value cap, Value eps) {
  Value largest = cap ? arith::MinimumFOp::create(b, top, cap).getResult() : top;
  Value m = b.convertFloat(largest, problem.type);
  Value inverse = b.convertFloat(arith::DivFOp::create(b, f64(b, 1.0), eps), problem.type);
  Value zero = b.real(problem.type, 0.0);
  Value sum = b.reduce(problem.lo, problem.hi, problem.width, zero, vector::CombiningKind::ADD,
                       [&](Value i, int64_t lanes, Value acc) -> Value {
                         Value score = problem.load(b, i, lanes).first;
                         // m is the cap, or nothing exceeds it.
                         Value difference = arith::MinimumFOp::create(
                             b, arith::SubFOp::create(b, score, b.splat(lanes, m)), b.splat(lanes, zero));
                         Value scaled = arith::MulFOp::create(b, difference, b.splat(lanes, inverse));
                         return arith::AddFOp::create(b, acc, math::ExpOp::create(b, scaled));
                       });
  Value log = math::LogOp::create(b, toF64(b, sum));
  return arith::AddFOp::create(b, arith::DivFOp::create(b, toF64(b, m), eps), log);
}

/// Writes w = exp(min(s + a, 0) / eps) for valid tokens, 0 for the others.
static void storeWeights(LoopBuilder &b, const Problem &problem, Value a, Value eps) {
  int64_t width = std::min<int64_t>(problem.storeWidth(), 8);
  b.visit(problem.lo, problem.hi, width, [&](Value i, int64_t lanes) {
    auto [score, valid] = problem.load(b, i, lanes);
    Value shifted = arith::AddFOp::create(b, toF64(b, score), b.splat(lanes, a));
    Value capped = arith::MinimumFOp::create(b, shifted, b.splat(lanes, f64(b, 0.0)));
    Value weight = math::ExpOp::create(b, arith::DivFOp::create(b, capped, b.splat(lanes, eps)));
    Value rounded = b.convertFloat(weight, problem.type);
    problem.store(b, b.select(valid, rounded, b.splat(lanes, b.real(problem.type, 0.0))), i, lanes);
  });
}

/// The descent; returns a and the eps after the last decay, which the weights use.
static std::pair<Value, Value> descend(LoopBuilder &b, const Problem &problem, Value count, Value top) {
  SoftTopKOp op = problem.op;
  Value logK = math::LogOp::create(b, toF64(b, problem.kNorm));
  double floor = op.getEps().convertToDouble();
  double epsInit = op.getEpsInit() ? op.getEpsInit()->convertToDouble() : floor;
  double first = std::max(epsInit, floor);
  auto multiplier = [&](Value eps, Value lse) {
    return arith::MulFOp::create(b, eps, arith::SubFOp::create(b, logK, lse)).getResult();
  };
  Value eps = f64(b, first);
  Value a;
  if (op.getInit() == DescentInit::Zero) {
    a = multiplier(eps, logSumExp(b, problem, top, Value(), eps));
  } else {
    Value countReal = arith::UIToFPOp::create(b, b.getF64Type(), b.fromIndex(b.getI64Type(), count));
    a = multiplier(eps, math::LogOp::create(b, countReal));
  }
  Value decay = f64(b, op.getEpsDecay().convertToDouble());
  // raw is eps_init * decay^t before it meets its floor.
  auto decayed = [&](Value raw) -> std::pair<Value, Value> {
    Value next = arith::MulFOp::create(b, raw, decay);
    return {next, arith::MaximumFOp::create(b, next, f64(b, floor))};
  };
  SmallVector<Value> state =
      b.loop(b.index(1), b.index(op.getIterations()), 1, {a, f64(b, epsInit)},
             [&](Value, ValueRange carried) -> SmallVector<Value> {
               auto [raw, next] = decayed(carried[1]);
               Value cap = arith::NegFOp::create(b, carried[0]);
               return {multiplier(next, logSumExp(b, problem, toF64(b, top), cap, next)), raw};
             });
  return {state[0], decayed(state[1]).second};
}

/// The a for which the weights sum to k_norm. The sum grows with a, so bisection finds it without sorting.
static Value solveExactly(LoopBuilder &b, const Problem &problem, Value top, Value bottom, Value eps) {
  Value target = toF64(b, problem.kNorm);
  Value logK = math::LogOp::create(b, target);
  // Nothing saturates at the lower end or the sum is too small; everything does at the upper end.
  Value lower =
      arith::MulFOp::create(b, eps, arith::SubFOp::create(b, logK, logSumExp(b, problem, top, Value(), eps)));
  Value upper = arith::MaximumFOp::create(b, lower, arith::NegFOp::create(b, toF64(b, bottom)));
  // Where nothing saturates the lower end is the solution; a top that absorbs every other term is such a case
  // too.
  Value isFree = b.compare(arith::CmpFPredicate::OLE, arith::AddFOp::create(b, top, lower), f64(b, 0.0));
  upper = b.select(isFree, lower, upper);
  int64_t width = std::min<int64_t>(problem.width, 8);
  SmallVector<Value> range = b.loop(
      b.index(0), b.index(100), 1, {lower, upper}, [&](Value, ValueRange carried) -> SmallVector<Value> {
        Value middle =
            arith::MulFOp::create(b, arith::AddFOp::create(b, carried[0], carried[1]), f64(b, 0.5));
        Value sum =
            b.reduce(problem.lo, problem.hi, width, f64(b, 0.0), vector::CombiningKind::ADD,
                     [&](Value i, int64_t lanes, Value acc) -> Value {
                       Value score = toF64(b, problem.load(b, i, lanes).first);
                       Value shifted = arith::AddFOp::create(b, score, b.splat(lanes, middle));
                       Value capped = arith::MinimumFOp::create(b, shifted, b.splat(lanes, f64(b, 0.0)));
                       Value weight =
                           math::ExpOp::create(b, arith::DivFOp::create(b, capped, b.splat(lanes, eps)));
                       return arith::AddFOp::create(b, acc, weight);
                     });
        Value tooSmall = b.compare(arith::CmpFPredicate::OLT, sum, target);
        return {b.select(tooSmall, middle, carried[0]), b.select(tooSmall, carried[1], middle)};
      });
  return range[1];
}

static void solve(LoopBuilder &b, const Problem &problem) {
  SoftTopKOp op = problem.op;
  Type type = problem.type;
  double inf = std::numeric_limits<double>::infinity();
  Value count =
      b.loop(problem.lo, problem.hi, 1, b.index(0), [&](Value i, ValueRange carried) -> SmallVector<Value> {
        return {b.add(carried[0],
                      b.toIndex(arith::ExtUIOp::create(b, b.getI64Type(), problem.load(b, i, 1).second)))};
      })[0];
  Value top = b.reduce(problem.lo, problem.hi, problem.width, b.real(type, -inf),
                       vector::CombiningKind::MAXNUMF, [&](Value i, int64_t lanes, Value acc) -> Value {
                         return arith::MaxNumFOp::create(b, acc, problem.load(b, i, lanes).first);
                       });
  Value bottom = b.loop(
      problem.lo, problem.hi, 1, b.real(type, inf), [&](Value i, ValueRange carried) -> SmallVector<Value> {
        auto [score, valid] = problem.load(b, i, 1);
        return {b.select(valid, arith::MinNumFOp::create(b, carried[0], score), carried[0])};
      })[0];
  auto iterate = [&] {
    if (op.getSolver() == Solver::Exact) {
      Value eps = f64(b, op.getEps().convertToDouble());
      storeWeights(b, problem, solveExactly(b, problem, toF64(b, top), bottom, eps), eps);
      return;
    }
    auto [a, eps] = descend(b, problem, count, toF64(b, top));
    storeWeights(b, problem, a, eps);
  };
  Value none = b.orI(b.compare(arith::CmpIPredicate::eq, count, b.index(0)),
                     b.compare(arith::CmpFPredicate::ULE, toF64(b, problem.kNorm), f64(b, 0.0)));
  b.ifThen(
      none, [&] { problem.storeConstant(b, 0.0); },
      [&] {
        if (op.getOverflow() == Overflow::Iterate && op.getSolver() == Solver::Iterate)
          return iterate();
        Value countReal = arith::UIToFPOp::create(b, b.getF64Type(), b.fromIndex(b.getI64Type(), count));
        Value full = b.compare(arith::CmpFPredicate::OGE, toF64(b, problem.kNorm), countReal);
        b.ifThen(full, [&] { problem.storeConstant(b, 1.0); }, iterate);
      });
}

namespace {
struct LowerSoftTopK : OpRewritePattern<SoftTopKOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SoftTopKOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return rewriter.notifyMatchFailure(op, "expects memref operands");
    LoopBuilder b(op.getLoc(), rewriter);
    b.setInsertionPoint(op);
    Value tokens = b.size(op.getScores(), 2);
    b.nest({b.size(op.getScores(), 0), b.size(op.getScores(), 1)}, [&](ValueRange row) {
      Problem problem(b, op, row[0], row[1]);
      problem.kNorm = op.getKNorm();
      if (auto type = dyn_cast<MemRefType>(problem.kNorm.getType()))
        problem.kNorm = b.load(op.getKNorm(), type.getRank() == 0 ? ValueRange() : row);
      problem.lo = b.index(0);
      problem.hi = tokens;
      if (!op.getBlock())
        return solve(b, problem);
      // Each full block has an even share of k_norm; the tail weighs 0.
      Value length = b.index(*op.getBlock());
      Value blocks = b.floorDiv(tokens, length);
      Value share = arith::DivFOp::create(
          b, toF64(b, problem.kNorm),
          arith::UIToFPOp::create(b, b.getF64Type(), b.fromIndex(b.getI64Type(), blocks)));
      problem.kNorm = share;
      b.loop(b.index(0), blocks, [&](Value block) {
        Problem part = problem;
        part.lo = b.mul(block, length);
        part.hi = b.add(part.lo, length);
        solve(b, part);
      });
      b.loop(b.mul(blocks, length), tokens,
             [&](Value i) { problem.store(b, b.real(problem.type, 0.0), i, 1); });
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void colt5::populateSoftTopKToLoopsPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerSoftTopK>(patterns.getContext());
}
