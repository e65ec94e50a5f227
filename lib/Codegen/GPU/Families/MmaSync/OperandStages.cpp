#include "Emit.h"

#include "colt5/Codegen/Common/Divisibility.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::mma_sync;

/// Elements of 16 bytes: what one cp.async brings and one row of an 8x8 matrix holds.
static constexpr int64_t kPiece = 8;
/// Pieces that fill all banks of shared memory, 128 bytes.
static constexpr int64_t kBankPieces = 8;

void mma_sync::setPosition(BlockBuilder &b, const LoopGroup &group, Value number, Position &position) {
  // Loops of one point need no division, which would hide from LLVM that neighbours differ by a constant.
  SmallVector<unsigned> loops;
  SmallVector<Value> sizes;
  for (auto [loop, size] : llvm::zip_equal(group.loops, group.sizes)) {
    position[loop] = b.index(0);
    if (getConstantIntValue(size) == 1)
      continue;
    loops.push_back(loop);
    sizes.push_back(size);
  }
  for (auto [loop, value] : llvm::zip_equal(loops, b.delinearize(number, sizes)))
    position[loop] = value;
}

/// Whether pieces of eight along the last dimension of `memref` are whole and aligned, and run along the
/// innermost loop of `group`.
static bool hasPieces(Value host, ArrayRef<unsigned> loops, const LoopGroup &group) {
  return loops.back() == group.loops.back() && getVectorWidth(host, int64_t(loops.size()) - 1) >= kPiece;
}

OperandStages::OperandStages(BlockBuilder &b, Value memref, Value host, ArrayRef<unsigned> loops,
                             const LoopGroup &lanes, const LoopGroup &k, const Shape &shape,
                             int64_t blockLanes, Value memory, int64_t offset)
    : b(b), memref(memref), loops(loops), lanes(lanes), k(k), shape(shape) {
  alongK = !llvm::is_contained(lanes.loops, loops.back());
  isAligned = hasPieces(host, loops, alongK ? k : lanes);
  numRows = alongK ? blockLanes : shape.blockK;
  numColumns = alongK ? shape.blockK : blockLanes;
  auto space = gpu::AddressSpaceAttr::get(b.getContext(), gpu::AddressSpace::Workgroup);
  auto type =
      MemRefType::get({shape.stages * getStageSize()}, cast<MemRefType>(memref.getType()).getElementType(),
                      MemRefLayoutAttrInterface(), space);
  shared = memref::ViewOp::create(b, type, memory, b.index(offset), ValueRange());
}

int64_t OperandStages::getTogether() const { return std::max<int64_t>(kBankPieces * kPiece / numColumns, 1); }

int64_t OperandStages::getPhases() const { return std::min(numColumns / kPiece, kBankPieces); }

Value OperandStages::place(Value row, Value piece) {
  Value phase = b.andI(b.floorDiv(row, b.index(getTogether())), b.index(getPhases() - 1));
  Value moved = arith::XOrIOp::create(b, piece, phase);
  return b.add(b.mul(row, b.index(numColumns)), b.mul(moved, b.index(kPiece)));
}

SmallVector<Value> OperandStages::at(const Position &position) const {
  return llvm::map_to_vector(loops, [&](unsigned loop) { return position[loop]; });
}

/// Brings `count` elements from `position` on, and zeros for the rest of the piece; all eight when null.
void OperandStages::copyPiece(const Position &position, Value count, Value to) {
  nvgpu::DeviceAsyncCopyOp::create(b, nvgpu::DeviceAsyncTokenType::get(b.getContext()), shared, to, memref,
                                   at(position), b.getIndexAttr(kPiece), count, b.getUnitAttr());
}

/// Reads the elements one by one, from number `first` of the contiguous group on.
void OperandStages::gatherPiece(Position position, Value first, Value isRowInside, Value to) {
  const LoopGroup &along = alongK ? k : lanes;
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  SmallVector<Value> elements;
  for (int64_t i = 0; i < kPiece; ++i) {
    Value number = b.add(first, b.index(i));
    Value isInside = b.compare(arith::CmpIPredicate::ult, number, along.total);
    elements.push_back(b.ifElse(
        b.andI(isInside, isRowInside), element,
        [&]() -> SmallVector<Value> {
          setPosition(b, along, number, position);
          return {b.load(memref, at(position))};
        },
        [&]() -> SmallVector<Value> { return {b.real(element, 0.0)}; })[0]);
  }
  auto type = VectorType::get({kPiece}, element);
  b.storeAligned(vector::FromElementsOp::create(b, type, elements), shared, to);
}

void OperandStages::loadPiece(Position position, Value lane0, Value k0, Value row, Value inRow, Value to) {
  const LoopGroup &along = alongK ? k : lanes, &across = alongK ? lanes : k;
  Value first = b.add(alongK ? k0 : lane0, b.mul(inRow, b.index(kPiece)));
  Value other = b.add(alongK ? lane0 : k0, row);
  Value zero = b.index(0);
  auto divides = [](const LoopGroup &group, int64_t block) {
    return !ShapedType::isDynamic(group.extent) && group.extent % block == 0;
  };
  bool isFirstInside = divides(along, numColumns), isOtherInside = divides(across, numRows);
  Value inside = isOtherInside ? b.boolean(true) : b.compare(arith::CmpIPredicate::ult, other, across.total);
  // Addresses of what is not read stay inside as well.
  setPosition(b, across, isOtherInside ? other : b.select(inside, other, zero), position);
  if (!isAligned)
    return gatherPiece(position, first, inside, to);
  Value count;
  if (!isFirstInside || !isOtherInside) {
    // The size of the innermost loop is a multiple of eight, so that no piece is cut.
    Value isWhole =
        isFirstInside ? inside : b.andI(inside, b.compare(arith::CmpIPredicate::ult, first, along.total));
    count = b.select(isWhole, b.index(kPiece), zero);
    first = b.select(isWhole, first, zero);
  }
  setPosition(b, along, first, position);
  copyPiece(position, count, to);
}

void OperandStages::load(Position position, Value lane0, Value step, Value stage) {
  Value k0 = b.mul(step, b.index(shape.blockK)), start = b.mul(stage, b.index(getStageSize()));
  int64_t perRow = numColumns / kPiece, rowsAtOnce = b.getNumThreads() / perRow;
  Value thread = b.thread(), row0 = b.floorDiv(thread, b.index(perRow));
  Value inRow = arith::RemUIOp::create(b, thread, b.index(perRow));
  // Rows of one phase lie apart by a constant.
  bool isOnePhase = rowsAtOnce % (getTogether() * getPhases()) == 0;
  Value first = place(row0, inRow);
  for (int64_t down = 0; down < numRows; down += rowsAtOnce) {
    Value row = b.add(row0, b.index(down));
    Value inStage = isOnePhase ? b.add(first, b.index(down * numColumns)) : place(row, inRow);
    auto body = [&] { loadPiece(position, lane0, k0, row, inRow, b.add(start, inStage)); };
    if (down + rowsAtOnce <= numRows)
      body();
    else
      b.ifThen(b.compare(arith::CmpIPredicate::ult, row, b.index(numRows)), body);
  }
}

void OperandStages::prepareReads(Value lane0, int64_t warpLanes, bool isA) {
  // Every lane gives the address of one row of the four 8x8 matrices of a tile: lanes 0 to 7 of the first, 8
  // to 15 of the second, and so on. The second is beside the first along the lanes of A and along the k of B.
  Value lane = b.lane(), eight = b.index(8);
  Value inMatrix = arith::RemUIOp::create(b, lane, eight), matrix = b.floorDiv(lane, eight);
  Value low = arith::RemUIOp::create(b, matrix, b.index(2)), high = b.floorDiv(matrix, b.index(2));
  Value alongLanes = isA ? low : high, alongDepth = isA ? high : low;
  Value row = b.add(b.mul(alongK ? alongLanes : alongDepth, eight), inMatrix);
  if (alongK) {
    row = b.add(lane0, row);
    for (int64_t part = 0; part < shape.blockK / 16; ++part)
      reads.push_back(place(row, b.add(alongDepth, b.index(2 * part))));
    return;
  }
  Value piece = b.add(b.floorDiv(lane0, eight), alongLanes);
  for (int64_t tile = 0; tile < warpLanes / 16; ++tile)
    reads.push_back(place(row, b.add(piece, b.index(2 * tile))));
}

SmallVector<Value> OperandStages::read(Value stage, int64_t tile, int64_t part) {
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  Value inStage = b.add(reads[alongK ? part : tile], b.index(16 * (alongK ? tile : part) * numColumns));
  Value at = b.add(b.mul(stage, b.index(getStageSize())), inStage);
  Value matrices = nvgpu::LdMatrixOp::create(b, VectorType::get({4, 2}, element), shared, at,
                                             /*transpose=*/!alongK, /*numTiles=*/4);
  return llvm::map_to_vector(llvm::seq<int64_t>(0, 4),
                             [&](int64_t i) -> Value { return vector::ExtractOp::create(b, matrices, i); });
}
