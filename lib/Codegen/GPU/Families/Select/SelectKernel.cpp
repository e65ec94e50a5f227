#include "SelectDetail.h"
#include "colt5/Codegen/GPU/KernelFamily.h"
#include "colt5/Stages/Common/Kernels.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

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

int64_t select::getThreads(Operation *op) {
  auto schedule = dyn_cast_if_present<SelectScheduleAttr>(findSchedule(op));
  return schedule && schedule.getThreads() ? schedule.getThreads() : chooseThreads(op);
}

Value select::countBlocks(OpBuilder &host, Location loc, Value scores, std::optional<int64_t> block) {
  ImplicitLocOpBuilder b(loc, host);
  auto size = [&](int64_t dim) { return b.createOrFold<tensor::DimOp>(scores, dim); };
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

//===----------------------------------------------------------------------===//
// The family
//===----------------------------------------------------------------------===//

std::optional<std::string> select::checkRows(const TiledLoop &loop, Operation *op) {
  std::optional<TileBox> scores = loop.locate(op->getOperand(0));
  for (OpOperand &operand : op->getOpOperands()) {
    auto fail = [&](const Twine &what) {
      return ("operand #" + Twine(operand.getOperandNumber()) + what).str();
    };
    std::optional<TileBox> box = loop.locate(operand.get());
    if (!box || !scores)
      return fail(" is computed in the loop");
    unsigned rank = box->offsets.size();
    bool isBudget = isa<SoftTopKOp>(op) && operand.get() == cast<SoftTopKOp>(op).getKNorm();
    // Batch and route lead, but for a mask of all routes.
    unsigned leading = isBudget ? rank : rank == 0 ? 0 : rank - 1;
    for (unsigned dim = 0; dim < rank; ++dim) {
      std::optional<unsigned> mine = loop.getPointDimension(*box, dim);
      bool sameRow = dim < leading && mine && mine == loop.getPointDimension(*scores, dim);
      if (!sameRow && !box->isWhole(dim))
        return fail(" is neither sliced row by row nor whole in dimension " + Twine(dim));
    }
  }
  for (OpResult result : op->getResults())
    if (!loop.findOutput(result))
      return ("result #" + Twine(result.getResultNumber()) + " is not a result of the loop").str();
  return std::nullopt;
}

std::optional<std::string> colt5::buildSelectKernel(scf::ForallOp forall, gpu::GPUModuleOp kernels) {
  std::string reason;
  std::optional<TiledLoop> loop = TiledLoop::read(forall, reason);
  if (!loop)
    return reason;
  if (loop->getComputeOps().size() != 1 || !isa<TopKOp, SoftTopKOp>(loop->getComputeOps().front()))
    return "expected one colt5.topk or colt5.soft_topk and no other op in the loop";
  Operation *op = loop->getComputeOps().front();
  if (std::optional<std::string> problem = checkRows(*loop, op))
    return problem;
  if (auto topk = dyn_cast<TopKOp>(op))
    buildTopK(*loop, topk, kernels);
  else
    buildSoftTopK(*loop, cast<SoftTopKOp>(op), kernels);
  return std::nullopt;
}
