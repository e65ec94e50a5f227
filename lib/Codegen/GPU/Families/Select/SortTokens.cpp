// Merge sort of a block of threads: an element finds its place in a merged run by counting, with a binary
// search in the other run, what comes before it there.
#include "SelectDetail.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::select;

using IsBefore = function_ref<Value(Value, Value)>;

SmallVector<Value> TokenArray::at(BlockBuilder &b, Value slot) const {
  SmallVector<Value> subscripts(row);
  subscripts.push_back(base ? b.add(base, slot) : slot);
  return subscripts;
}

/// Number of tokens in the sorted slots [lo, hi) that come before `token`.
static Value rank(BlockBuilder &b, const TokenArray &tokens, Value token, Value lo, Value hi,
                  IsBefore isBefore) {
  Value one = b.index(1);
  SmallVector<Value> range = b.whileLoop(
      {lo, hi}, [&](ValueRange r) { return b.compare(arith::CmpIPredicate::ult, r[0], r[1]); },
      [&](ValueRange r) -> SmallVector<Value> {
        Value middle = arith::ShRUIOp::create(b, b.add(r[0], r[1]), one);
        Value isLess = isBefore(tokens.load(b, middle), token);
        return {b.select(isLess, b.add(middle, one), r[0]), b.select(isLess, r[1], middle)};
      });
  return b.sub(range[0], lo);
}

/// Merges neighbouring sorted runs of `width` tokens (a power of two) of `from` into `to`.
static void merge(BlockBuilder &b, const TokenArray &from, const TokenArray &to, Value count, Value width,
                  IsBefore isBefore) {
  Value one = b.index(1);
  b.distribute(count, [&](Value i) {
    Value inRun = b.andI(i, b.sub(width, one));
    Value run = b.sub(i, inRun);
    Value isSecond = b.compare(arith::CmpIPredicate::ne, b.andI(run, width), b.index(0));
    Value pair = b.select(isSecond, b.sub(run, width), run);
    Value lo = b.min(b.select(isSecond, pair, b.add(run, width)), count);
    Value hi = b.min(b.add(lo, width), count);
    Value token = from.load(b, i);
    Value before = rank(b, from, token, lo, hi, isBefore);
    to.store(b, token, b.add(pair, b.add(inRun, before)));
  });
  b.barrier();
}

void select::sortTokens(BlockBuilder &b, const TokenArray &tokens, const TokenArray &scratch, Value count,
                        IsBefore isBefore) {
  // Two merges at a time leave the tokens where they were; a merge of one run copies it.
  b.whileLoop(
      b.index(1), [&](ValueRange width) { return b.compare(arith::CmpIPredicate::ult, width[0], count); },
      [&](ValueRange width) -> SmallVector<Value> {
        Value twice = b.add(width[0], width[0]);
        merge(b, tokens, scratch, count, width[0], isBefore);
        merge(b, scratch, tokens, count, twice, isBefore);
        return {b.add(twice, twice)};
      });
}
