// Pages of cells.
#include "Runtime.h"

using namespace mlir;
using namespace mlir::colt5::emulator;

void ShadowPages::reset(uint64_t bytes, unsigned coarsest, unsigned finest, bool initialized) {
  size = bytes;
  this->coarsest = coarsest;
  this->finest = finest;
  this->initialized = initialized;
  table.assign((bytes + kPageBytes - 1) / kPageBytes, 0);
  clear();
}

void ShadowPages::clear() {
  std::fill(table.begin(), table.end(), 0);
  old.clear();
  storage.clear();
}

PageEntry ShadowPages::page(uint64_t number, unsigned unit) {
  PageEntry entry = __atomic_load_n(&table[number], __ATOMIC_ACQUIRE);
  if (entry && shift(entry) <= unit)
    return entry;
  std::lock_guard<std::mutex> guard(*lock);
  entry = table[number];
  if (entry && shift(entry) <= unit)
    return entry;
  unsigned step = std::max(std::min(coarsest, unit), finest);
  uint64_t count = kPageBytes >> step;
  storage.push_back(std::make_unique<Cell[]>(count));
  Cell *fresh = storage.back().get();
  if (entry) {
    // Finer units: each part begins with what is known of the whole.
    unsigned ratio = shift(entry) - step;
    for (uint64_t i = 0; i < count; ++i)
      fresh[i] = cells(entry)[i >> ratio];
    old[number].push_back(entry);
  } else {
    uint64_t begin = number << kPageBits;
    for (uint64_t i = 0; i < count; ++i) {
      fresh[i].write = initialized ? kHostWrite : 0;
      uint64_t at = begin + (i << step);
      if (hasGaps &&
          llvm::none_of(variables, [&](auto range) { return at >= range.first && at < range.second; }))
        fresh[i].write = kGap;
    }
  }
  entry = reinterpret_cast<uint64_t>(fresh) | step;
  __atomic_store_n(&table[number], entry, __ATOMIC_RELEASE);
  return entry;
}

bool ShadowPages::writtenBefore(uint64_t offset) const {
  std::lock_guard<std::mutex> guard(*lock);
  auto found = old.find(offset >> kPageBits);
  return found != old.end() && llvm::any_of(found->second, [&](PageEntry entry) {
           return cells(entry)[(offset & (kPageBytes - 1)) >> shift(entry)].write != 0;
         });
}

void ShadowPages::forgetTimes() {
  for (auto [number, entry] : llvm::enumerate(table))
    for (uint64_t i = 0; entry && i < kPageBytes >> shift(entry); ++i) {
      Cell &cell = cells(entry)[i];
      Cell fresh;
      bool written = cell.write || writtenBefore((number << kPageBits) + (i << shift(entry)));
      fresh.write = written ? kHostWrite : 0;
      cell = fresh;
    }
}

uint64_t ShadowPages::countUnwritten() const {
  uint64_t count = 0;
  for (auto [number, entry] : llvm::enumerate(table)) {
    uint64_t length = std::min(kPageBytes, size - (number << kPageBits));
    if (!entry) {
      count += initialized ? 0 : length;
      continue;
    }
    uint64_t step = uint64_t(1) << shift(entry);
    for (uint64_t i = 0; i < length; i += step)
      if (!cells(entry)[i >> shift(entry)].write && !writtenBefore((number << kPageBits) + i))
        count += std::min(step, length - i);
  }
  return count;
}
