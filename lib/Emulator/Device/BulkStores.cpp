// Bulk copies from shared to global memory. The source is read and the destination written as late as
// allowed.
#include "Bulk.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

static void readSource(Thread &thread, BulkStore &store) {
  if (store.read)
    return;
  store.read = true;
  for (const BulkPart &part : store.parts) {
    store.data.insert(store.data.end(), part.from, part.from + part.bytes);
    endAsyncRead(*thread.block->worker, part.from, part.bytes, thread.epoch);
  }
}

static void writeTarget(Thread &thread, BulkStore &store) {
  readSource(thread, store);
  const char *from = store.data.data();
  for (const BulkPart &part : store.parts) {
    touch(thread, part.to, part.bytes, 1, Access::Write, store.site);
    std::memcpy(part.to, from, part.bytes);
    from += part.bytes;
  }
}

static void startStore(std::vector<BulkPart> parts, uint32_t site) {
  Thread &self = currentThread();
  for (const BulkPart &part : parts)
    beginAsyncRead(*self.block->worker, part.from, part.bytes, site, self);
  self.openStores.push_back({std::move(parts), site, false, {}});
}

static void storeTensor(const void *descriptor, char *from, const uint64_t *coordinates, uint32_t rank,
                        uint32_t predicate, uint32_t site) {
  if (!predicate)
    return;
  TensorBox box = readBox(descriptor, coordinates, rank, from, site);
  std::vector<BulkPart> parts;
  for (const TensorBox::Part &part : box.parts)
    if (part.global)
      parts.push_back({part.global, part.shared, part.bytes});
  startStore(std::move(parts), site);
}

static void storeBulk(char *to, const char *from, uint32_t bytes, uint32_t site) {
  if (uintptr_t(to) % 16 || uintptr_t(from) % 16 || bytes % 16)
    fail(EmulatorErrorKind::Misaligned, site,
         "expected addresses and a size that are multiples of 16 bytes, found a copy of " +
             std::to_string(bytes));
  startStore({{to, from, bytes}}, site);
}

static void commitStores(uint32_t) {
  Thread &self = currentThread();
  self.storeGroups.push_back(std::move(self.openStores));
  self.openStores.clear();
  // Under a seed, they may finish at once.
  if (self.block->launch->options.seed && self.block->worker->random() % 4 == 0) {
    for (auto &group : self.storeGroups)
      for (BulkStore &store : group)
        writeTarget(self, store);
    self.storeGroups.clear();
  }
}

/// Waits until at most `keep` groups are under way, or, with `readOnly`, have sources that are not read.
static void waitStores(uint32_t keep, uint32_t readOnly, uint32_t) {
  Thread &self = currentThread();
  if (readOnly) {
    for (size_t i = 0; i + keep < self.storeGroups.size(); ++i)
      for (BulkStore &store : self.storeGroups[i])
        readSource(self, store);
    return;
  }
  for (; self.storeGroups.size() > keep; self.storeGroups.pop_front())
    for (BulkStore &store : self.storeGroups.front())
      writeTarget(self, store);
}

void emulator::finishStores(Thread &thread) {
  const WarpGroup &group = thread.block->warpGroups[thread.index / 128];
  if (!group.open.empty() || !group.groups.empty())
    fail(EmulatorErrorKind::AsyncNotAwaited,
         group.open.empty() ? group.groups.front().front().site : group.open.front().site,
         "the thread ends before a wait for this wgmma");
  if (!thread.openStores.empty())
    fail(EmulatorErrorKind::AsyncNotAwaited, thread.openStores.front().site,
         "the thread ends before this bulk store was committed to a group");
  for (auto &group : thread.storeGroups)
    for (BulkStore &store : group) {
      if (!store.read)
        fail(EmulatorErrorKind::AsyncNotAwaited, store.site,
             "the thread ends, and its block may give up shared memory, before a wait for the reads of this "
             "bulk store");
      writeTarget(thread, store);
    }
  thread.storeGroups.clear();
}

void emulator::addBulkStoreSymbols(SymbolMap &symbols) {
  symbols["colt5_emu_store_tensor"] = reinterpret_cast<void *>(storeTensor);
  symbols["colt5_emu_store_bulk"] = reinterpret_cast<void *>(storeBulk);
  symbols["colt5_emu_bulk_commit"] = reinterpret_cast<void *>(commitStores);
  symbols["colt5_emu_bulk_wait"] = reinterpret_cast<void *>(waitStores);
}
