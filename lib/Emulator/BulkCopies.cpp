// Bulk tensor copies (TMA) from global to shared memory. They land late: when no thread can do anything else.
#include "Runtime.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

/// Address bits 4.. are mixed with bits 7.., as many as the mode has.
static uint64_t swizzle(uint64_t offset, uint32_t bytes) {
  uint64_t mask = bytes ? bytes / 16 - 1 : 0;
  return offset ^ ((offset >> 7 & mask) << 4);
}

static void loadTensor(char *to, const void *descriptor, void *barrier, const uint64_t *coordinates,
                       uint32_t rank, uint32_t predicate, uint32_t site) {
  if (!predicate)
    return;
  Thread &self = currentThread();
  Cta &block = *self.block;
  touch(descriptor, sizeof(EmulatedTensorMap), 64, Access::Read, site);
  EmulatedTensorMap map;
  std::memcpy(&map, descriptor, sizeof(map));
  if (map.magic != EmulatedTensorMap::kMagic || map.rank != rank || rank > 5)
    fail(EmulatorErrorKind::BadOperand, site,
         "expected a tensor map (EmulatedTensorMap) of rank " + std::to_string(rank) + ", found " +
             (map.magic == EmulatedTensorMap::kMagic ? "one of rank " + std::to_string(map.rank)
                                                     : "other bytes"));
  uint32_t mbarrier = checkMBarrier(barrier, site);
  uint64_t base = to - block.shared;
  if (base >= kSharedWindow || base % 128)
    fail(EmulatorErrorKind::Misaligned, site,
         "expected a destination in shared memory at a multiple of 128 bytes, found byte " +
             std::to_string(base));
  if (map.swizzleBytes && uint64_t(map.box[0]) * map.elementBytes > map.swizzleBytes)
    fail(EmulatorErrorKind::BadOperand, site,
         "expected rows of the box of at most " + std::to_string(map.swizzleBytes) +
             " bytes, the span of the swizzle");
  BulkCopy copy{{}, map.elementBytes, mbarrier, self.index, self.now, site};
  uint64_t count = 1;
  for (uint32_t d = 0; d < rank; ++d)
    count *= map.box[d];
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t rest = i, from = map.address;
    bool inside = true;
    for (uint32_t d = 0; d < rank; ++d) {
      int64_t at = int64_t(int32_t(coordinates[d])) + int64_t(rest % map.box[d]);
      rest /= map.box[d];
      inside &= at >= 0 && at < int64_t(map.sizes[d]);
      from += at * (d ? map.strides[d - 1] : map.elementBytes);
    }
    char *target = block.shared + swizzle(base + i * map.elementBytes, map.swizzleBytes);
    const char *source = inside ? reinterpret_cast<const char *>(from) : nullptr;
    if (source)
      touch(source, map.elementBytes, map.elementBytes, Access::Read, site);
    touch(target, map.elementBytes, 1, Access::AsyncWrite, site);
    copy.elements.push_back({target, source});
  }
  block.bulkCopies.push_back(std::move(copy));
  ++block.progress;
  // What this thread does from now on is not covered by the copy's barrier.
  ++self.now;
}

bool emulator::landBulkCopy(Cta &block) {
  if (block.bulkCopies.empty())
    return false;
  if (block.launch->options.seed)
    std::swap(block.bulkCopies.front(), block.bulkCopies[block.random() % block.bulkCopies.size()]);
  BulkCopy copy = std::move(block.bulkCopies.front());
  block.bulkCopies.pop_front();
  for (auto [to, from] : copy.elements) {
    Cell *cells = &block.cells[to - block.shared];
    for (uint32_t i = 0; i < copy.elementBytes; ++i) {
      cells[i].pending = false;
      cells[i].initialized = true;
    }
    if (from)
      std::memcpy(to, from, copy.elementBytes);
    else
      std::memset(to, 0, copy.elementBytes);
  }
  ++block.progress;
  completeTransactions(block, block.threads[copy.issuer], copy.barrier,
                       copy.elements.size() * copy.elementBytes, copy.issuedAt, copy.site);
  return true;
}

void emulator::addBulkSymbols(SymbolMap &symbols) {
  symbols["colt5_emu_load_tensor"] = reinterpret_cast<void *>(loadTensor);
}
