// Barrier objects in shared memory (mbarrier).
#include "Runtime.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

static uint32_t offsetOf(const void *pointer, uint32_t site) {
  uint64_t offset = static_cast<const char *>(pointer) - currentThread().block->shared;
  if (offset >= kSharedWindow)
    fail(EmulatorErrorKind::OutOfBounds, site,
         "expected a barrier object in shared memory, found another address");
  if (offset % 8)
    fail(EmulatorErrorKind::Misaligned, site,
         "expected a barrier object at a multiple of 8 bytes, found byte " + std::to_string(offset));
  return offset;
}

uint32_t emulator::checkMBarrier(const void *pointer, uint32_t site) {
  Thread &self = currentThread();
  uint32_t offset = offsetOf(pointer, site);
  auto found = self.block->mbarriers.find(offset);
  if (found == self.block->mbarriers.end())
    fail(EmulatorErrorKind::Uninitialized, site,
         "byte " + std::to_string(offset) + " of shared memory is no barrier object that was initialized");
  if (!happenedBefore(self, found->second.creator, found->second.createdAt))
    fail(EmulatorErrorKind::Race, site,
         "uses the barrier object at byte " + std::to_string(offset) + " of shared memory that thread " +
             threadName(self.block->threads[found->second.creator]) +
             " initialized, with no barrier between");
  return offset;
}

/// Ends the phase if all have arrived and all bytes have come.
static void checkPhase(Cta &block, MBarrier &barrier) {
  if (barrier.pending || barrier.transactions)
    return;
  ++barrier.phase;
  barrier.pending = barrier.count;
  // Later phases contain what earlier ones have seen.
  barrier.visible = barrier.join;
  ++block.progress;
  auto waiting = std::move(barrier.waiting);
  barrier.waiting.clear();
  for (auto [thread, phase] : waiting) {
    if (barrier.phase > phase) {
      acquireTimes(*thread, barrier.visible);
      wake(*thread);
    } else {
      barrier.waiting.push_back({thread, phase});
    }
  }
}

void emulator::completeTransactions(Cta &block, Thread &issuer, uint32_t offset, int64_t bytes,
                                    uint32_t issuedAt, uint32_t site) {
  MBarrier &barrier = block.mbarriers[offset];
  barrier.transactions -= bytes;
  barrier.join.resize(block.threads.size());
  barrier.join[issuer.index] = std::max(barrier.join[issuer.index], issuedAt);
  if (!barrier.pending && barrier.transactions < 0)
    return record(issuer, EmulatorErrorKind::BadOperand, site,
                  "brings " + std::to_string(-barrier.transactions) +
                      " bytes more to the barrier object at byte " + std::to_string(offset) +
                      " of shared memory than it expects");
  checkPhase(block, barrier);
}

static void init(void *pointer, uint32_t count, uint32_t predicate, uint32_t site) {
  if (!predicate)
    return;
  Thread &self = currentThread();
  uint32_t offset = offsetOf(pointer, site);
  touch(pointer, 8, 8, Access::Write, site);
  if (!count || count >= 1u << 20)
    fail(EmulatorErrorKind::BadOperand, site,
         "expected a count from 1 to 1048575, found " + std::to_string(count));
  MBarrier barrier;
  barrier.count = barrier.pending = count;
  barrier.creator = self.index;
  barrier.createdAt = self.now;
  self.block->mbarriers[offset] = std::move(barrier);
}

static void invalidate(void *pointer, uint32_t site) {
  currentThread().block->mbarriers.erase(checkMBarrier(pointer, site));
}

/// Expects `bytes` more and arrives `count` times. Returns the phase before.
static uint64_t arrive(void *pointer, uint32_t bytes, uint32_t count, uint32_t predicate, uint32_t site) {
  if (!predicate)
    return 0;
  Thread &self = currentThread();
  Cta &block = *self.block;
  uint32_t offset = checkMBarrier(pointer, site);
  MBarrier &barrier = block.mbarriers[offset];
  uint64_t phase = barrier.phase;
  barrier.transactions += bytes;
  if (count > barrier.pending)
    fail(EmulatorErrorKind::BadOperand, site,
         "arrives " + std::to_string(count) + " times at the barrier object at byte " +
             std::to_string(offset) + " of shared memory, which waits for " +
             std::to_string(barrier.pending) + " more of " + std::to_string(barrier.count));
  if (count) {
    joinTimes(barrier.join, self);
    ++self.now;
  }
  barrier.pending -= count;
  ++block.progress;
  checkPhase(block, barrier);
  return phase;
}

/// The number of the phase that a wait for `parity` is about: the current one, or the one before.
static uint64_t phaseOfParity(const MBarrier &barrier, uint32_t parity) {
  return barrier.phase % 2 == (parity & 1) ? barrier.phase : barrier.phase - 1;
}

static void waitParity(void *pointer, uint32_t parity, uint32_t site) {
  Thread &self = currentThread();
  MBarrier &barrier = self.block->mbarriers[checkMBarrier(pointer, site)];
  uint64_t phase = phaseOfParity(barrier, parity);
  if (int64_t(barrier.phase) > int64_t(phase)) {
    acquireTimes(self, barrier.visible.empty() ? std::vector<uint32_t>(self.block->threads.size())
                                               : barrier.visible);
    return;
  }
  barrier.waiting.push_back({&self, phase});
  suspend(Wait::MBarrier, site);
}

/// One look, after a turn of the others. `isState`: `value` is what an arrival returned, not a parity.
static int32_t test(void *pointer, uint64_t value, uint32_t isState, uint32_t site) {
  Thread &self = currentThread();
  uint32_t offset = checkMBarrier(pointer, site);
  auto done = [&] {
    const MBarrier &barrier = self.block->mbarriers[offset];
    return int64_t(barrier.phase) > int64_t(isState ? value : phaseOfParity(barrier, value));
  };
  if (!done())
    poll(site);
  if (!done())
    return 0;
  const MBarrier &barrier = self.block->mbarriers[offset];
  if (!barrier.visible.empty())
    acquireTimes(self, barrier.visible);
  return 1;
}

void emulator::addMBarrierSymbols(SymbolMap &symbols) {
  symbols["colt5_emu_mbarrier_init"] = reinterpret_cast<void *>(init);
  symbols["colt5_emu_mbarrier_inval"] = reinterpret_cast<void *>(invalidate);
  symbols["colt5_emu_mbarrier_arrive"] = reinterpret_cast<void *>(arrive);
  symbols["colt5_emu_mbarrier_wait_parity"] = reinterpret_cast<void *>(waitParity);
  symbols["colt5_emu_mbarrier_test"] = reinterpret_cast<void *>(test);
}
