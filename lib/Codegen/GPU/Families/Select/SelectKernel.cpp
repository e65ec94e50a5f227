#include "SelectDetail.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::select;

//===----------------------------------------------------------------------===//
// Problems
//===----------------------------------------------------------------------===//

int64_t select::getStaticLength(ShapedType scores, std::optional<int64_t> block) {
  return block.value_or(scores.getDimSize(2));
}

int64_t select::chooseThreads(Operation *op) {
  auto scores = cast<ShapedType>(op->getOperand(0).getType());
  auto topk = dyn_cast<TopKOp>(op);
  // Exponentials in f64 need more registers than 1024 threads have.
  int64_t limit = !topk && scores.getElementType().isF64() ? 512 : 1024;
  int64_t length = getStaticLength(scores, topk ? topk.getBlock() : cast<SoftTopKOp>(op).getBlock());
  if (ShapedType::isDynamic(length))
    return limit;
  // About four tokens for each thread: more threads cost more at barriers than they save.
  return std::clamp<int64_t>(llvm::PowerOf2Ceil(llvm::divideCeil(length, 4)), 128, limit);
}

int64_t select::getThreads(KernelOp op, Operation *selection) {
  auto schedule = dyn_cast_if_present<SelectScheduleAttr>(op.getPlan().getSchedule());
  return schedule && schedule.getThreads() ? schedule.getThreads() : chooseThreads(selection);
}

Value select::countBlocks(KernelOp op, Value scores, std::optional<int64_t> block) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  auto size = [&](int64_t dim) { return b.createOrFold<memref::DimOp>(scores, dim); };
  Value total = b.createOrFold<arith::MulIOp>(size(0), size(1));
  if (!block)
    return total;
  Value length = arith::ConstantIndexOp::create(b, *block), one = arith::ConstantIndexOp::create(b, 1);
  Value perRow = b.createOrFold<arith::DivUIOp>(size(2), length);
  return b.createOrFold<arith::MulIOp>(total, b.createOrFold<arith::MaxUIOp>(perRow, one));
}

Problem::Problem(BlockBuilder &b, Value scores, std::optional<int64_t> block) {
  Value tokens = b.size(scores, 2), routes = b.size(scores, 1), one = b.index(1);
  Value id = gpu::BlockIdOp::create(b, gpu::Dimension::x);
  number = first = b.index(0);
  count = one;
  length = tokens;
  Value row = id;
  if (block) {
    length = b.index(*block);
    count = b.floorDiv(tokens, length);
    Value perRow = arith::MaxUIOp::create(b, count, one);
    row = b.floorDiv(id, perRow);
    number = arith::RemUIOp::create(b, id, perRow);
    first = b.mul(number, length);
    exists = b.compare(arith::CmpIPredicate::ult, number, count);
  }
  batch = b.floorDiv(row, routes);
  route = arith::RemUIOp::create(b, row, routes);
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

RowCache::RowCache(KernelWriter &writer, Type element, int64_t staticLength) {
  int64_t bytes = element.getIntOrFloatBitWidth() / 8;
  bool isKnown = !ShapedType::isDynamic(staticLength);
  capacity = (isKnown ? kRowBytes : kUnknownRowBytes) / bytes;
  holdsAll = isKnown && staticLength <= capacity;
  if (holdsAll)
    capacity = std::max<int64_t>(staticLength, 1);
  shared = writer.allocateShared({capacity}, element);
}

void RowCache::store(BlockBuilder &b, Value value, Value i) {
  if (holdsAll)
    return b.store(value, shared, i);
  b.ifThen(b.compare(arith::CmpIPredicate::ult, i, b.index(capacity)), [&] { b.store(value, shared, i); });
}

Value RowCache::load(BlockBuilder &b, Value i, function_ref<Value()> otherwise) const {
  if (holdsAll)
    return b.load(shared, i);
  Type type = cast<MemRefType>(shared.getType()).getElementType();
  return b.ifElse(
      b.compare(arith::CmpIPredicate::ult, i, b.index(capacity)), type,
      [&]() -> SmallVector<Value> { return {b.load(shared, i)}; },
      [&]() -> SmallVector<Value> { return {otherwise()}; })[0];
}
