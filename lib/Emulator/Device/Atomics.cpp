// Atomic operations and fences: what orders plain accesses of different blocks.
#include "../Rewrite/RuntimeCalls.h"
#include "Runtime.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

/// Calls `f` with what was released at `pointer`.
template <typename F> static void withReleased(Thread &self, const void *pointer, F f) {
  auto [owner, offset] = findShared(*self.block->worker, pointer);
  if (owner)
    return f(owner->released[pointer]);
  Launch &launch = *self.block->launch;
  std::lock_guard<std::mutex> guard(launch.releasedLock);
  f(launch.released[pointer]);
}

/// Before the operation. `order` is a set of AtomicOrder.
static void before(const void *pointer, uint64_t bytes, uint32_t align, uint32_t access, uint32_t order,
                   uint32_t site) {
  Thread &self = currentThread();
  touch(self, pointer, bytes, align, Access(access), site);
  if (order & AtomicReleases) {
    bool shared = findShared(*self.block->worker, pointer).first;
    ClockPtr mine = shared ? self.releasedToBlock : self.released;
    if (order & AtomicFencesBefore) {
      Join join;
      join.add(self);
      mine = join.get();
      self.tick();
    }
    if (mine)
      withReleased(self, pointer, [&](ClockPtr &released) {
        Join join;
        join.add(released);
        join.add(mine);
        released = join.get();
      });
  }
  // A loop around an atomic may wait for another thread: it sees one value again and again.
  uint64_t value = 0;
  std::memcpy(&value, pointer, std::min<uint64_t>(bytes, 8));
  if (self.polled != pointer || self.polledValue != value || access == uint32_t(Access::AtomicStore)) {
    ++self.block->worker->progress;
    ++self.block->launch->activity;
  }
  self.polled = pointer;
  self.polledValue = value;
  poll(site);
}

/// After the operation.
static void after(const void *pointer, uint32_t order) {
  Thread &self = currentThread();
  withReleased(self, pointer, [&](ClockPtr &released) {
    if (!released)
      return;
    if (order & AtomicFencesAfter)
      return acquire(self, released);
    Join join;
    join.add(self.pendingAcquire);
    join.add(released);
    self.pendingAcquire = join.get();
  });
}

/// `device`: not for threads of the same block only.
static void fence(uint32_t device, uint32_t) {
  Thread &self = currentThread();
  acquire(self, self.pendingAcquire);
  self.pendingAcquire = nullptr;
  Join join;
  join.add(self);
  self.releasedToBlock = join.get();
  if (device)
    self.released = self.releasedToBlock;
  self.tick();
  ++self.block->worker->progress;
}

static void proxyFence(uint32_t) {
  Thread &self = currentThread();
  self.tick();
  self.proxyFence = {self.epoch, self.block->head.phaseLimit, self.known};
}

static void sleep(uint32_t site) { poll(site); }

void emulator::addAtomicSymbols(SymbolMap &symbols) {
  symbols["colt5_emu_atomic_before"] = reinterpret_cast<void *>(before);
  symbols["colt5_emu_atomic_after"] = reinterpret_cast<void *>(after);
  symbols["colt5_emu_sleep"] = reinterpret_cast<void *>(sleep);
  symbols["colt5_emu_fence"] = reinterpret_cast<void *>(fence);
  symbols["colt5_emu_fence_proxy"] = reinterpret_cast<void *>(proxyFence);
}
