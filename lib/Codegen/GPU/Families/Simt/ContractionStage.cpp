// Stages of the operands: memory to registers to shared memory.
#include "ContractionEmitter.h"

#include "colt5/Codegen/Common/Divisibility.h"
using namespace mlir;
using namespace mlir::colt5;

/// Rows that a warp reads at a time along k: the 16 rows and two vectors of 16 bytes of each fill whole
/// sectors of memory, and their transposed stores go to different banks.
static constexpr int64_t kRowsPerPass = 16;

StageLoader::StageLoader(BlockBuilder &b, linalg::LinalgOp op, const ContractionSpec &info,
                         const ContractionOperand &operand, unsigned laneLoop, int64_t lanes, int64_t depth)
    : b(b), info(info), operand(operand), laneLoop(laneLoop), lanes(lanes), depth(depth) {
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  kSize = ranges[info.k];
  laneSize = ranges[laneLoop];
  Type element = cast<MemRefType>(operand.memref.getType()).getElementType();
  int64_t alongKWidth = std::min(getVectorWidth(operand.memref, operand.dimOf(info.k)), depth);
  int64_t alongLanesWidth = std::min(getVectorWidth(operand.memref, operand.dimOf(laneLoop)), lanes);
  alongK =
      alongKWidth > alongLanesWidth || (alongKWidth == alongLanesWidth && isContiguousLast(operand.memref) &&
                                        operand.dimOf(info.k) == int64_t(operand.loops.size()) - 1);
  width = alongK ? alongKWidth : alongLanesWidth;
  // Narrower vectors where that gives every thread something to do.
  while (width > 4 && lanes * depth / width < b.getNumThreads())
    width /= 2;
  perThread = std::max<int64_t>(lanes * depth / width / b.getNumThreads(), 1);
  vectorType = VectorType::get({width}, element);
  int64_t padding = alongK ? 16 / (info.type.getIntOrFloatBitWidth() / 8) : 0;
  shared = b.allocateShared(op, {2, depth, lanes + padding}, info.type);
}

StageLoader::Place StageLoader::locate(int64_t number) {
  Value i = b.createOrFold<arith::AddIOp>(b.thread(), b.index(number * b.getNumThreads()));
  Value exists;
  if (lanes * depth / width < b.getNumThreads())
    exists = b.compare(arith::CmpIPredicate::ult, i, b.index(lanes * depth / width));
  auto split = [&](Value value, int64_t size) -> std::pair<Value, Value> {
    return {arith::DivUIOp::create(b, value, b.index(size)), arith::RemUIOp::create(b, value, b.index(size))};
  };
  auto scaled = [&](Value value, int64_t factor) {
    return b.createOrFold<arith::MulIOp>(value, b.index(factor));
  };
  if (!alongK) {
    auto [k, vector] = split(i, lanes / width);
    return {scaled(vector, width), k, exists};
  }
  // Unaligned rows are read along k by neighbouring threads.
  int64_t vectors = depth / width, rows = width == 1 ? 1 : std::min(kRowsPerPass, lanes);
  auto [rest, row] = split(i, rows);
  auto [pass, vector] = split(rest, vectors);
  return {b.add(scaled(pass, rows), row), scaled(vector, width), exists};
}

SmallVector<Value> StageLoader::load(ArrayRef<Value> at, Value lane0, Value k0, Value laneExtent,
                                     Value kExtent) {
  SmallVector<Value> values;
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(vectorType));
  bool fullK = !ShapedType::isDynamic(kSize) && kSize % depth == 0;
  bool fullLanes = !ShapedType::isDynamic(laneSize) && laneSize % lanes == 0;
  for (int64_t i = 0; i < perThread; ++i) {
    Place place = locate(i);
    auto read = [&]() -> SmallVector<Value> {
      Value lane = b.add(lane0, place.lane), k = b.add(k0, place.k), isInside;
      if (!fullLanes)
        lane = b.min(lane, b.sub(laneExtent, b.index(alongK ? 1 : width)));
      if (!fullK) {
        isInside = b.compare(arith::CmpIPredicate::slt, k, kExtent);
        k = b.min(k, b.sub(kExtent, b.index(alongK ? width : 1)));
      }
      SmallVector<Value> indices;
      for (unsigned loop : operand.loops)
        indices.push_back(loop == laneLoop ? lane : loop == info.k ? k : at[loop]);
      int64_t bytes = width * llvm::divideCeil(vectorType.getElementTypeBitWidth(), 8);
      Value value = vector::LoadOp::create(b, vectorType, operand.memref, indices, /*nontemporal=*/false,
                                           llvm::MaybeAlign(bytes));
      return {isInside ? b.select(isInside, value, zero) : value};
    };
    if (!place.exists) {
      values.push_back(read()[0]);
      continue;
    }
    values.push_back(
        b.ifElse(place.exists, vectorType, read, [&]() -> SmallVector<Value> { return {zero}; })[0]);
  }
  return values;
}

void StageLoader::store(ValueRange values, Value buffer) {
  int64_t bytes = info.type.getIntOrFloatBitWidth() / 8;
  for (auto [i, value] : llvm::enumerate(values)) {
    Place place = locate(i);
    auto write = [&, value = value] {
      Value wide = b.convertFloat(value, info.type);
      if (alongK) {
        for (int64_t lane = 0; lane < width; ++lane)
          b.store(vector::ExtractOp::create(b, wide, lane), shared,
                  {buffer, b.createOrFold<arith::AddIOp>(place.k, b.index(lane)), place.lane});
        return;
      }
      vector::StoreOp::create(b, wide, shared, ValueRange{buffer, place.k, place.lane}, /*nontemporal=*/false,
                              llvm::MaybeAlign(std::min<int64_t>(16, width * bytes)));
    };
    if (place.exists)
      b.ifThen(place.exists, write);
    else
      write();
  }
}

Value StageLoader::read(Value buffer, Value k, Value lane, int64_t count) {
  return vector::LoadOp::create(b, VectorType::get({count}, info.type), shared, ValueRange{buffer, k, lane},
                                /*nontemporal=*/false,
                                llvm::MaybeAlign(count * info.type.getIntOrFloatBitWidth() / 8));
}
