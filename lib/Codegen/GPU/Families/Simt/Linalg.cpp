// Every linalg op: parallel loops are spread over the threads. A reduction with few results is spread over
// the lanes of a warp.
#include "Lowerings.h"

#include "colt5/Codegen/Common/Divisibility.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
class LinalgEmitter {
public:
  LinalgEmitter(BlockBuilder &b, linalg::LinalgOp op) : b(b), op(op) {
    for (Range range : op.createLoopRanges(b, op.getLoc()))
      sizes.push_back(getValueOrCreateConstantIndexOp(b, op.getLoc(), range.size));
    op.getParallelDims(parallel);
    op.getReductionDims(reduction);
  }

  void emit();

private:
  /// `width` points in a row along `loop`, which one thread visits.
  struct Neighbours {
    unsigned loop = 0;
    int64_t width = 1;
  };
  /// The most neighbours along `loop` that `operands` have in one vector of 16 bytes. With `all`, operands
  /// that have none allow none.
  Neighbours chooseNeighbours(unsigned loop, ArrayRef<OpOperand *> operands, bool all);
  /// The most neighbours along `loop` in one vector of `operand`: 1 when it does not run along the loop.
  int64_t getWidth(OpOperand &operand, unsigned loop);
  /// The elements of `operand` at the neighbours from `ivs` on.
  SmallVector<Value> loadNeighbours(OpOperand &operand, ArrayRef<Value> ivs, Neighbours neighbours);
  /// Results of the body at each of the neighbours; `accumulators` holds one list per neighbour, or one that
  /// goes through all of them when `chained`.
  SmallVector<SmallVector<Value>> emitBodies(ArrayRef<Value> ivs, Neighbours neighbours,
                                             SmallVector<SmallVector<Value>> accumulators, bool chained);
  /// Results of the body at the point `ivs` for these inputs, where the outs hold `accumulators`.
  SmallVector<Value> emitBody(ArrayRef<Value> ivs, ValueRange inputs, ValueRange accumulators);
  SmallVector<Value> indicesOf(OpOperand &operand, ArrayRef<Value> ivs);
  Value loadOperand(OpOperand &operand, ArrayRef<Value> ivs);
  void storeResults(ArrayRef<Value> ivs, ValueRange values);
  SmallVector<Value> loadInits(ArrayRef<Value> ivs);
  void emitElementwise();
  /// Runs the reduction loops from `depth` on.
  SmallVector<Value> reduce(SmallVector<Value> &ivs, unsigned depth, ValueRange accumulators);
  bool prefersWarps();
  void emitWithWarps();
  /// The op that combines two partial results of every output, or nothing.
  std::optional<SmallVector<Operation *>> matchCombiners();

  BlockBuilder &b;
  linalg::LinalgOp op;
  SmallVector<Value> sizes;
  SmallVector<unsigned> parallel, reduction;
};
} // namespace

SmallVector<Value> LinalgEmitter::indicesOf(OpOperand &operand, ArrayRef<Value> ivs) {
  SmallVector<Value> indices;
  AffineMap map = op.getMatchingIndexingMap(&operand);
  for (AffineExpr expr : map.getResults()) {
    if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
      indices.push_back(ivs[dim.getPosition()]);
      continue;
    }
    AffineMap one = AffineMap::get(map.getNumDims(), 0, expr);
    indices.push_back(affine::makeComposedAffineApply(b, op.getLoc(), one, getAsOpFoldResult(ivs)));
  }
  return indices;
}

Value LinalgEmitter::loadOperand(OpOperand &operand, ArrayRef<Value> ivs) {
  if (!isa<MemRefType>(operand.get().getType()))
    return operand.get();
  return b.load(operand.get(), indicesOf(operand, ivs));
}

SmallVector<Value> LinalgEmitter::loadInits(ArrayRef<Value> ivs) {
  SmallVector<Value> values;
  for (OpOperand &init : op.getDpsInitsMutable())
    values.push_back(loadOperand(init, ivs));
  return values;
}

void LinalgEmitter::storeResults(ArrayRef<Value> ivs, ValueRange values) {
  for (auto [init, value] : llvm::zip_equal(op.getDpsInitsMutable(), values))
    b.store(value, init.get(), indicesOf(init, ivs));
}

int64_t LinalgEmitter::getWidth(OpOperand &operand, unsigned loop) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  AffineExpr dim = b.getAffineDimExpr(loop);
  if (!isa<MemRefType>(operand.get().getType()) || !map.isProjectedPermutation(/*allowZeroInResults=*/true))
    return 1;
  const auto *position = llvm::find(map.getResults(), dim);
  return position == map.getResults().end()
             ? 1
             : getVectorWidth(operand.get(), position - map.getResults().begin());
}

LinalgEmitter::Neighbours LinalgEmitter::chooseNeighbours(unsigned loop, ArrayRef<OpOperand *> operands,
                                                          bool all) {
  int64_t best = 0;
  for (OpOperand *operand : operands) {
    int64_t width = getWidth(*operand, loop);
    if (width > 1)
      best = best ? std::min(best, width) : width;
    else if (all)
      return {loop, 1};
  }
  return {loop, std::max<int64_t>(best, 1)};
}

SmallVector<Value> LinalgEmitter::loadNeighbours(OpOperand &operand, ArrayRef<Value> ivs,
                                                 Neighbours neighbours) {
  int64_t width = neighbours.width;
  if (width == 1 || !op.getMatchingIndexingMap(&operand).isFunctionOfDim(neighbours.loop))
    return SmallVector<Value>(width, loadOperand(operand, ivs));
  SmallVector<Value> elements, at(ivs);
  if (getWidth(operand, neighbours.loop) >= width) {
    Value vector = b.loadAligned(operand.get(), indicesOf(operand, ivs), width);
    for (int64_t i = 0; i < width; ++i)
      elements.push_back(vector::ExtractOp::create(b, vector, i));
    return elements;
  }
  for (int64_t i = 0; i < width; ++i) {
    at[neighbours.loop] = b.add(ivs[neighbours.loop], b.index(i));
    elements.push_back(loadOperand(operand, at));
  }
  return elements;
}

SmallVector<SmallVector<Value>> LinalgEmitter::emitBodies(ArrayRef<Value> ivs, Neighbours neighbours,
                                                          SmallVector<SmallVector<Value>> accumulators,
                                                          bool chained) {
  SmallVector<SmallVector<Value>> inputs, results;
  for (auto [operand, argument] : llvm::zip_equal(op.getDpsInputOperands(), op.getRegionInputArgs()))
    inputs.push_back(argument.use_empty() ? SmallVector<Value>(neighbours.width)
                                          : loadNeighbours(*operand, ivs, neighbours));
  SmallVector<Value> at(ivs);
  for (int64_t i = 0; i < neighbours.width; ++i) {
    if (i > 0)
      at[neighbours.loop] = b.add(ivs[neighbours.loop], b.index(i));
    SmallVector<Value> values = llvm::map_to_vector(inputs, [&](ArrayRef<Value> list) { return list[i]; });
    ArrayRef<Value> before = !chained ? accumulators[i] : i == 0 ? accumulators[0] : results.back();
    results.push_back(emitBody(at, values, before));
  }
  return results;
}

SmallVector<Value> LinalgEmitter::emitBody(ArrayRef<Value> ivs, ValueRange inputs, ValueRange accumulators) {
  IRMapping mapping;
  Block &body = op->getRegion(0).front();
  for (auto [value, argument] : llvm::zip_equal(inputs, op.getRegionInputArgs()))
    if (value)
      mapping.map(argument, value);
  for (auto [argument, value] : llvm::zip_equal(op.getRegionOutputArgs(), accumulators))
    if (value)
      mapping.map(argument, value);
  for (Operation &inner : body.without_terminator()) {
    if (auto position = dyn_cast<linalg::IndexOp>(inner)) {
      mapping.map(position.getResult(), ivs[position.getDim()]);
      continue;
    }
    b.clone(inner, mapping);
  }
  return llvm::map_to_vector(body.getTerminator()->getOperands(),
                             [&](Value value) { return mapping.lookupOrDefault(value); });
}

SmallVector<Value> LinalgEmitter::reduce(SmallVector<Value> &ivs, unsigned depth, ValueRange accumulators) {
  if (depth == reduction.size())
    return emitBodies(ivs, {}, {SmallVector<Value>(accumulators)}, /*chained=*/false)[0];
  return b.loop(b.index(0), sizes[reduction[depth]], 1, accumulators,
                [&](Value iv, ValueRange carried) -> SmallVector<Value> {
                  ivs[reduction[depth]] = iv;
                  return reduce(ivs, depth + 1, carried);
                });
}

std::optional<SmallVector<Operation *>> LinalgEmitter::matchCombiners() {
  SmallVector<Operation *> combiners;
  for (unsigned i = 0, e = op.getNumDpsInits(); i < e; ++i) {
    SmallVector<Operation *> chain;
    Value reduced = matchReduction(op.getRegionOutputArgs(), i, chain);
    if (!reduced || chain.size() != 1 || !arith::getNeutralElement(chain.front()))
      return std::nullopt;
    combiners.push_back(chain.front());
  }
  return combiners;
}

/// Lanes share the work of a result when there are fewer results than threads.
bool LinalgEmitter::prefersWarps() {
  if (reduction.empty() || !matchCombiners())
    return false;
  int64_t results = 1;
  for (unsigned loop : parallel) {
    std::optional<int64_t> size = getConstantIntValue(sizes[loop]);
    if (!size)
      return false;
    results *= *size;
  }
  return results < b.getNumThreads();
}

void LinalgEmitter::emitWithWarps() {
  SmallVector<Operation *> combiners = *matchCombiners();
  SmallVector<Value> outer, inner;
  for (unsigned loop : parallel)
    outer.push_back(sizes[loop]);
  for (unsigned loop : reduction)
    inner.push_back(sizes[loop]);
  Neighbours neighbours = chooseNeighbours(reduction.back(), op.getDpsInputOperands(), /*all=*/false);
  b.distributeToWarps(b.product(outer), [&](Value i) {
    SmallVector<Value> ivs(sizes.size());
    for (auto [loop, value] : llvm::zip_equal(parallel, b.delinearize(i, outer)))
      ivs[loop] = value;
    SmallVector<Value> neutral = llvm::map_to_vector(combiners, [&](Operation *combiner) -> Value {
      return arith::ConstantOp::create(b, *arith::getNeutralElement(combiner));
    });
    Value start = b.mul(b.lane(), b.index(neighbours.width));
    SmallVector<Value> partial =
        b.loop(start, b.product(inner), kWarpSize * neighbours.width, neutral,
               [&](Value k, ValueRange carried) -> SmallVector<Value> {
                 for (auto [loop, value] : llvm::zip_equal(reduction, b.delinearize(k, inner)))
                   ivs[loop] = value;
                 return emitBodies(ivs, neighbours, {SmallVector<Value>(carried)}, /*chained=*/true).back();
               });
    auto combine = [](Operation *combiner) {
      return [combiner](LoopBuilder &builder, Value lhs, Value rhs) {
        Operation *copy = builder.clone(*combiner);
        copy->setOperands({lhs, rhs});
        return copy->getResult(0);
      };
    };
    SmallVector<Value> sums;
    for (auto [combiner, value] : llvm::zip_equal(combiners, partial))
      sums.push_back(b.reduceWarp(value, combine(combiner)));
    // Only the lane that writes a result may read what was there: shuffles do not order memory.
    b.ifThen(b.compare(arith::CmpIPredicate::eq, b.lane(), b.index(0)), [&] {
      SmallVector<Value> totals;
      for (auto [combiner, sum, init] : llvm::zip_equal(combiners, sums, loadInits(ivs)))
        totals.push_back(combine(combiner)(b, init, sum));
      storeResults(ivs, totals);
    });
  });
}

void LinalgEmitter::emitElementwise() {
  SmallVector<Value> outer(sizes);
  Neighbours neighbours;
  AffineMap outMap = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  // The loop along which outputs are contiguous, if neighbouring threads take neighbours of it.
  unsigned last = outer.empty() ? 0 : outer.size() - 1;
  SmallVector<OpOperand *> inits;
  for (OpOperand &init : op.getDpsInitsMutable())
    inits.push_back(&init);
  if (!outer.empty() && outMap.isProjectedPermutation()) {
    neighbours = chooseNeighbours(last, inits, /*all=*/true);
    // One vector of the widest operand.
    int64_t ofInputs = chooseNeighbours(last, op.getDpsInputOperands(), /*all=*/false).width;
    if (ofInputs > 1)
      neighbours.width = std::min(neighbours.width, ofInputs);
    int64_t points = 1;
    for (Value size : outer)
      points *= getConstantIntValue(size).value_or(b.getNumThreads());
    while (neighbours.width > 1 && points / neighbours.width < b.getNumThreads() / 2)
      neighbours.width /= 2;
  }
  b.distribute(outer, neighbours.width, [&](ValueRange at) {
    SmallVector<Value> ivs(at);
    SmallVector<SmallVector<Value>> before(neighbours.width, SmallVector<Value>(inits.size()));
    for (auto [position, init] : llvm::enumerate(inits)) {
      if (!op.payloadUsesValueFromOperand(init))
        continue;
      for (auto [lane, value] : llvm::enumerate(loadNeighbours(*init, ivs, neighbours)))
        before[lane][position] = value;
    }
    SmallVector<SmallVector<Value>> results =
        emitBodies(ivs, neighbours, std::move(before), /*chained=*/false);
    if (neighbours.width == 1)
      return storeResults(ivs, results[0]);
    for (unsigned position = 0; position < inits.size(); ++position) {
      SmallVector<Value> lanes =
          llvm::map_to_vector(results, [&](ArrayRef<Value> values) { return values[position]; });
      auto type = VectorType::get({neighbours.width}, lanes[0].getType());
      b.storeAligned(vector::FromElementsOp::create(b, type, lanes), inits[position]->get(),
                     indicesOf(*inits[position], ivs));
    }
  });
}

void LinalgEmitter::emit() {
  if (reduction.empty())
    return emitElementwise();
  if (prefersWarps())
    return emitWithWarps();
  SmallVector<Value> outer;
  for (unsigned loop : parallel)
    outer.push_back(sizes[loop]);
  b.distribute(outer, [&](ValueRange at) {
    SmallVector<Value> ivs(sizes.size());
    for (auto [loop, value] : llvm::zip_equal(parallel, at))
      ivs[loop] = value;
    SmallVector<Value> inits = loadInits(ivs);
    storeResults(ivs, reduce(ivs, 0, inits));
  });
}

LogicalResult colt5::lowerSimtLinalg(BlockBuilder &b, Operation *op) {
  if (auto copy = dyn_cast<memref::CopyOp>(op)) {
    Value source = copy.getSource(), target = copy.getTarget();
    int64_t last = cast<MemRefType>(source.getType()).getRank() - 1;
    int64_t width = last < 0 ? 1 : std::min(getVectorWidth(source, last), getVectorWidth(target, last));
    b.distribute(b.sizesOf(source), width,
                 [&](ValueRange at) { b.storeAligned(b.loadAligned(source, at, width), target, at); });
    return success();
  }
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp)
    return failure();
  LinalgEmitter(b, linalgOp).emit();
  return success();
}
