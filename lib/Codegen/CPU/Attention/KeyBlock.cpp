// One block of keys against one block of queries: read, stage and pack the keys, then visit the panels of
// queries.
#include "AttentionEmitter.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::colt5;

Value AttentionEmitter::loadVector(Value memref, ValueRange at, Type elementType) {
  return vector::LoadOp::create(b, VectorType::get({lanes}, elementType), memref, at);
}

/// Row, position and validity of each key of the block.
void AttentionEmitter::readKeys(const Position &at, const KeySet &set, const Keys &keys) {
  b.loop(b.index(0), keys.count, [&](Value j) {
    KeyInfo key = readKey(b, request, set, at, b.add(keys.j0, j));
    b.store(key.row, keyRow, j);
    b.store(key.position, keyPos, j);
    b.store(key.isPresent, keyOk, j);
  });
}

/// Copies columns [c0, c0 + cCount) of the block's rows into `target`, zeros for absent keys, so that data
/// behind a mask is never read.
void AttentionEmitter::stageRows(const Position &at, Value source, Value target, const Keys &keys, Value c0,
                                 Value cCount) {
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(element));
  auto columns = [&](Value memref, ValueRange leading, Value offset) -> Value {
    int64_t rank = cast<MemRefType>(memref.getType()).getRank();
    SmallVector<OpFoldResult> offsets(leading.begin(), leading.end()), sizes(rank, b.getIndexAttr(1)),
        strides(rank, b.getIndexAttr(1));
    offsets.push_back(offset);
    sizes.back() = cCount;
    MemRefType rowType = memref::SubViewOp::inferRankReducedResultType(
        {ShapedType::kDynamic}, cast<MemRefType>(memref.getType()), offsets, sizes, strides);
    return memref::SubViewOp::create(b, rowType, memref, offsets, sizes, strides);
  };
  b.loop(b.index(0), keys.count, [&](Value j) {
    Value to = columns(target, j, b.index(0));
    b.ifThen(
        b.load(keyOk, j),
        [&] {
          Value from = columns(source, {at.batch, at.group, b.load(keyRow, j)}, c0);
          linalg::CopyOp::create(b, from, to);
        },
        [&] { linalg::FillOp::create(b, zero, to); });
  });
}

void AttentionEmitter::packValues(const Position &at, const KeySet &set, const Keys &keys) {
  MatrixView view{set.v, {at.batch, at.group, keys.j0, at.c0}, 3, 2};
  if (set.isStaged()) {
    stageRows(at, set.v, valueRows, keys, at.c0, at.cCount);
    view = {valueRows, {b.index(0), b.index(0)}, 1, 0};
  }
  packPanels(b, view, at.cCount, keys.count, vPanels, b.index(0));
}

void AttentionEmitter::packKeys(const Position &at, const KeySet &set, const Keys &keys, Value c0,
                                Value cCount) {
  MatrixView view{set.k, {at.batch, at.group, keys.j0, c0}, 2, 3};
  if (set.isStaged()) {
    stageRows(at, set.k, keyRows, keys, c0, cCount);
    view = {keyRows, {b.index(0), b.index(0)}, 0, 1};
  }
  packPanels(b, view, keys.count, cCount, kPanels, b.index(0));
}

void AttentionEmitter::processSet(const Position &at, const KeySet &set) {
  Value zero = b.index(0);
  readReference(at, set);
  if (set.buckets)
    expandBiasTable(at, set);
  auto [first, last] = keyRange(at, set, zero, at.qCount);
  Value lastKey = last;
  b.loop(first, last, keyBlock, {}, [&](Value j0, ValueRange) -> SmallVector<Value> {
    Keys keys{j0, b.min(b.index(keyBlock), b.sub(lastKey, j0)), zero, Value()};
    keys.to = keys.count;
    readKeys(at, set, keys);
    if (oneChunk)
      packKeys(at, set, keys, zero, at.cCount);
    packValues(at, set, keys);
    b.loop(zero, panelCount(at), [&](Value panel) {
      Value from = rowOf(panel, zero);
      Value to = b.min(b.add(from, b.index(lanes)), at.qCount);
      auto [lo, hi] = keyRange(at, set, from, to);
      // A panel of a long block of queries may see a part of this block of keys, or nothing of it.
      Keys seen = keys;
      Value rows = b.index(scoreTile.mr);
      seen.from = arith::MaxSIOp::create(b, b.sub(lo, j0), zero);
      seen.from = b.mul(b.floorDiv(seen.from, rows), rows);
      seen.to = b.min(b.sub(hi, j0), keys.count);
      b.ifThen(b.compare(arith::CmpIPredicate::slt, seen.from, seen.to),
               [&] { updatePanel(at, set, seen, panel); });
    });
    return {};
  });
}
