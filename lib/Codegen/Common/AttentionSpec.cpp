#include "colt5/Codegen/Common/AttentionSpec.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::colt5;

template <typename OpTy> static AttentionSpec makeCommonRequest(OpTy op) {
  AttentionSpec request;
  request.op = op;
  request.q = op.getQ();
  request.qValid = op.getQValid();
  request.qPos = op.getQPos();
  request.qBase = op.getQBase();
  request.scale = op.getScale().convertToDouble();
  request.trusted = op.getTrusted();
  KeySet local;
  local.k = op.getK();
  local.v = op.getV();
  local.valid = op.getKvValid();
  local.positions = op.getKvPos();
  local.base = op.getKvBase();
  local.rows = op.getKvIdx();
  local.queryReference = op.getQPos();
  local.pattern = op.getPatternAttr();
  if (op.getBiasTable()) {
    local.buckets = op.getBiasAttr();
    local.table = op.getBiasTable();
  }
  local.score = &op.getScore();
  local.extra.assign(op.getExtra().begin(), op.getExtra().end());
  request.sets.push_back(std::move(local));
  return request;
}

AttentionSpec colt5::makeRequest(AttentionOp op) {
  AttentionSpec request = makeCommonRequest(op);
  request.out = op.getOuts()[0];
  if (op.getOuts().size() > 1)
    request.lse = op.getOuts()[1];
  if (op.getSideK()) {
    KeySet side;
    side.k = op.getSideK();
    side.v = op.getSideV();
    side.valid = op.getSideValid();
    if (op.getSideBiasTable()) {
      side.buckets = op.getBiasAttr();
      side.table = op.getSideBiasTable();
      side.queryReference = op.getQBlock();
    }
    request.sets.push_back(std::move(side));
  }
  return request;
}

AttentionSpec colt5::makeRequest(OnlineAttentionOp op) {
  AttentionSpec request = makeCommonRequest(op);
  request.acc = op.getOuts()[0];
  request.max = op.getOuts()[1];
  request.sum = op.getOuts()[2];
  return request;
}

Value colt5::loadPerGroup(LoopBuilder &b, Value memref, const HeadPosition &at, Value slot) {
  if (cast<MemRefType>(memref.getType()).getRank() == 3)
    return b.load(memref, {at.batch, at.group, slot});
  return b.load(memref, {at.batch, slot});
}

std::pair<Value, Value> colt5::readQuery(LoopBuilder &b, const AttentionSpec &request, const HeadPosition &at,
                                         Value slot) {
  Type i32 = b.getI32Type();
  Value ok = request.qValid ? b.load(request.qValid, {at.batch, slot}) : b.boolean(true);
  if (!request.qPos) {
    Value base = request.qBase ? request.qBase : b.index(0);
    return {b.fromIndex(i32, b.add(base, slot)), ok};
  }
  Value pos = loadPerGroup(b, request.qPos, at, slot);
  return {pos, b.andI(ok, b.compare(arith::CmpIPredicate::ne, pos, b.integer(i32, kNoToken)))};
}

KeyInfo colt5::readKey(LoopBuilder &b, const AttentionSpec &request, const KeySet &set,
                       const HeadPosition &at, Value slot) {
  Type i32 = b.getI32Type();
  Value row = slot, ok = b.boolean(true);
  if (set.rows) {
    std::tie(row, ok) = loadCheckedIndex(b, request.op, set.rows, {at.batch, at.group, at.list, slot},
                                         b.size(set.k, 2), request.trusted);
    // An absent key reads row 0 below, and ignores what it reads.
    row = b.select(ok, row, b.index(0));
  }
  if (set.valid)
    ok = b.andI(ok, loadPerGroup(b, set.valid, at, row));
  if (!set.positions) {
    Value base = set.base ? set.base : b.index(0);
    return {row, b.fromIndex(i32, b.add(base, row)), ok};
  }
  Value pos = loadPerGroup(b, set.positions, at, row);
  return {row, pos, b.andI(ok, b.compare(arith::CmpIPredicate::ne, pos, b.integer(i32, kNoToken)))};
}

Value colt5::countSlots(LoopBuilder &b, const KeySet &set) {
  return set.rows ? b.size(set.rows, 3) : b.size(set.k, 2);
}

std::pair<Value, Value> colt5::getSlotRange(LoopBuilder &b, const KeySet &set, Value from, Value to) {
  Value first = b.index(0), last = countSlots(b, set);
  if (!set.pattern || !set.isConsecutive())
    return {first, last};
  auto [keyLo, keyHi] = set.pattern.buildKeyRange(b, b.getLoc(), from, to);
  Value base = set.base ? set.base : b.index(0);
  if (keyLo)
    first = arith::MaxSIOp::create(b, first, b.sub(keyLo, base));
  if (keyHi)
    last = b.min(last, b.sub(keyHi, base));
  return {first, last};
}

Value colt5::getBucket(LoopBuilder &b, T5BucketsAttr buckets, Value relative) {
  Value zero = b.index(0), backward = b.sub(zero, relative), bucket = zero;
  Value distance = arith::MaxSIOp::create(b, backward, zero);
  if (buckets.getDirection() == Direction::Bidirectional) {
    distance = arith::MaxSIOp::create(b, relative, backward);
    bucket = b.select(b.compare(arith::CmpIPredicate::sgt, relative, zero),
                      b.index(buckets.getNumBuckets() / 2), zero);
  }
  for (int64_t threshold : buckets.getThresholds()) {
    Value reached = b.compare(arith::CmpIPredicate::sge, distance, b.index(threshold));
    bucket = b.add(bucket, b.select(reached, b.index(1), zero));
  }
  return bucket;
}

Value colt5::applyScoreRegion(LoopBuilder &b, const KeySet &set, const HeadPosition &at, Value query,
                              const KeyInfo &key, Value score, Value reference) {
  SmallVector<Value> full{at.batch, at.head, query, key.row}, arguments{score, reference, key.position};
  for (Value extra : set.extra) {
    SmallVector<Value> subscripts;
    for (int64_t dim = 0; dim < 4; ++dim) {
      Value isOne = b.compare(arith::CmpIPredicate::eq, b.size(extra, dim), b.index(1));
      subscripts.push_back(b.select(isOne, b.index(0), full[dim]));
    }
    arguments.push_back(b.load(extra, subscripts));
  }
  Block &body = set.score->front();
  IRMapping mapping;
  mapping.map(body.getArguments(), arguments);
  for (Operation &nested : body.without_terminator())
    b.clone(nested, mapping);
  return mapping.lookupOrDefault(body.getTerminator()->getOperand(0));
}
