#include "ContractionTiling.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::colt5;

/// 64 accumulators, the stage on its way and the operands fit the 128 registers that let two blocks of 256
/// threads share a multiprocessor.
static constexpr int64_t kMaxAccumulatorWords = 64;
/// Two stages of both operands; with the tile of an epilogue two blocks fit beside each other.
static constexpr int64_t kMaxStageBytes = 40 << 10;

ContractionTiling colt5::chooseContractionTiling(const ContractionSpec &info, int64_t m, int64_t n,
                                                 SimtScheduleAttr schedule) {
  int64_t threads = schedule.getThreads();
  int64_t bytes = info.type.getIntOrFloatBitWidth() / 8, outputs = info.c.size();
  ContractionTiling tiling;
  tiling.group = 16 / bytes;
  auto fit = [](int64_t extent, int64_t most) -> int64_t {
    return std::clamp<int64_t>(llvm::PowerOf2Ceil(std::max<int64_t>(extent, 1)), 4, most);
  };
  tiling.rows = fit(m, schedule.getBlockRows());
  tiling.columns = fit(n, schedule.getBlockColumns());
  auto wordsPerThread = [&] { return tiling.rows * tiling.columns * outputs * bytes / 4 / threads; };
  while (wordsPerThread() > kMaxAccumulatorWords)
    (tiling.rows > tiling.columns ? tiling.rows : tiling.columns) /= 2;

  tiling.threadRows = tiling.threadColumns = 4;
  auto parts = [&] { return tiling.getThreadsDown() * tiling.getThreadsAcross(); };
  while (parts() > threads) {
    bool growRows = tiling.threadRows <= tiling.threadColumns && tiling.rows > tiling.threadRows;
    (growRows ? tiling.threadRows : tiling.threadColumns) *= 2;
  }
  tiling.slices = threads / parts();

  auto stageBytes = [&](int64_t depth) {
    return 2 * depth * (tiling.rows + tiling.columns * outputs) * bytes;
  };
  tiling.depth = 8;
  int64_t wanted =
      std::max<int64_t>(schedule.getBlockK() * 4 / std::max<int64_t>(bytes, 4), 4 * tiling.slices);
  while (tiling.depth < tiling.slices ||
         (tiling.depth < wanted && stageBytes(2 * tiling.depth) <= kMaxStageBytes))
    tiling.depth *= 2;
  return tiling;
}
