// Announcements of loads, stores and atomics, and asynchronous copies of Ampere (cp.async).
#include "Runtime.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

static void onLoad(const void *pointer, uint64_t bytes, uint32_t align, uint32_t site) {
  touch(pointer, bytes, align, Access::Read, site);
}
static void onStore(const void *pointer, uint64_t bytes, uint32_t align, uint32_t site) {
  touch(pointer, bytes, align, Access::Write, site);
}
static void onAtomic(const void *pointer, uint64_t bytes, uint32_t align, uint32_t site) {
  touch(pointer, bytes, align, Access::Atomic, site);
  // A loop around an atomic may wait for another thread: it sees one value again and again.
  Thread &self = currentThread();
  uint64_t value = 0;
  std::memcpy(&value, pointer, std::min<uint64_t>(bytes, 8));
  if (self.polled != pointer || self.polledValue != value)
    ++self.block->progress;
  self.polled = pointer;
  self.polledValue = value;
  poll(site);
}

static void onAtomicStore(const void *pointer, uint64_t bytes, uint32_t align, uint32_t site) {
  touch(pointer, bytes, align, Access::AtomicStore, site);
}

static void landGroups(Thread &thread, size_t keep) {
  for (; thread.groups.size() > keep; thread.groups.pop_front())
    for (const AsyncCopy &copy : thread.groups.front())
      land(copy);
}

/// Under a seed, finished groups may land at any moment, oldest first.
static void maybeLand(Thread &thread) {
  Cta &block = *thread.block;
  if (block.launch->options.seed && !thread.groups.empty() && block.random() % 4 == 0)
    landGroups(thread, thread.groups.size() - 1);
}

static void cpAsync(char *to, const char *from, uint32_t bytes, uint32_t fromBytes, uint32_t site) {
  Thread &self = currentThread();
  Cta &block = *self.block;
  maybeLand(self);
  if (fromBytes > bytes)
    fail(EmulatorErrorKind::BadOperand, site,
         "copies " + std::to_string(fromBytes) + " bytes to " + std::to_string(bytes));
  if (uint64_t(to - block.shared) >= kSharedWindow)
    fail(EmulatorErrorKind::OutOfBounds, site, "copies to an address that is not in shared memory");
  if (fromBytes)
    touch(from, fromBytes, 1, Access::Read, site);
  if (uintptr_t(from) % bytes)
    fail(EmulatorErrorKind::Misaligned, site,
         "copies from an address that is not a multiple of " + std::to_string(bytes));
  touch(to, bytes, bytes, Access::AsyncWrite, site);
  self.open.push_back({to, from, bytes, fromBytes, site});
}

static void cpAsyncCommit(uint32_t) {
  Thread &self = currentThread();
  self.groups.push_back(std::move(self.open));
  self.open.clear();
  maybeLand(self);
}

/// Waits until at most `keep` committed groups are under way.
static void cpAsyncWait(uint32_t keep, uint32_t) { landGroups(currentThread(), keep); }

void emulator::landAll(Thread &thread) {
  landGroups(thread, 0);
  for (const AsyncCopy &copy : thread.open)
    land(copy);
  thread.open.clear();
}

static void cpAsyncWaitAll(uint32_t) { landAll(currentThread()); }

void emulator::addMemorySymbols(SymbolMap &symbols) {
  symbols["colt5_emu_load"] = reinterpret_cast<void *>(onLoad);
  symbols["colt5_emu_store"] = reinterpret_cast<void *>(onStore);
  symbols["colt5_emu_atomic"] = reinterpret_cast<void *>(onAtomic);
  symbols["colt5_emu_atomic_store"] = reinterpret_cast<void *>(onAtomicStore);
  symbols["colt5_emu_cp_async"] = reinterpret_cast<void *>(cpAsync);
  symbols["colt5_emu_cp_async_commit"] = reinterpret_cast<void *>(cpAsyncCommit);
  symbols["colt5_emu_cp_async_wait"] = reinterpret_cast<void *>(cpAsyncWait);
  symbols["colt5_emu_cp_async_wait_all"] = reinterpret_cast<void *>(cpAsyncWaitAll);
}
