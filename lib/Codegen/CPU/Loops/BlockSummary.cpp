#include "Patterns.h"
#include "colt5/Codegen/Common/LoopBuilder.h"

using namespace mlir;
using namespace mlir::colt5;

/// Length of the prefix of ones of row `batch`; a one after a zero sets the error word.
static Value prefixLength(LoopBuilder &b, BlockSummaryOp op, Value batch, Value tokens) {
  if (!op.getMask())
    return tokens;
  SmallVector<Value> state = b.loop(
      b.index(0), tokens, 1, {b.index(0), b.boolean(false)},
      [&](Value i, ValueRange carried) -> SmallVector<Value> {
        Value one = b.load(op.getMask(), {batch, i});
        Value extends = b.andI(one, b.compare(arith::CmpIPredicate::eq, carried[0], i));
        Value broken = b.andI(one, arith::XOrIOp::create(b, extends, b.boolean(true)));
        return {b.select(extends, b.add(carried[0], b.index(1)), carried[0]), b.orI(carried[1], broken)};
      });
  setErrorWord(b, op, state[1]);
  return state[0];
}

namespace {
struct LowerBlockSummary : OpRewritePattern<BlockSummaryOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BlockSummaryOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics())
      return rewriter.notifyMatchFailure(op, "expects memref operands");
    LoopBuilder b(op.getLoc(), rewriter);
    b.setInsertionPoint(op);
    Value x = op.getX(), summary = op.getOuts()[0], valid = op.getOuts()[1], ids = op.getOuts()[2];
    Type element = cast<MemRefType>(x.getType()).getElementType();
    Type accType = getScoreType(element);
    Value tokens = b.size(x, 1), width = b.size(x, 2), slots = b.size(summary, 1);
    Value size = b.index(op.getSize()), zero = b.index(0), one = b.index(1);
    bool adopt = op.getOrphans() == Orphans::Adopt;

    b.loop(zero, b.size(x, 0), [&](Value batch) {
      Value length = prefixLength(b, op, batch, tokens);
      Value full = b.floorDiv(length, size);
      Value last = b.sub(full, one);
      Value covered = b.mul(full, size);
      b.loop(zero, tokens, [&](Value i) {
        Value block = b.floorDiv(i, size);
        Value inside = b.compare(arith::CmpIPredicate::slt, i, adopt ? length : covered);
        Value any = b.andI(inside, b.compare(arith::CmpIPredicate::sgt, full, zero));
        Value id = b.select(any, b.fromIndex(b.getI32Type(), b.min(block, last)),
                            b.integer(b.getI32Type(), kNoToken));
        b.store(id, ids, {batch, i});
      });
      b.loop(zero, slots, [&](Value slot) {
        Value live = b.compare(arith::CmpIPredicate::slt, slot, full);
        b.store(live, valid, {batch, slot});
        Value lo = b.mul(slot, size);
        Value isLast = b.compare(arith::CmpIPredicate::eq, slot, last);
        Value end = b.add(lo, size);
        Value hi = adopt ? b.select(isLast, length, end) : end;
        // A dead block is an empty range of tokens.
        hi = b.select(live, hi, lo);
        Value count = arith::UIToFPOp::create(b, accType, b.fromIndex(b.getI64Type(), b.sub(hi, lo)));
        int64_t vectorWidth =
            isContiguousLast(x) && isContiguousLast(summary) ? (accType.isF64() ? 8 : 16) : 1;
        Value summaryRow = b.row(summary, {batch, slot});
        b.visit(zero, width, vectorWidth, [&](Value d, int64_t lanes) {
          Type laneType = lanes == 1 ? element : Type(VectorType::get({lanes}, element));
          Value acc = b.splat(lanes, b.real(accType, 0.0));
          Value sum = b.loop(lo, hi, 1, acc, [&](Value i, ValueRange carried) -> SmallVector<Value> {
            Value row = b.row(x, {batch, i});
            Value value = lanes == 1
                              ? b.load(row, d)
                              : vector::LoadOp::create(b, cast<VectorType>(laneType), row, d).getResult();
            return {arith::AddFOp::create(b, carried[0], b.convertFloat(value, accType))};
          })[0];
          if (op.getReduce() == BlockReduce::Mean) {
            Value divisor = b.select(live, count, b.real(accType, 1.0));
            sum = arith::DivFOp::create(b, sum, b.splat(lanes, divisor));
          }
          Value rounded = b.convertFloat(sum, element);
          if (lanes == 1)
            b.store(rounded, summaryRow, d);
          else
            vector::StoreOp::create(b, rounded, summaryRow, d);
        });
      });
    });
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void colt5::populateBlockSummaryToLoopsPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerBlockSummary>(patterns.getContext());
}
