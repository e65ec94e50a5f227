#include "Contraction.h"
#include "Parallel.h"

#include <algorithm>
#include <vector>

using namespace mlir::colt5::reference;

// Rows and columns of a register tile, and the extents of the blocks of a and b that stay in cache.
static constexpr int64_t kTileRows = 4, kTileColumns = 16, kBlockRows = 64, kBlockK = 256;

// One binary serves every x86-64 machine; the loader picks the widest version.
#if defined(__x86_64__) && defined(__GLIBC__)
#define COLT5_WIDE_VECTORS __attribute__((target_clones("arch=haswell", "default")))
#else
#define COLT5_WIDE_VECTORS
#endif

/// acc[r][j] += sum_k a[k][r] * b[k][j] with a packed by kTileRows and b by kTileColumns.
template <typename T>
static inline __attribute__((always_inline)) void multiplyTile(const T *a, const T *b, T *acc, int64_t k) {
  T sums[kTileRows][kTileColumns];
  for (int64_t r = 0; r < kTileRows; ++r)
    for (int64_t j = 0; j < kTileColumns; ++j)
      sums[r][j] = acc[r * kTileColumns + j];
  for (int64_t p = 0; p < k; ++p)
    for (int64_t r = 0; r < kTileRows; ++r)
      for (int64_t j = 0; j < kTileColumns; ++j)
        sums[r][j] += a[p * kTileRows + r] * b[p * kTileColumns + j];
  for (int64_t r = 0; r < kTileRows; ++r)
    for (int64_t j = 0; j < kTileColumns; ++j)
      acc[r * kTileColumns + j] = sums[r][j];
}

COLT5_WIDE_VECTORS static void multiplyTileF64(const double *a, const double *b, double *acc, int64_t k) {
  multiplyTile(a, b, acc, k);
}
COLT5_WIDE_VECTORS static void multiplyTileF32(const float *a, const float *b, float *acc, int64_t k) {
  multiplyTile(a, b, acc, k);
}
static void runTile(const double *a, const double *b, double *acc, int64_t k) {
  multiplyTileF64(a, b, acc, k);
}
static void runTile(const float *a, const float *b, float *acc, int64_t k) { multiplyTileF32(a, b, acc, k); }

/// Copies rows [row, row + kTileRows) x [k0, k0 + kSize) of a, k-major; rows past m are 0.
template <typename T>
static void packRows(const double *a, T *out, int64_t row, int64_t m, int64_t k0, int64_t kSize, int64_t k) {
  for (int64_t r = 0; r < kTileRows; ++r)
    for (int64_t p = 0; p < kSize; ++p)
      out[p * kTileRows + r] = row + r < m ? static_cast<T>(a[(row + r) * k + k0 + p]) : T(0);
}

template <typename T>
static void contractAs(const double *a, const double *b, double *c, int64_t m, int64_t n, int64_t k,
                       unsigned threads) {
  int64_t panels = (n + kTileColumns - 1) / kTileColumns;
  int64_t rowBlocks = (m + kBlockRows - 1) / kBlockRows;
  std::vector<T> packedB(panels * kTileColumns * std::min(k, kBlockK));
  for (int64_t k0 = 0; k0 < k; k0 += kBlockK) {
    int64_t kSize = std::min(kBlockK, k - k0);
    parallelFor(panels, threads, [&](int64_t panel) {
      T *out = packedB.data() + panel * kTileColumns * kSize;
      for (int64_t p = 0; p < kSize; ++p)
        for (int64_t j = 0; j < kTileColumns; ++j) {
          int64_t column = panel * kTileColumns + j;
          out[p * kTileColumns + j] = column < n ? static_cast<T>(b[(k0 + p) * n + column]) : T(0);
        }
    });
    parallelFor(rowBlocks, threads, [&](int64_t block) {
      std::vector<T> packedA(kBlockRows * kSize);
      int64_t begin = block * kBlockRows, end = std::min(begin + kBlockRows, m);
      for (int64_t row = begin; row < end; row += kTileRows)
        packRows(a, packedA.data() + (row - begin) * kSize, row, m, k0, kSize, k);
      for (int64_t panel = 0; panel < panels; ++panel) {
        int64_t column = panel * kTileColumns, columns = std::min(kTileColumns, n - column);
        for (int64_t row = begin; row < end; row += kTileRows) {
          int64_t rows = std::min(kTileRows, end - row);
          T acc[kTileRows * kTileColumns] = {};
          for (int64_t r = 0; r < rows; ++r)
            for (int64_t j = 0; j < columns; ++j)
              acc[r * kTileColumns + j] = static_cast<T>(c[(row + r) * n + column + j]);
          runTile(packedA.data() + (row - begin) * kSize, packedB.data() + panel * kTileColumns * kSize, acc,
                  kSize);
          for (int64_t r = 0; r < rows; ++r)
            for (int64_t j = 0; j < columns; ++j)
              c[(row + r) * n + column + j] = acc[r * kTileColumns + j];
        }
      }
    });
  }
}

void mlir::colt5::reference::contract(const double *a, const double *b, double *c, int64_t m, int64_t n,
                                      int64_t k, Accumulate accumulate, unsigned threads) {
  if (m == 0 || n == 0 || k == 0)
    return;
  // Threads cost more than they bring below about a million products.
  if (m * n * k < (1 << 20))
    threads = 1;
  if (accumulate == Accumulate::F64)
    contractAs<double>(a, b, c, m, n, k, threads);
  else
    contractAs<float>(a, b, c, m, n, k, threads);
}
