// soft_topk: one row after the other, its scores read from memory in every pass.
#include "Lowerings.h"
#include "colt5/Codegen/GPU/Selection.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Tokens [first, first + length) of a row in memory.
class RowInMemory final : public SoftTopKRow {
public:
  RowInMemory(BlockBuilder &b, SoftTopKOp op, ValueRange at, Value first, Value length)
      : b(b), op(op), at(at), first(first), length(length) {}

  SmallVector<Value> fold(ValueRange inits,
                          function_ref<SmallVector<Value>(Value score, ValueRange carried)> body) override {
    return b.loop(b.thread(), length, b.getNumThreads(), inits,
                  [&](Value i, ValueRange carried) { return body(load(i), carried); });
  }
  void visit(function_ref<void(Value i, Value score)> body) override {
    b.distribute(length, [&](Value i) { body(i, load(i)); });
  }

private:
  Value load(Value i) {
    return loadSoftTopKScore(b, op, op.getScores(), op.getMask(), {at[0], at[1], b.add(first, i)});
  }

  BlockBuilder &b;
  SoftTopKOp op;
  SmallVector<Value> at;
  Value first, length;
};
} // namespace

static Value loadKNorm(BlockBuilder &b, SoftTopKOp op, ValueRange row) {
  Value kNorm = op.getKNorm();
  if (auto type = dyn_cast<MemRefType>(kNorm.getType()))
    kNorm = b.load(kNorm, type.getRank() == 0 ? ValueRange() : row);
  return b.convertFloat(kNorm, b.getF64Type());
}

LogicalResult colt5::lowerSimtSoftTopK(BlockBuilder &b, Operation *operation) {
  auto op = dyn_cast<SoftTopKOp>(operation);
  if (!op)
    return failure();
  Value scores = op.getScores(), weights = op.getOuts()[0], tokens = b.size(scores, 2), zero = b.index(0);
  auto type = cast<FloatType>(cast<MemRefType>(scores.getType()).getElementType());
  SoftTopKSolver solver(b, op, type, operation);
  b.nest({b.size(scores, 0), b.size(scores, 1)}, [&](ValueRange row) {
    auto solve = [&](Value first, Value length, Value kNorm) {
      RowInMemory problem(b, op, row, first, length);
      solver.solve(problem, kNorm, [&](Value i, Value weight) {
        b.store(weight, weights, {row[0], row[1], b.add(first, i)});
      });
    };
    Value kNorm = loadKNorm(b, op, row);
    if (!op.getBlock())
      return solve(zero, tokens, kNorm);
    // Each full block has an even share of k_norm; the tail weighs 0.
    Value length = b.index(*op.getBlock()), blocks = b.floorDiv(tokens, length);
    Value number = arith::UIToFPOp::create(b, b.getF64Type(), b.fromIndex(b.getI64Type(), blocks));
    Value share = arith::DivFOp::create(b, kNorm, number);
    b.loop(zero, blocks, [&](Value block) { solve(b.mul(block, length), length, share); });
    Value covered = b.mul(blocks, length);
    b.distribute(b.sub(tokens, covered),
                 [&](Value i) { b.store(b.real(type, 0.0), weights, {row[0], row[1], b.add(covered, i)}); });
  });
  return success();
}
