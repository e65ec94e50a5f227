// Bulk copies into shared memory (TMA). They land late: when no thread can do anything else.
#include "Bulk.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

/// Address bits 4.. are mixed with bits 7.., as many as the mode has.
static uint64_t swizzle(uint64_t offset, uint32_t bytes) {
  uint64_t mask = bytes ? bytes / 16 - 1 : 0;
  return offset ^ ((offset >> 7 & mask) << 4);
}

static void checkMap(const EmulatedTensorMap &map, uint32_t rank, uint32_t site) {
  auto require = [&](bool good, std::string expected) {
    if (!good)
      fail(EmulatorErrorKind::BadOperand, site, "expected " + std::move(expected));
  };
  require(map.magic == EmulatedTensorMap::kMagic && map.rank == rank && rank >= 1 && rank <= 5,
          "a tensor map (EmulatedTensorMap) of rank " + std::to_string(rank) + ", found " +
              (map.magic == EmulatedTensorMap::kMagic ? "one of rank " + std::to_string(map.rank)
                                                      : "other bytes"));
  uint64_t row = uint64_t(map.box[0]) * map.elementBytes;
  require(!map.swizzleBytes || row <= map.swizzleBytes,
          "rows of the box of at most " + std::to_string(map.swizzleBytes) +
              " bytes, the span of the swizzle, found " + std::to_string(row));
  require(row % 16 == 0, "rows of the box of a multiple of 16 bytes, found " + std::to_string(row));
  require(map.address % 16 == 0, "a tensor at a multiple of 16 bytes");
  for (uint32_t d = 0; d < rank; ++d) {
    require(map.box[d] >= 1 && map.box[d] <= 256, "a box of 1 to 256 elements in dimension " +
                                                      std::to_string(d) + ", found " +
                                                      std::to_string(map.box[d]));
    if (d)
      require(map.strides[d - 1] % 16 == 0,
              "strides of a multiple of 16 bytes, found " + std::to_string(map.strides[d - 1]));
  }
}

TensorBox emulator::readBox(const void *descriptor, const uint64_t *coordinates, uint32_t rank, char *shared,
                            uint32_t site) {
  touch(descriptor, sizeof(EmulatedTensorMap), 64, Access::Read, site);
  EmulatedTensorMap map;
  std::memcpy(&map, descriptor, sizeof(map));
  checkMap(map, rank, site);
  auto [owner, base] = findShared(*currentWorker(), shared);
  if (!owner || base % 128)
    fail(EmulatorErrorKind::Misaligned, site,
         "expected a place in shared memory at a multiple of 128 bytes, found byte " + std::to_string(base));
  TensorBox box;
  uint64_t rows = 1, element = map.elementBytes, row = map.box[0] * element;
  for (uint32_t d = 1; d < rank; ++d)
    rows *= map.box[d];
  box.bytes = rows * row;
  for (uint64_t r = 0; r < rows; ++r) {
    uint64_t rest = r, global = map.address;
    bool inside = true;
    for (uint32_t d = 1; d < rank; ++d) {
      int64_t at = int64_t(int32_t(coordinates[d])) + int64_t(rest % map.box[d]);
      rest /= map.box[d];
      inside &= at >= 0 && at < int64_t(map.sizes[d]);
      global += at * map.strides[d - 1];
    }
    int64_t first = int32_t(coordinates[0]), size = map.sizes[0];
    for (uint64_t chunk = 0; chunk < row; chunk += 16) {
      char *at = owner->shared + swizzle(base + r * row + chunk, map.swizzleBytes);
      // 16 bytes stay together; at an edge only some of their elements exist.
      uint64_t begin = chunk / element, end = (chunk + 16) / element;
      int64_t low = first + int64_t(begin), high = first + int64_t(end);
      if (inside && low >= 0 && high <= size) {
        box.parts.push_back({at, reinterpret_cast<char *>(global + low * element), 16});
        continue;
      }
      for (uint64_t i = begin; i < end; ++i) {
        int64_t column = first + int64_t(i);
        bool exists = inside && column >= 0 && column < size;
        box.parts.push_back({at + (i - begin) * element,
                             exists ? reinterpret_cast<char *>(global + column * element) : nullptr,
                             uint32_t(element)});
      }
    }
  }
  return box;
}

/// Starts a copy into shared memory of `target`, whose object at offset `barrier` counts its bytes.
static void start(Cta &target, uint32_t barrier, std::vector<BulkPart> parts, uint32_t site) {
  Thread &self = currentThread();
  for (const BulkPart &part : parts)
    touch(part.to, part.bytes, 1, Access::AsyncWrite, site);
  target.worker->bulkCopies.push_back({std::move(parts), &target, barrier, &self, self.epoch, site});
  ++target.worker->progress;
}

/// The same for every block of `mask`, at the same places.
static void startAll(void *barrier, const std::vector<BulkPart> &parts, uint32_t mask, uint32_t site) {
  auto [owner, offset] = findShared(*currentWorker(), barrier);
  if (!mask) {
    checkPublished(barrier, site);
    if (findShared(*currentWorker(), parts.front().to).first != owner)
      fail(EmulatorErrorKind::BadOperand, site,
           "expected the barrier object in the block that the copy goes to");
    return start(*owner, offset, parts, site);
  }
  for (uint32_t rank = 0; rank < 16; ++rank) {
    if (!(mask >> rank & 1))
      continue;
    Cta &target = clusterBlock(rank, site);
    checkPublished(target.shared + offset, site);
    std::vector<BulkPart> moved = parts;
    for (BulkPart &part : moved)
      part.to = target.shared + findShared(*currentWorker(), part.to).second;
    start(target, offset, std::move(moved), site);
  }
}

static void loadTensor(char *to, const void *descriptor, void *barrier, const uint64_t *coordinates,
                       uint32_t rank, uint32_t mask, uint32_t predicate, uint32_t site) {
  if (!predicate)
    return;
  TensorBox box = readBox(descriptor, coordinates, rank, to, site);
  std::vector<BulkPart> parts;
  for (const TensorBox::Part &part : box.parts) {
    if (part.global)
      touch(part.global, part.bytes, 1, Access::ProxyRead, site);
    parts.push_back({part.shared, part.global, part.bytes});
  }
  startAll(barrier, parts, mask, site);
  // What this thread does from now on is not covered by the copy's barrier.
  currentThread().tick();
}

/// cp.async.bulk from global or shared memory to shared memory.
static void copyBulk(char *to, const char *from, void *barrier, uint32_t bytes, uint32_t mask,
                     uint32_t site) {
  if (uintptr_t(to) % 16 || uintptr_t(from) % 16 || bytes % 16)
    fail(EmulatorErrorKind::Misaligned, site,
         "expected addresses and a size that are multiples of 16 bytes, found a copy of " +
             std::to_string(bytes));
  auto [owner, offset] = findShared(*currentWorker(), to);
  if (!owner || offset + bytes > currentThread().block->launch->sharedBytes)
    fail(EmulatorErrorKind::OutOfBounds, site, "expected a destination in shared memory");
  touch(from, bytes, 16, Access::ProxyRead, site);
  startAll(barrier, {{to, from, bytes}}, mask, site);
  currentThread().tick();
}

bool emulator::landBulkCopy(Worker &worker) {
  if (worker.bulkCopies.empty())
    return false;
  // Nothing keeps copies in order; the last one first is what programs expect least.
  if (worker.blocks.front()->launch->options.seed)
    std::swap(worker.bulkCopies.back(), worker.bulkCopies[worker.random() % worker.bulkCopies.size()]);
  BulkCopy copy = std::move(worker.bulkCopies.back());
  worker.bulkCopies.pop_back();
  uint64_t bytes = 0;
  for (auto [to, from, length] : copy.parts) {
    landBytes(worker, to, length, copy.issued, AsyncProxyWrite);
    if (from)
      std::memcpy(to, from, length);
    else
      std::memset(to, 0, length);
    bytes += length;
  }
  ++worker.progress;
  completeTransactions(*copy.target, *copy.issuer, copy.barrier, bytes, copy.issued, copy.site);
  return true;
}

void emulator::addBulkSymbols(SymbolMap &symbols) {
  symbols["colt5_emu_load_tensor"] = reinterpret_cast<void *>(loadTensor);
  symbols["colt5_emu_copy_bulk"] = reinterpret_cast<void *>(copyBulk);
  addBulkStoreSymbols(symbols);
}
