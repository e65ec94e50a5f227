// Soft top-k: the scores of a row stay in registers or shared memory.
#include "SelectDetail.h"
#include "colt5/Codegen/GPU/Selection.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::select;

/// Bytes of tokens that a thread keeps in registers.
static constexpr int64_t kRegisterBytes = 32;

namespace {

class SoftTopKKernel final : public SoftTopKRow {
public:
  SoftTopKKernel(KernelWriter &writer, SoftTopKOp op);
  void write();

  SmallVector<Value> fold(ValueRange inits,
                          function_ref<SmallVector<Value>(Value score, ValueRange carried)> body) override;
  void visit(function_ref<void(Value i, Value score)> body) override;

private:
  Value computeScore(Value i);
  Value loadScore(Value i);
  void readRow();
  void solve(Value kNorm);

  KernelWriter &writer;
  BlockBuilder &b;
  SoftTopKOp op;
  Value scores, mask, weights;
  FloatType type;
  Problem problem;
  int64_t length;
  bool inRegisters;
  std::optional<RowCache> cache;
  SmallVector<Value> registers;
};

} // namespace

SoftTopKKernel::SoftTopKKernel(KernelWriter &writer, SoftTopKOp op)
    : writer(writer), b(writer.getBuilder()), op(op), scores(writer.getParameter(op.getScores())),
      mask(writer.getParameter(op.getMask())), weights(writer.getOut(0)),
      type(cast<FloatType>(cast<MemRefType>(scores.getType()).getElementType())),
      problem(b, scores, op.getBlock()),
      length(getStaticLength(cast<ShapedType>(scores.getType()), op.getBlock())) {
  inRegisters =
      !ShapedType::isDynamic(length) && length * type.getWidth() / 8 <= kRegisterBytes * b.getNumThreads();
  if (!inRegisters)
    cache.emplace(writer, type, length);
}

//===----------------------------------------------------------------------===//
// The row
//===----------------------------------------------------------------------===//

Value SoftTopKKernel::computeScore(Value i) {
  return loadSoftTopKScore(b, op, scores, mask, {problem.batch, problem.route, b.add(problem.first, i)});
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
  Value minusInf = b.real(type, -std::numeric_limits<double>::infinity());
  for (int64_t first = 0; first < length; first += b.getNumThreads()) {
    Value i = b.add(b.thread(), b.index(first));
    Value isInside = b.compare(arith::CmpIPredicate::ult, i, b.index(length));
    registers.push_back(b.ifElse(
        isInside, type, [&]() -> SmallVector<Value> { return {computeScore(i)}; },
        [&]() -> SmallVector<Value> { return {minusInf}; })[0]);
  }
}

SmallVector<Value>
SoftTopKKernel::fold(ValueRange inits,
                     function_ref<SmallVector<Value>(Value score, ValueRange carried)> body) {
  if (!inRegisters)
    return b.loop(b.thread(), problem.length, b.getNumThreads(), inits,
                  [&](Value i, ValueRange carried) { return body(loadScore(i), carried); });
  SmallVector<Value> carried(inits);
  for (Value score : registers)
    carried = body(score, carried);
  return carried;
}

void SoftTopKKernel::visit(function_ref<void(Value i, Value score)> body) {
  if (!inRegisters)
    return b.distribute(problem.length, [&](Value i) { body(i, loadScore(i)); });
  for (auto [number, score] : llvm::enumerate(registers)) {
    Value i = b.add(b.thread(), b.index(number * b.getNumThreads()));
    b.ifThen(b.compare(arith::CmpIPredicate::ult, i, b.index(length)),
             [&, score = score] { body(i, score); });
  }
}

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

void SoftTopKKernel::solve(Value kNorm) {
  readRow();
  SoftTopKSolver(b, op, type, writer.getKernel()).solve(*this, kNorm, [&](Value i, Value weight) {
    b.store(weight, weights, {problem.batch, problem.route, b.add(problem.first, i)});
  });
}

void SoftTopKKernel::write() {
  Value kNorm = writer.getParameter(op.getKNorm());
  if (auto shaped = dyn_cast<MemRefType>(kNorm.getType()))
    kNorm = b.load(kNorm, shaped.getRank() == 0 ? ValueRange() : ValueRange{problem.batch, problem.route});
  kNorm = b.convertFloat(kNorm, b.getF64Type());
  if (!problem.exists)
    return solve(kNorm);
  // Each full block has an even share of k_norm; the tail weighs 0.
  Value blocks = arith::UIToFPOp::create(b, b.getF64Type(), b.fromIndex(b.getI64Type(), problem.count));
  kNorm = arith::DivFOp::create(b, kNorm, blocks);
  b.ifThen(problem.exists, [&] { solve(kNorm); });
  b.ifThen(b.compare(arith::CmpIPredicate::eq, problem.number, b.index(0)), [&] {
    Value begin = b.mul(problem.count, problem.length);
    b.distribute(b.sub(b.size(scores, 2), begin), [&](Value i) {
      b.store(b.real(type, 0.0), weights, {problem.batch, problem.route, b.add(begin, i)});
    });
  });
}

void select::emitSoftTopK(KernelOp op, SoftTopKOp selection, gpu::GPUModuleOp kernels) {
  Value scores = op->getOperand(cast<BlockArgument>(selection.getScores()).getArgNumber());
  Value blocks = countBlocks(op, scores, selection.getBlock());
  KernelWriter writer(op, kernels, "soft_topk", getThreads(op, selection));
  SoftTopKKernel(writer, selection).write();
  writer.launch(blocks);
}
