// The check of an access that goes well: its cells are known, and everybody else who touched them stands
// behind a full barrier. Everything else goes to Shadow.cpp.
#include "FastPath.h"

#include <cstring>

using namespace mlir::colt5::emulator;

namespace {
/// The cells under an access; null when the slow path must look.
struct Cells {
  Cell *begin;
  uint64_t count;
  /// Moments below are over; writes below `written`, other than 0, count as such.
  Epoch over, written;
};

inline __attribute__((always_inline)) Cells find(const BlockHead &head, const char *pointer, uint64_t bytes,
                                                 uint32_t align, uint32_t site) {
  uint64_t offset = uint64_t(pointer) - head.sharedBase, size = head.sharedBytes;
  PageEntry *pages = head.sharedPages;
  // What blocks before this one left in shared memory counts as unwritten.
  Epoch over = head.clusterBase, written = 1;
  if (offset >= size) {
    const SiteBuffer &buffer = head.siteBuffers[site];
    offset = uint64_t(pointer) - buffer.data;
    size = buffer.bytes;
    pages = buffer.pages;
    over = written = head.launchFloor;
    if (offset >= size)
      return {nullptr, 0, 0, 0};
  }
  uint64_t inPage = offset & (kPageBytes - 1);
  if (offset + bytes > size || inPage + bytes > kPageBytes || (uint64_t(pointer) & (align - 1)))
    return {nullptr, 0, 0, 0};
  PageEntry entry = pages[offset >> kPageBits];
  unsigned shift = ShadowPages::shift(entry);
  if (!entry || ((offset | bytes) & ((1u << shift) - 1)))
    return {nullptr, 0, 0, 0};
  return {ShadowPages::cells(entry) + (inPage >> shift), bytes >> shift, over, written};
}

/// Whether moment `e` lies before the last full barrier, or is this thread's.
inline __attribute__((always_inline)) bool ordered(const BlockHead &head, Epoch self, Epoch e) {
  return e - head.base < head.phaseLimit || ((e ^ self) >> kSerialShift == 0 && threadOf(e ^ self) == 0);
}
inline __attribute__((always_inline)) bool stale(const BlockHead &head, Epoch over, Epoch self, Epoch e) {
  return e < over || ordered(head, self, e);
}
} // namespace

namespace mlir::colt5::emulator {
COLT5_EMULATOR_PRESERVE void fastLoad(ThreadHead *self, const char *pointer, uint64_t bytes, uint32_t align,
                                      uint32_t site) {
  const BlockHead &head = *self->head;
  Epoch epoch = self->epoch;
  Cells cells = find(head, pointer, bytes, align, site);
  bool good = cells.begin;
  for (Cell *cell = cells.begin, *end = cell + cells.count; good && cell != end; ++cell) {
    Epoch write = cell->write;
    if (!(write - 1 < cells.written - 1 || ordered(head, epoch, write))) {
      good = false;
      break;
    }
    Epoch first = cell->read[0];
    if (first == epoch)
      continue;
    if (stale(head, cells.over, epoch, first)) {
      cell->read[0] = epoch;
      continue;
    }
    Epoch second = cell->read[1];
    if (second == epoch)
      continue;
    // Of many readers two are kept, of different warps if there are such.
    if (stale(head, cells.over, epoch, second) ||
        (second != kAsyncRead && threadOf(first ^ second) < 32 && threadOf(first ^ epoch) >= 32))
      cell->read[1] = epoch;
  }
  if (!good)
    reinterpret_cast<AccessFunction *>(head.slowLoad)(self, pointer, bytes, align, site);
}

COLT5_EMULATOR_PRESERVE void fastStore(ThreadHead *self, const char *pointer, uint64_t bytes, uint32_t align,
                                       uint32_t site) {
  const BlockHead &head = *self->head;
  Epoch epoch = self->epoch;
  Cells cells = find(head, pointer, bytes, align, site);
  bool good = cells.begin;
  for (Cell *cell = cells.begin, *end = cell + cells.count; good && cell != end; ++cell)
    good = stale(head, cells.over, epoch, cell->write) && stale(head, cells.over, epoch, cell->read[0]) &&
           stale(head, cells.over, epoch, cell->read[1]);
  if (!good)
    return reinterpret_cast<AccessFunction *>(head.slowStore)(self, pointer, bytes, align, site);
  for (Cell *cell = cells.begin, *end = cell + cells.count; cell != end; ++cell) {
    cell->write = epoch;
    cell->read[0] = 0;
    cell->read[1] = 0;
    uint64_t meta = site;
    std::memcpy(&cell->site, &meta, sizeof(meta));
  }
}
} // namespace mlir::colt5::emulator
