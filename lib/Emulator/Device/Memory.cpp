// Asynchronous copies of Ampere (cp.async).
#include "Runtime.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

static void land(Thread &thread, const AsyncCopy &copy) {
  landBytes(*thread.block->worker, copy.to, copy.bytes, thread.epoch, 0);
  std::memset(copy.to, 0, copy.bytes);
  std::memcpy(copy.to, copy.from, copy.fromBytes);
}

static void landGroups(Thread &thread, size_t keep) {
  for (; thread.groups.size() > keep; thread.groups.pop_front())
    for (const AsyncCopy &copy : thread.groups.front())
      land(thread, copy);
}

/// Under a seed, finished groups may land at any moment, oldest first.
static void maybeLand(Thread &thread) {
  Cta &block = *thread.block;
  if (block.launch->options.seed && !thread.groups.empty() && block.worker->random() % 4 == 0)
    landGroups(thread, thread.groups.size() - 1);
}

static void cpAsync(char *to, const char *from, uint32_t bytes, uint32_t fromBytes, uint32_t site) {
  Thread &self = currentThread();
  maybeLand(self);
  if (fromBytes > bytes)
    fail(EmulatorErrorKind::BadOperand, site,
         "copies " + std::to_string(fromBytes) + " bytes to " + std::to_string(bytes));
  if (findShared(*self.block->worker, to).first != self.block)
    fail(EmulatorErrorKind::OutOfBounds, site,
         "copies to an address that is not in shared memory of the block");
  if (fromBytes)
    touch(self, from, fromBytes, 1, Access::Read, site);
  if (uintptr_t(from) % bytes)
    fail(EmulatorErrorKind::Misaligned, site,
         "copies from an address that is not a multiple of " + std::to_string(bytes));
  touch(self, to, bytes, bytes, Access::AsyncWrite, site);
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
    land(thread, copy);
  thread.open.clear();
}

static void cpAsyncWaitAll(uint32_t) { landAll(currentThread()); }

void emulator::addMemorySymbols(SymbolMap &symbols) {
  symbols["colt5_emu_cp_async"] = reinterpret_cast<void *>(cpAsync);
  symbols["colt5_emu_cp_async_commit"] = reinterpret_cast<void *>(cpAsyncCommit);
  symbols["colt5_emu_cp_async_wait"] = reinterpret_cast<void *>(cpAsyncWait);
  symbols["colt5_emu_cp_async_wait_all"] = reinterpret_cast<void *>(cpAsyncWaitAll);
}
