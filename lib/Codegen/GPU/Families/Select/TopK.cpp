// Exact top-k by radix select: per digit a histogram in shared memory, the digit of the threshold by a scan
// over it; then compaction in index order, each warp on a range of its own.
#include "SelectDetail.h"
#include "colt5/Codegen/GPU/Selection.h"
#include "colt5/Stages/Common/Kernels.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::select;

namespace {

/// What stands behind the parameters of the kernel.
struct Operands {
  Value scores, mask, indices, valid, values;
};

class TopKKernel {
public:
  TopKKernel(KernelWriter &writer, TopKOp op, const Operands &operands, Value scratch);
  void write();

private:
  Value computeKey(Value i);
  Value loadKey(Value i);
  void cacheKeys();
  std::pair<Value, Value> findThreshold(Value wanted);
  Value findDigit(Value wanted);
  void compact(Value threshold, Value equals, function_ref<void(Value slot, Value token, Value key)> take);
  void sort(const TokenArray &tokens, const TokenArray &other, Value count);
  void selectTokens(Value wanted);
  void storeSlot(Value slot, Value token, Value key);
  void fillSurplus(Value lo, Value hi);

  SmallVector<Value> at(Value slot) { return {problem.batch, problem.route, b.add(base, slot)}; }
  Value i32(int64_t value) { return b.integer(b.getI32Type(), value); }
  Value bits(int64_t value) { return b.integer(keyType, value); }

  KernelWriter &writer;
  BlockBuilder &b;
  TopKOp op;
  Operands operands;
  Value scratch;
  Problem problem;
  FloatType scoreType;
  IntegerType keyType;
  RowCache cache;
  /// First slot of the problem in its row, and number of slots.
  Value base, slots;
  Value histogram, chosen, warpTotals;
};

} // namespace

TopKKernel::TopKKernel(KernelWriter &writer, TopKOp op, const Operands &operands, Value scratch)
    : writer(writer), b(writer.getBuilder()), op(op), operands(operands), scratch(scratch),
      problem(b, operands.scores, op.getBlock()),
      scoreType(cast<FloatType>(cast<MemRefType>(operands.scores.getType()).getElementType())),
      keyType(b.getIntegerType(scoreType.getWidth())),
      cache(writer, keyType, getStaticLength(cast<ShapedType>(operands.scores.getType()), op.getBlock())) {
  histogram = writer.allocateShared({kBins}, b.getI32Type());
  chosen = writer.allocateShared({2}, b.getI32Type());
  warpTotals = writer.allocateShared({b.getNumWarps()}, b.getI32Type());
}

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

/// The key of token `i` of the problem, 0 for a masked one.
Value TopKKernel::computeKey(Value i) {
  Value token = b.add(problem.first, i);
  Value key = makeSelectionKey(b, b.load(operands.scores, {problem.batch, problem.route, token}));
  if (!operands.mask)
    return key;
  return b.select(loadMask(b, operands.mask, problem.batch, problem.route, token), key, bits(0));
}

Value TopKKernel::loadKey(Value i) {
  return cache.load(b, i, [&] { return computeKey(i); });
}

void TopKKernel::cacheKeys() {
  b.distribute(problem.length, [&](Value i) { cache.store(b, computeKey(i), i); });
}

//===----------------------------------------------------------------------===//
// The threshold
//===----------------------------------------------------------------------===//

/// Stores into `chosen` the largest digit for which at least `wanted` (i32) counts of the histogram are at it
/// or above, and how many of the wanted are at it.
Value TopKKernel::findDigit(Value wanted) {
  // Each thread has a run of bins, the first thread the highest ones.
  Value share = b.index(kBins / b.getNumThreads());
  Value top = b.sub(b.index(kBins - 1), b.mul(b.thread(), share));
  auto isReached = [&](Value count) { return b.compare(arith::CmpIPredicate::sge, count, wanted); };
  Value own = b.loop(b.index(0), share, 1, i32(0), [&](Value j, ValueRange sum) -> SmallVector<Value> {
    return {b.add(sum[0], b.load(histogram, b.sub(top, j)))};
  })[0];
  Value above = b.scanBlock(own, warpTotals);
  Value isMine = b.compare(arith::CmpIPredicate::slt, above, wanted);
  isMine = b.andI(isMine, isReached(b.add(above, own)));
  b.ifThen(isMine, [&] {
    b.loop(b.index(0), share, 1, above, [&](Value j, ValueRange sum) -> SmallVector<Value> {
      Value bin = b.sub(top, j);
      Value next = b.add(sum[0], b.load(histogram, bin));
      Value isHere = b.andI(b.compare(arith::CmpIPredicate::slt, sum[0], wanted), isReached(next));
      b.ifThen(isHere, [&] {
        b.store(b.fromIndex(b.getI32Type(), bin), chosen, b.index(0));
        b.store(b.sub(wanted, sum[0]), chosen, b.index(1));
      });
      return {next};
    });
  });
  b.barrier();
  return b.load(chosen, b.index(0));
}

/// The key of the last of the `wanted` (i32) tokens, and how many of them have this key.
std::pair<Value, Value> TopKKernel::findThreshold(Value wanted) {
  int64_t width = keyType.getWidth(), numDigits = llvm::divideCeil(width, kDigitBits);
  Value digitMask = bits(kBins - 1), step = bits(kDigitBits);
  SmallVector<Value> found = b.loop(
      b.index(0), b.index(numDigits), 1, {bits(0), bits(0), bits(width - kDigitBits), wanted},
      [&](Value, ValueRange state) -> SmallVector<Value> {
        Value prefix = state[0], decided = state[1], shift = state[2];
        b.distribute(b.index(kBins), [&](Value bin) { b.store(i32(0), histogram, bin); });
        b.barrier();
        b.distribute(problem.length, [&](Value i) {
          Value key = loadKey(i);
          Value differs = b.andI(arith::XOrIOp::create(b, key, prefix), decided);
          b.ifThen(b.compare(arith::CmpIPredicate::eq, differs, bits(0)), [&] {
            Value digit = b.andI(arith::ShRUIOp::create(b, key, shift), digitMask);
            memref::AtomicRMWOp::create(b, arith::AtomicRMWKind::addi, i32(1), histogram, b.toIndex(digit));
          });
        });
        b.barrier();
        Value digit = findDigit(state[3]);
        Value wide = keyType.getWidth() == 32 ? digit : arith::ExtUIOp::create(b, keyType, digit).getResult();
        // The last digit overlaps the one before it, where both hold the same bits.
        Value next = arith::MaxSIOp::create(b, b.sub(shift, step), bits(0));
        return {b.orI(prefix, arith::ShLIOp::create(b, wide, shift)),
                b.orI(decided, arith::ShLIOp::create(b, digitMask, shift)), next, b.load(chosen, b.index(1))};
      });
  return {found[0], found[3]};
}

//===----------------------------------------------------------------------===//
// Slots
//===----------------------------------------------------------------------===//

/// Calls `take` for the tokens above `threshold` and for `equals` (i32) of those at it, ties decided by
/// index, with their slots in index order.
void TopKKernel::compact(Value threshold, Value equals,
                         function_ref<void(Value slot, Value token, Value key)> take) {
  Type i32Type = b.getI32Type();
  Value warpWidth = b.index(kWarpSize), lane = b.lane();
  Value perStep = b.index(b.getNumThreads());
  Value steps = arith::CeilDivUIOp::create(b, problem.length, perStep);
  Value share = b.mul(steps, warpWidth);
  Value begin = b.min(b.mul(b.warp(), share), problem.length);
  Value end = b.min(b.add(begin, share), problem.length);
  auto isAbove = [&](Value key) { return b.compare(arith::CmpIPredicate::ugt, key, threshold); };
  auto isEqual = [&](Value key) { return b.compare(arith::CmpIPredicate::eq, key, threshold); };
  auto count = [&](Value condition) { return arith::ExtUIOp::create(b, i32Type, condition).getResult(); };

  SmallVector<Value> own =
      b.loop(b.add(begin, lane), end, kWarpSize, {i32(0), i32(0)},
             [&](Value i, ValueRange sums) -> SmallVector<Value> {
               Value key = loadKey(i);
               return {b.add(sums[0], count(isAbove(key))), b.add(sums[1], count(isEqual(key)))};
             });
  Value aboveBefore = b.scanBlock(own[0], warpTotals);
  b.barrier();
  Value equalBefore = b.scanBlock(own[1], warpTotals);
  // What stands before the warp is what stands before its first lane.
  aboveBefore = b.broadcastLane(aboveBefore, b.index(0));
  equalBefore = b.broadcastLane(equalBefore, b.index(0));
  // Of the equal ones the first few are skipped when ties go to the highest index.
  Value skip = i32(0);
  if (op.getTie() == TieBreak::HighestIndex) {
    Value all = i32(0);
    all = b.loop(b.index(0), b.index(b.getNumWarps()), 1, all,
                 [&](Value w, ValueRange sum) -> SmallVector<Value> {
                   return {b.add(sum[0], b.load(warpTotals, w))};
                 })[0];
    skip = b.sub(all, equals);
  }

  Value lowerLanes = b.sub(arith::ShLIOp::create(b, i32(1), b.fromIndex(i32Type, lane)), i32(1));
  auto countBits = [&](Value word) { return math::CtPopOp::create(b, word).getResult(); };
  b.loop(begin, end, kWarpSize, {aboveBefore, equalBefore},
         [&](Value start, ValueRange before) -> SmallVector<Value> {
           Value i = b.add(start, lane);
           Value isInside = b.compare(arith::CmpIPredicate::ult, i, end);
           Value key = b.ifElse(
               isInside, keyType, [&]() -> SmallVector<Value> { return {loadKey(i)}; },
               [&]() -> SmallVector<Value> { return {bits(0)}; })[0];
           Value above = b.andI(isInside, isAbove(key)), equal = b.andI(isInside, isEqual(key));
           Value aboveBits = b.ballot(above), equalBits = b.ballot(equal);
           Value aboveRank = b.add(before[0], countBits(b.andI(aboveBits, lowerLanes)));
           Value equalRank = b.sub(b.add(before[1], countBits(b.andI(equalBits, lowerLanes))), skip);
           // Equal tokens before this one that are taken.
           Value taken = arith::MaxSIOp::create(b, b.min(equalRank, equals), i32(0));
           Value isTaken = b.andI(b.compare(arith::CmpIPredicate::sge, equalRank, i32(0)),
                                  b.compare(arith::CmpIPredicate::slt, equalRank, equals));
           b.ifThen(b.orI(above, b.andI(equal, isTaken)), [&] {
             take(b.toIndex(b.add(aboveRank, taken)), b.fromIndex(i32Type, b.add(problem.first, i)), key);
           });
           return {b.add(before[0], countBits(aboveBits)), b.add(before[1], countBits(equalBits))};
         });
}

/// Sorts into selection order.
void TopKKernel::sort(const TokenArray &tokens, const TokenArray &other, Value count) {
  auto tie = op.getTie() == TieBreak::LowestIndex ? arith::CmpIPredicate::slt : arith::CmpIPredicate::sgt;
  auto keyOf = [&](Value token) { return loadKey(b.sub(b.toIndex(token), problem.first)); };
  sortTokens(b, tokens, other, count, [&](Value x, Value y) -> Value {
    Value keyX = keyOf(x), keyY = keyOf(y);
    return b.orI(b.compare(arith::CmpIPredicate::ugt, keyX, keyY),
                 b.andI(b.compare(arith::CmpIPredicate::eq, keyX, keyY), b.compare(tie, x, y)));
  });
}

/// Writes what belongs to `token` (i32, whose key is `key`) into `slot`.
void TopKKernel::storeSlot(Value slot, Value token, Value key) {
  SmallVector<Value> place = at(slot);
  Value valid = b.compare(arith::CmpIPredicate::ne, key, bits(0));
  b.store(token, operands.indices, place);
  b.store(valid, operands.valid, place);
  if (!operands.values)
    return;
  Value score = b.load(operands.scores, {problem.batch, problem.route, b.toIndex(token)});
  Value isShown = b.andI(valid, b.compare(arith::CmpFPredicate::ORD, score, score));
  Value minusInf = b.real(scoreType, -std::numeric_limits<double>::infinity());
  b.store(b.select(isShown, score, minusInf), operands.values, place);
}

/// Empties the slots [lo, hi) of the row.
void TopKKernel::fillSurplus(Value lo, Value hi) {
  Value count = arith::MaxSIOp::create(b, b.sub(hi, lo), b.index(0));
  b.distribute(count, [&](Value i) {
    SmallVector<Value> place{problem.batch, problem.route, b.add(lo, i)};
    b.store(i32(kNoToken), operands.indices, place);
    b.store(b.boolean(false), operands.valid, place);
    if (operands.values)
      b.store(b.real(scoreType, -std::numeric_limits<double>::infinity()), operands.values, place);
  });
}

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

void TopKKernel::selectTokens(Value wanted) {
  cacheKeys();
  auto [threshold, equals] = findThreshold(b.fromIndex(b.getI32Type(), wanted));
  if (op.getOrder() == SlotOrder::Index) {
    compact(threshold, equals, [&](Value slot, Value token, Value key) { storeSlot(slot, token, key); });
    return;
  }
  TokenArray tokens{operands.indices, {problem.batch, problem.route}, base}, other = tokens;
  other.memref = scratch;
  if (!scratch) {
    int64_t capacity = std::max<int64_t>(cast<ShapedType>(operands.indices.getType()).getDimSize(2), 1);
    tokens = {writer.allocateShared({capacity}, b.getI32Type()), {}, Value()};
    other = {writer.allocateShared({capacity}, b.getI32Type()), {}, Value()};
  }
  compact(threshold, equals, [&](Value slot, Value token, Value) { tokens.store(b, token, slot); });
  b.barrier();
  sort(tokens, other, wanted);
  b.distribute(wanted, [&](Value slot) {
    Value token = tokens.load(b, slot);
    storeSlot(slot, token, loadKey(b.sub(b.toIndex(token), problem.first)));
  });
}

void TopKKernel::write() {
  Value total = b.size(operands.indices, 2), zero = b.index(0), one = b.index(1);
  slots = b.floorDiv(total, arith::MaxUIOp::create(b, problem.count, one));
  base = b.mul(problem.number, slots);
  auto selectExisting = [&] {
    Value wanted = b.min(slots, problem.length);
    b.ifThen(b.compare(arith::CmpIPredicate::sgt, wanted, zero), [&] { selectTokens(wanted); });
    fillSurplus(b.add(base, wanted), b.add(base, slots));
  };
  if (!problem.exists)
    return selectExisting();
  b.ifThen(problem.exists, selectExisting);
  // Slots of no problem.
  b.ifThen(b.compare(arith::CmpIPredicate::eq, problem.number, zero),
           [&] { fillSurplus(b.mul(problem.count, slots), total); });
}

//===----------------------------------------------------------------------===//
// The family
//===----------------------------------------------------------------------===//

static bool needsScratch(SlotOrder order, int64_t slots) {
  return order == SlotOrder::Score && (ShapedType::isDynamic(slots) || slots > kSharedSlots);
}

SmallVector<Value> select::createScratch(OpBuilder &builder, TopKOp op) {
  Value slots = op.getIndicesInit();
  if (!needsScratch(op.getOrder(), cast<ShapedType>(slots.getType()).getDimSize(2)))
    return {};
  return {createEmptyLike(builder, op.getLoc(), slots)};
}

/// Whether the outs after `results` are the scratch memory that the selection sorts in.
static bool isScratchRight(KernelOp op, TopKOp selection) {
  auto slots = cast<MemRefType>(op.getOuts()[0].getType());
  OperandRange scratch = op.getOuts().drop_front(selection->getNumResults());
  // Buffers may know less of their sizes than the tensors that were claimed.
  int64_t claimed = cast<ShapedType>(selection.getIndicesInit().getType()).getDimSize(2);
  if (scratch.empty())
    return !needsScratch(selection.getOrder(), claimed);
  auto type = cast<MemRefType>(scratch[0].getType());
  return scratch.size() == 1 && type.getElementType() == slots.getElementType() &&
         succeeded(verifyCompatibleShape(type, slots));
}

LogicalResult select::emitTopK(KernelOp op, TopKOp selection, gpu::GPUModuleOp kernels) {
  unsigned results = selection->getNumResults();
  bool hasScratch = op.getOuts().size() > results;
  if (!isScratchRight(op, selection))
    return op.emitOpError(
               "expected as scratch one out like out #0, which only a selection in score order of more "
               "than ")
           << kSharedSlots << " or an unknown number of slots needs, found ("
           << op.getOuts().drop_front(results).getTypes() << "); colt5-claim-kernels adds it";
  Value scores = op->getOperand(cast<BlockArgument>(selection.getScores()).getArgNumber());
  Value blocks = countBlocks(op, scores, selection.getBlock());
  KernelWriter writer(op, kernels, "topk", getThreads(op, selection));
  Operands operands;
  operands.scores = writer.getParameter(selection.getScores());
  operands.mask = writer.getParameter(selection.getMask());
  operands.indices = writer.getOut(0);
  operands.valid = writer.getOut(1);
  operands.values = selection.getValuesInit() ? writer.getOut(2) : Value();
  TopKKernel(writer, selection, operands, hasScratch ? writer.getOut(results) : Value()).write();
  writer.launch(blocks);
  return success();
}
