#ifndef COLT5_LIB_EMULATOR_DEVICE_SHADOW_H
#define COLT5_LIB_EMULATOR_DEVICE_SHADOW_H

#include "llvm/ADT/SmallVector.h"
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace mlir::colt5::emulator {

/// A moment of a thread: serial number of its block (28 bits), the thread's time (25), thread (11). Serial
/// numbers grow from launch to launch, times begin at 1, so 0 is never a moment. Threads from 1024 on stand
/// for the wgmma of warp groups.
using Epoch = uint64_t;
constexpr unsigned kThreadBits = 11, kTimeBits = 25, kSerialShift = kThreadBits + kTimeBits;
constexpr Epoch kTick = Epoch(1) << kThreadBits;
inline uint32_t serialOf(Epoch e) { return e >> kSerialShift; }
inline uint32_t timeOf(Epoch e) { return (e >> kThreadBits) & ((1u << kTimeBits) - 1); }
inline uint32_t threadOf(Epoch e) { return e & ((1u << kThreadBits) - 1); }

/// Instead of the moment of a write: the cell belongs to no variable; a copy into it is under way.
constexpr Epoch kGap = ~Epoch(0), kPending = ~Epoch(0) - 1;
/// Instead of the moment of a read: asynchronous reads of it are under way.
constexpr Epoch kAsyncRead = ~Epoch(0);
/// The moment of what the host wrote.
constexpr Epoch kHostWrite = 1;

/// What is known about one granule of memory.
struct Cell {
  /// 0: nobody wrote it. Old serial numbers in shared memory mean the same.
  Epoch write = 0;
  Epoch read[2] = {0, 0};
  /// Of the write.
  uint32_t site = 0;
  uint16_t issuer = 0;
  uint8_t asyncReads = 0;
  uint8_t flags = 0;
};
static_assert(sizeof(Cell) == 32);
/// The last write was an atomic operation; it came through the asynchronous proxy.
enum CellFlag : uint8_t { AtomicWrite = 1, AsyncProxyWrite = 2 };

/// Memory is watched in pages. A page is watched in units of 4 bytes until somebody touches less.
constexpr uint64_t kPageBits = 12, kPageBytes = 1 << kPageBits;
/// A page's cells, with the logarithm of its unit in the low bits; 0: not touched yet.
using PageEntry = uint64_t;

class ShadowPages {
public:
  /// `coarsest`: logarithm of the unit to begin with; `finest`: of the smallest unit to tell apart.
  void reset(uint64_t bytes, unsigned coarsest, unsigned finest, bool initialized);
  /// Keeps only what was written at all.
  void forgetTimes();
  /// Forgets every page; for shared memory, whose gaps depend on the kernel.
  void clear();
  PageEntry *entries() { return table.data(); }
  const PageEntry *entries() const { return table.data(); }
  uint64_t bytes() const { return size; }
  unsigned finestShift() const { return finest; }

  static Cell *cells(PageEntry entry) { return reinterpret_cast<Cell *>(entry & ~PageEntry(3)); }
  static unsigned shift(PageEntry entry) { return entry & 3; }

  /// The cells of a page, made on first use; `unit`: the logarithm of the unit that the access needs.
  PageEntry page(uint64_t number, unsigned unit);
  /// Calls `f(cell, offset, bytes)` for each cell of the range.
  template <typename F> void forEach(uint64_t offset, uint64_t length, F f) {
    uint64_t end = offset + length;
    while (offset < end) {
      uint64_t stop = std::min(end, (offset & ~(kPageBytes - 1)) + kPageBytes);
      unsigned unit = 2;
      for (; unit > finest && (((offset | stop) & ((1u << unit) - 1)) != 0);)
        --unit;
      PageEntry entry = page(offset >> kPageBits, unit);
      unsigned step = shift(entry);
      for (uint64_t at = offset & ~((uint64_t(1) << step) - 1); at < stop; at += uint64_t(1) << step)
        f(cells(entry)[(at & (kPageBytes - 1)) >> step], at, uint64_t(1) << step);
      offset = stop;
    }
  }
  /// Bytes of cells that nobody wrote.
  uint64_t countUnwritten() const;

  /// Marks gaps in pages as they are made; null: there are none.
  ArrayRef<std::pair<uint32_t, uint32_t>> variables;
  bool hasGaps = false;
  /// Whether an older page of coarser units says that the byte was written.
  bool writtenBefore(uint64_t offset) const;

private:
  std::vector<PageEntry> table;
  uint64_t size = 0;
  unsigned coarsest = 2, finest = 0;
  bool initialized = false;
  /// Coarser cells of pages, by number: another host thread may still have written to them.
  std::unordered_map<uint64_t, llvm::SmallVector<PageEntry, 2>> old;
  std::vector<std::unique_ptr<Cell[]>> storage;
  std::unique_ptr<std::mutex> lock = std::make_unique<std::mutex>();
};

/// Global memory that the caller announced.
struct Buffer {
  std::string name;
  char *data;
  uint64_t bytes;
  ShadowPages shadow;
  /// Constant memory and parameters.
  bool readOnly = false;
};

/// What the fast paths need of a buffer. One for each load and store of the program: it mostly touches one
/// buffer.
struct SiteBuffer {
  uint64_t data = 0, bytes = 0;
  PageEntry *pages = nullptr;
};

/// What the fast paths need of a block.
struct BlockHead {
  uint64_t sharedBase = 0, sharedBytes = 0;
  PageEntry *sharedPages = nullptr;
  /// Epochs of this block: base, and how far above it everything lies before the last full barrier.
  Epoch base = 0, phaseLimit = 0;
  /// Epochs below belong to earlier launches; to blocks before this cluster.
  Epoch launchFloor = 0, clusterBase = 0;
  SiteBuffer *siteBuffers = nullptr;
  /// Functions of the compiled kernels, which save all vector registers of this machine and call the full
  /// checks.
  void *slowLoad = nullptr, *slowStore = nullptr;
};

struct ThreadHead {
  Epoch epoch = 0;
  BlockHead *head = nullptr;
};

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_DEVICE_SHADOW_H
