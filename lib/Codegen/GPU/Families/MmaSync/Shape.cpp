#include "Shape.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::mma_sync;

/// Registers of a thread for sums; the rest is for operands and addresses.
static constexpr int64_t kMaxSums = 160;

/// Blocks from large to small, for one product and for two: larger ones read each operand less often.
static constexpr int64_t kOneProduct[][6] = {
    {128, 128, 32, 64, 64, 4}, {128, 64, 32, 64, 32, 4}, {64, 64, 64, 32, 32, 3}, {32, 64, 64, 16, 32, 4}};
static constexpr int64_t kTwoProducts[][6] = {
    {128, 64, 32, 64, 32, 4}, {64, 64, 32, 32, 32, 4}, {64, 32, 64, 32, 16, 3}};

Shape::Shape(MmaSyncScheduleAttr schedule) {
  SmallVector<int64_t> v = schedule.getValues();
  blockRows = v[0], blockColumns = v[1], blockK = v[2], warpRows = v[3], warpColumns = v[4], stages = v[5];
}

/// An unknown extent is assumed to keep the cores busy.
static constexpr int64_t kManyBlocks = 1 << 10;

/// Blocks of `blockRows` x `blockColumns` sums, kDynamic where unknown.
static int64_t countBlocks(const ContractionView &view, int64_t blockRows, int64_t blockColumns) {
  int64_t rows = view.getExtent(view.rows), columns = view.getExtent(view.columns),
          batch = view.getExtent(view.batch);
  if (ShapedType::isDynamic(rows) || ShapedType::isDynamic(columns) || ShapedType::isDynamic(batch))
    return ShapedType::kDynamic;
  return batch * llvm::divideCeil(rows, blockRows) * llvm::divideCeil(columns, blockColumns);
}

SmallVector<int64_t> mma_sync::chooseShape(const ContractionView &view, const Machine &machine) {
  ArrayRef<int64_t[6]> table = view.getNumProducts() == 1 ? ArrayRef(kOneProduct) : ArrayRef(kTwoProducts);
  for (const auto &row : table) {
    int64_t blocks = countBlocks(view, row[0], row[1]);
    // Three quarters of a wave keep the chip busier than more and smaller blocks would.
    if (4 * (ShapedType::isDynamic(blocks) ? kManyBlocks : blocks) >= 3 * machine.cores)
      return SmallVector<int64_t>(row, row + 6);
  }
  return SmallVector<int64_t>(table.back(), table.back() + 6);
}

std::string mma_sync::describeShape(const Shape &shape, const ContractionView &view, const Machine &machine) {
  int64_t blocks = countBlocks(view, shape.blockRows, shape.blockColumns);
  std::string number = ShapedType::isDynamic(blocks) ? "an unknown number" : std::to_string(blocks);
  return llvm::formatv("blocks of {0} x {1} on tensor cores, {2} of them for {3} cores", shape.blockRows,
                       shape.blockColumns, number, machine.cores);
}

std::optional<std::string> mma_sync::checkShape(const Shape &shape, int64_t products,
                                                const Machine &machine) {
  if (shape.blockRows % shape.warpRows || shape.blockColumns % shape.warpColumns)
    return llvm::formatv("expected blocks of whole warps, found {0} x {1} in parts of {2} x {3}",
                         shape.blockRows, shape.blockColumns, shape.warpRows, shape.warpColumns);
  if (shape.getThreads() > 1024)
    return llvm::formatv("expected at most 32 warps in a block, found {0}", shape.getThreads() / kWarpSize);
  int64_t sums = products * shape.warpRows * shape.warpColumns / kWarpSize;
  if (sums > kMaxSums)
    return llvm::formatv(
        "expected at most {0} sums in a thread, found {1}; use smaller warp_rows or warp_columns", kMaxSums,
        sums);
  if (int64_t bytes = shape.getSharedBytes(products); bytes > machine.maxSharedBytes)
    return llvm::formatv("expected at most {0} bytes of shared memory, found {1}; use a smaller block or "
                         "fewer stages",
                         machine.maxSharedBytes, bytes);
  return std::nullopt;
}
