// Every linalg op: parallel loops are spread over the threads. A reduction with few results is spread over
// the lanes of a warp.
#include "Lowerings.h"

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
  /// Results of the body at the point `ivs`, where the outs hold `accumulators`.
  SmallVector<Value> emitBody(ArrayRef<Value> ivs, ValueRange accumulators);
  SmallVector<Value> indicesOf(OpOperand &operand, ArrayRef<Value> ivs);
  Value loadOperand(OpOperand &operand, ArrayRef<Value> ivs);
  void storeResults(ArrayRef<Value> ivs, ValueRange values);
  SmallVector<Value> loadInits(ArrayRef<Value> ivs);
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
  for (OpOperand &init : op.getDpsInitsMutable()) {
    bool isRead = op.payloadUsesValueFromOperand(&init) || !reduction.empty();
    values.push_back(isRead ? loadOperand(init, ivs) : Value());
  }
  return values;
}

void LinalgEmitter::storeResults(ArrayRef<Value> ivs, ValueRange values) {
  for (auto [init, value] : llvm::zip_equal(op.getDpsInitsMutable(), values))
    b.store(value, init.get(), indicesOf(init, ivs));
}

SmallVector<Value> LinalgEmitter::emitBody(ArrayRef<Value> ivs, ValueRange accumulators) {
  IRMapping mapping;
  Block &body = op->getRegion(0).front();
  for (auto [operand, argument] : llvm::zip_equal(op.getDpsInputOperands(), op.getRegionInputArgs()))
    if (!argument.use_empty())
      mapping.map(argument, loadOperand(*operand, ivs));
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
    return emitBody(ivs, accumulators);
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
  b.distributeToWarps(b.product(outer), [&](Value i) {
    SmallVector<Value> ivs(sizes.size());
    for (auto [loop, value] : llvm::zip_equal(parallel, b.delinearize(i, outer)))
      ivs[loop] = value;
    SmallVector<Value> neutral = llvm::map_to_vector(combiners, [&](Operation *combiner) -> Value {
      return arith::ConstantOp::create(b, *arith::getNeutralElement(combiner));
    });
    SmallVector<Value> partial =
        b.loop(b.lane(), b.product(inner), kWarpSize, neutral,
               [&](Value k, ValueRange carried) -> SmallVector<Value> {
                 for (auto [loop, value] : llvm::zip_equal(reduction, b.delinearize(k, inner)))
                   ivs[loop] = value;
                 return emitBody(ivs, carried);
               });
    SmallVector<Value> totals;
    SmallVector<Value> inits = loadInits(ivs);
    for (auto [combiner, value, init] : llvm::zip_equal(combiners, partial, inits)) {
      Operation *op = combiner;
      auto combine = [op](LoopBuilder &builder, Value lhs, Value rhs) {
        Operation *copy = builder.clone(*op);
        copy->setOperands({lhs, rhs});
        return copy->getResult(0);
      };
      totals.push_back(combine(b, init, b.reduceWarp(value, combine)));
    }
    b.branch(b.compare(arith::CmpIPredicate::eq, b.lane(), b.index(0)), [&] { storeResults(ivs, totals); });
  });
}

void LinalgEmitter::emit() {
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
    b.distribute(b.sizesOf(copy.getSource()),
                 [&](ValueRange at) { b.store(b.load(copy.getSource(), at), copy.getTarget(), at); });
    return success();
  }
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp)
    return failure();
  LinalgEmitter(b, linalgOp).emit();
  return success();
}
