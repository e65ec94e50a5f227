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

static int64_t countBlocks(int64_t extent, int64_t block) {
  // An unknown extent is assumed to keep the cores busy.
  return ShapedType::isDynamic(extent) ? 1 << 10 : llvm::divideCeil(extent, block);
}

std::pair<SmallVector<int64_t>, std::string> mma_sync::chooseShape(const ContractionView &view,
                                                                   const Machine &machine) {
  ArrayRef<int64_t[6]> table = view.getNumProducts() == 1 ? ArrayRef(kOneProduct) : ArrayRef(kTwoProducts);
  int64_t rows = view.getExtent(view.rows), columns = view.getExtent(view.columns),
          batch = countBlocks(view.getExtent(view.batch), 1), blocks = 0;
  const int64_t *choice = nullptr;
  for (const auto &row : table) {
    choice = row;
    blocks = batch * countBlocks(rows, row[0]) * countBlocks(columns, row[1]);
    // Three quarters of a wave keep the chip busier than more and smaller blocks would.
    if (4 * blocks >= 3 * machine.cores)
      break;
  }
  std::string reason = llvm::formatv("blocks of {0} x {1} on tensor cores; about {2} of them for {3} cores",
                                     choice[0], choice[1], blocks, machine.cores);
  return {SmallVector<int64_t>(choice, choice + 6), reason};
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
