// Soft top-k in its scalar form (see the op's description): the scores of a row stay in registers or shared
// memory, each iteration is one sum over the block. The scalar state is f64, equal in all threads.
#include "SelectDetail.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include <cfloat>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::select;

/// Bytes of tokens that a thread keeps in registers.
static constexpr int64_t kRegisterBytes = 32;

namespace {

class SoftTopKKernel {
public:
  SoftTopKKernel(KernelWriter &writer, SoftTopKOp op);
  void write();

private:
  using FoldBody = function_ref<SmallVector<Value>(Value score, ValueRange carried)>;

  Value computeScore(Value i);
  Value loadScore(Value i);
  void readRow();
  SmallVector<Value> fold(ValueRange inits, FoldBody body);
  void storeWeights(function_ref<Value(Value score)> weight);
  void storeConstant(double value);
  Value reduce(Value value, BlockBuilder::Combine combine);
  Value sum(Value value);

  Value logSum(Value m, Value eps);
  std::pair<Value, Value> descend();
  std::pair<Value, Value> solveExactly();
  void solve();

  Value f64(double value) { return b.real(b.getF64Type(), value); }
  Value toF64(Value value) { return b.convertFloat(value, b.getF64Type()); }
  Value toScore(Value value) { return b.convertFloat(value, type); }
  Value valid(Value score) { return b.compare(arith::CmpFPredicate::OGT, score, minusInf); }
  Value capped(Value score, Value a) {
    return arith::MinimumFOp::create(b, arith::AddFOp::create(b, toF64(score), a), f64(0.0));
  }

  BlockBuilder &b;
  SoftTopKOp op;
  Value scores, mask, weights;
  FloatType type;
  Problem problem;
  int64_t length;
  bool inRegisters;
  std::optional<RowCache> cache;
  SmallVector<Value> registers;
  /// Shared memory, one element per warp of each type that is summed up.
  DenseMap<Type, Value> scratch;
  Value minusInf, kNorm, logK, count, top, bottom;
};

} // namespace

SoftTopKKernel::SoftTopKKernel(KernelWriter &writer, SoftTopKOp op)
    : b(writer.getBuilder()), op(op), scores(writer.getInput(0)),
      mask(op.getMask() ? writer.getInput(2) : Value()), weights(writer.getOut(0)),
      type(cast<FloatType>(cast<MemRefType>(scores.getType()).getElementType())),
      problem(b, scores, op.getBlock()),
      length(getStaticLength(cast<ShapedType>(op.getScores().getType()), op.getBlock())) {
  inRegisters =
      !ShapedType::isDynamic(length) && length * type.getWidth() / 8 <= kRegisterBytes * b.getNumThreads();
  if (!inRegisters)
    cache.emplace(writer, type, length);
  for (Type element : {Type(type), Type(b.getF64Type()), Type(b.getI64Type())})
    if (!scratch.count(element))
      scratch[element] = writer.allocateShared({b.getNumWarps()}, element);
  minusInf = b.real(type, -std::numeric_limits<double>::infinity());
  kNorm = writer.getInput(1);
  if (auto shaped = dyn_cast<MemRefType>(kNorm.getType()))
    kNorm = b.load(kNorm, shaped.getRank() == 0 ? ValueRange() : ValueRange{problem.batch, problem.route});
  kNorm = toF64(kNorm);
}

//===----------------------------------------------------------------------===//
// The row
//===----------------------------------------------------------------------===//

/// The score of token `i` of the problem, -inf when it is not valid.
Value SoftTopKKernel::computeScore(Value i) {
  Value token = b.add(problem.first, i);
  Value score = b.load(scores, {problem.batch, problem.route, token});
  // Ordered comparison: false for NaN and for -inf.
  Value isValid = valid(score);
  if (mask)
    isValid = b.both(isValid, loadMask(b, mask, problem.batch, problem.route, token));
  // Above this, s / eps would overflow.
  double largest = (type.isF64() ? DBL_MAX : double(FLT_MAX)) * std::min(1.0, op.getEps().convertToDouble());
  return b.select(isValid, arith::MinimumFOp::create(b, score, b.real(type, largest)), minusInf);
}

Value SoftTopKKernel::loadScore(Value i) {
  return cache->load(b, i, [&] { return computeScore(i); });
}

void SoftTopKKernel::readRow() {
  if (!inRegisters) {
    // Threads read back what they wrote themselves.
    b.distribute(problem.length, [&](Value i) { cache->store(b, computeScore(i), i); });
    return;
  }
  for (int64_t first = 0; first < length; first += b.getNumThreads()) {
    Value i = b.add(b.thread(), b.index(first));
    Value isInside = b.compare(arith::CmpIPredicate::ult, i, b.index(length));
    registers.push_back(b.choose(
        isInside, type, [&]() -> SmallVector<Value> { return {computeScore(i)}; },
        [&]() -> SmallVector<Value> { return {minusInf}; })[0]);
  }
}

/// Folds the scores of this thread; those that are not valid are -inf.
SmallVector<Value> SoftTopKKernel::fold(ValueRange inits, FoldBody body) {
  if (!inRegisters)
    return b.loop(b.thread(), problem.length, b.getNumThreads(), inits,
                  [&](Value i, ValueRange carried) { return body(loadScore(i), carried); });
  SmallVector<Value> carried(inits);
  for (Value score : registers)
    carried = body(score, carried);
  return carried;
}

/// Writes `weight` of every valid token, 0 for the others.
void SoftTopKKernel::storeWeights(function_ref<Value(Value score)> weight) {
  auto storeOne = [&](Value i, Value score) {
    Value stored = b.select(valid(score), weight(score), b.real(type, 0.0));
    b.store(stored, weights, {problem.batch, problem.route, b.add(problem.first, i)});
  };
  if (!inRegisters)
    return b.distribute(problem.length, [&](Value i) { storeOne(i, loadScore(i)); });
  for (auto [number, score] : llvm::enumerate(registers)) {
    Value i = b.add(b.thread(), b.index(number * b.getNumThreads()));
    b.branch(b.compare(arith::CmpIPredicate::ult, i, b.index(length)), [&] { storeOne(i, score); });
  }
}

void SoftTopKKernel::storeConstant(double value) {
  storeWeights([&](Value) { return b.real(type, value); });
}

Value SoftTopKKernel::reduce(Value value, BlockBuilder::Combine combine) {
  Value total = b.reduceBlock(value, scratch.lookup(value.getType()), combine);
  b.barrier();
  return total;
}

Value SoftTopKKernel::sum(Value value) {
  return reduce(value, [](LoopBuilder &builder, Value x, Value y) -> Value {
    return arith::AddFOp::create(builder, x, y);
  });
}

//===----------------------------------------------------------------------===//
// The solvers
//===----------------------------------------------------------------------===//

/// ln of the sum over valid tokens of exp((min(s, m) - m) / eps), in f64; m (of the type of the scores) is
/// the largest summand, so the sum can neither overflow nor vanish.
Value SoftTopKKernel::logSum(Value m, Value eps) {
  Value inverse = toScore(arith::DivFOp::create(b, f64(1.0), eps));
  Value zero = b.real(type, 0.0);
  Value own = fold(zero, [&](Value score, ValueRange carried) -> SmallVector<Value> {
    Value difference = arith::MinimumFOp::create(b, arith::SubFOp::create(b, score, m), zero);
    Value scaled = arith::MulFOp::create(b, difference, inverse);
    return {arith::AddFOp::create(b, carried[0], math::ExpOp::create(b, scaled))};
  })[0];
  return math::LogOp::create(b, toF64(sum(own)));
}

/// The descent; returns a and the eps after the last decay, which the weights use.
std::pair<Value, Value> SoftTopKKernel::descend() {
  double floor = op.getEps().convertToDouble();
  double epsInit = op.getEpsInit() ? op.getEpsInit()->convertToDouble() : floor;
  // a = eps (ln k - LSE), where LSE = m / eps + logSum.
  auto multiplier = [&](Value eps, Value logSum) -> Value {
    return arith::MulFOp::create(b, eps, arith::SubFOp::create(b, logK, logSum));
  };
  Value firstEps = f64(std::max(epsInit, floor)), a;
  if (op.getInit() == DescentInit::Zero) {
    a = arith::SubFOp::create(b, multiplier(firstEps, logSum(top, firstEps)), toF64(top));
  } else {
    a = multiplier(firstEps, math::LogOp::create(b, arith::UIToFPOp::create(b, b.getF64Type(), count)));
  }
  // A constant eps spares every iteration a division.
  double decayValue = op.getEpsDecay().convertToDouble();
  bool isConstant = decayValue == 1.0 || epsInit <= floor;
  Value decay = f64(decayValue);
  auto decayed = [&](Value raw) -> std::pair<Value, Value> {
    Value next = arith::MulFOp::create(b, raw, decay);
    return {next, isConstant ? firstEps : arith::MaximumFOp::create(b, next, f64(floor)).getResult()};
  };
  Value notANumber = b.real(type, std::numeric_limits<double>::quiet_NaN());
  // An iteration is a function of m and eps. Once both repeat, and eps does so for good because it only
  // falls, so does everything after it: ending there changes no bit. raw is eps_init * decay^t before it
  // meets its floor.
  SmallVector<Value> state = b.whileLoop(
      {b.index(1), a, f64(epsInit), firstEps, notANumber, b.boolean(true)},
      [&](ValueRange carried) {
        Value isLeft = b.compare(arith::CmpIPredicate::slt, carried[0], b.index(op.getIterations()));
        return b.both(isLeft, carried[5]);
      },
      [&](ValueRange carried) -> SmallVector<Value> {
        auto [raw, eps] = decayed(carried[2]);
        Value cap = arith::NegFOp::create(b, carried[1]);
        Value m = toScore(arith::MinimumFOp::create(b, toF64(top), cap));
        Value next = arith::SubFOp::create(b, multiplier(eps, logSum(m, eps)), toF64(m));
        Value moves = b.either(b.compare(arith::CmpFPredicate::UNE, m, carried[4]),
                               b.compare(arith::CmpFPredicate::UNE, eps, carried[3]));
        return {b.add(carried[0], b.index(1)), next, raw, eps, m, moves};
      });
  return {state[1], decayed(state[2]).second};
}

/// The a for which the weights sum to k_norm, and eps. The sum grows with a, so bisection finds it.
std::pair<Value, Value> SoftTopKKernel::solveExactly() {
  Value eps = f64(op.getEps().convertToDouble()), top64 = toF64(top);
  // Nothing saturates at the lower end or the sum is too small; everything does at the upper end.
  Value free = arith::SubFOp::create(b, logK, logSum(top, eps));
  Value lower = arith::SubFOp::create(b, arith::MulFOp::create(b, eps, free), top64);
  Value upper = arith::MaximumFOp::create(b, lower, arith::NegFOp::create(b, toF64(bottom)));
  // Where nothing saturates the lower end is the solution; a top that absorbs every other term is such a case
  // too.
  Value isFree = b.compare(arith::CmpFPredicate::OLE, arith::AddFOp::create(b, top64, lower), f64(0.0));
  upper = b.select(isFree, lower, upper);
  // Ends when neither end moves: nothing would from there on.
  SmallVector<Value> range = b.whileLoop(
      {b.index(0), lower, upper, b.boolean(true)},
      [&](ValueRange carried) {
        return b.both(b.compare(arith::CmpIPredicate::slt, carried[0], b.index(100)), carried[3]);
      },
      [&](ValueRange carried) -> SmallVector<Value> {
        Value both = arith::AddFOp::create(b, carried[1], carried[2]);
        Value middle = arith::MulFOp::create(b, both, f64(0.5));
        Value own = fold(f64(0.0), [&](Value score, ValueRange partial) -> SmallVector<Value> {
          Value weight = math::ExpOp::create(b, arith::DivFOp::create(b, capped(score, middle), eps));
          return {arith::AddFOp::create(b, partial[0], weight)};
        })[0];
        Value tooSmall = b.compare(arith::CmpFPredicate::OLT, sum(own), kNorm);
        Value newLower = b.select(tooSmall, middle, carried[1]);
        Value newUpper = b.select(tooSmall, carried[2], middle);
        Value moves = b.either(b.compare(arith::CmpFPredicate::UNE, newLower, carried[1]),
                               b.compare(arith::CmpFPredicate::UNE, newUpper, carried[2]));
        return {b.add(carried[0], b.index(1)), newLower, newUpper, moves};
      });
  return {range[2], eps};
}

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

void SoftTopKKernel::solve() {
  readRow();
  Type countType = b.getI64Type();
  Value plusInf = b.real(type, std::numeric_limits<double>::infinity());
  SmallVector<Value> own =
      fold({b.integer(countType, 0), minusInf, plusInf},
           [&](Value score, ValueRange carried) -> SmallVector<Value> {
             Value isValid = valid(score);
             Value lowest = arith::MinimumFOp::create(b, carried[2], score);
             return {b.add(carried[0], arith::ExtUIOp::create(b, countType, isValid)),
                     arith::MaximumFOp::create(b, carried[1], score), b.select(isValid, lowest, carried[2])};
           });
  count = reduce(own[0], [](LoopBuilder &builder, Value x, Value y) { return builder.add(x, y); });
  top = reduce(own[1], [](LoopBuilder &builder, Value x, Value y) -> Value {
    return arith::MaximumFOp::create(builder, x, y);
  });
  if (op.getSolver() == Solver::Exact)
    bottom = reduce(own[2], [](LoopBuilder &builder, Value x, Value y) -> Value {
      return arith::MinimumFOp::create(builder, x, y);
    });
  auto iterate = [&] {
    logK = math::LogOp::create(b, kNorm);
    auto [a, eps] = op.getSolver() == Solver::Exact ? solveExactly() : descend();
    storeWeights([&](Value score) {
      return toScore(math::ExpOp::create(b, arith::DivFOp::create(b, capped(score, a), eps)));
    });
  };
  Value none = b.either(b.compare(arith::CmpIPredicate::eq, count, b.integer(countType, 0)),
                        b.compare(arith::CmpFPredicate::ULE, kNorm, f64(0.0)));
  b.branch(
      none, [&] { storeConstant(0.0); },
      [&] {
        if (op.getOverflow() == Overflow::Iterate && op.getSolver() == Solver::Iterate)
          return iterate();
        Value tokens = arith::UIToFPOp::create(b, b.getF64Type(), count);
        Value isFull = b.compare(arith::CmpFPredicate::OGE, kNorm, tokens);
        b.branch(isFull, [&] { storeConstant(1.0); }, iterate);
      });
}

void SoftTopKKernel::write() {
  if (!problem.exists)
    return solve();
  // Each full block has an even share of k_norm; the tail weighs 0.
  Value blocks = arith::UIToFPOp::create(b, b.getF64Type(), b.fromIndex(b.getI64Type(), problem.count));
  kNorm = arith::DivFOp::create(b, kNorm, blocks);
  b.branch(problem.exists, [&] { solve(); });
  b.branch(b.compare(arith::CmpIPredicate::eq, problem.number, b.index(0)), [&] {
    Value begin = b.mul(problem.count, problem.length);
    b.distribute(b.sub(b.size(scores, 2), begin), [&](Value i) {
      b.store(b.real(type, 0.0), weights, {problem.batch, problem.route, b.add(begin, i)});
    });
  });
}

void select::buildSoftTopK(const TiledLoop &loop, SoftTopKOp op, gpu::GPUModuleOp kernels) {
  auto outside = [&](Value value) { return loop.locate(value)->source; };
  SmallVector<Value> ins{outside(op.getScores()), outside(op.getKNorm())}, outs{outside(op.getOuts()[0])};
  if (op.getMask())
    ins.push_back(outside(op.getMask()));
  OpBuilder host(loop.getLoop());
  Value blocks = countBlocks(host, op.getLoc(), ins[0], op.getBlock());
  int64_t length = getStaticLength(cast<ShapedType>(op.getScores().getType()), op.getBlock());
  // Exponentials in f64 need more registers than 1024 threads have.
  bool isF64 = getElementTypeOrSelf(op.getScores()).isF64();
  int64_t threads = chooseThreads(length, isF64 ? 512 : 1024);
  KernelWriter writer(loop.getLoop(), kernels, "soft_topk", ins, outs, threads);
  SoftTopKKernel(writer, op).write();
  writer.launch(blocks, {0u});
}
