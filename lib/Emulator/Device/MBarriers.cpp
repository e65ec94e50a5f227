// Barrier objects in shared memory (mbarrier).
#include "Runtime.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

static std::pair<Cta *, uint32_t> placeOf(const void *pointer, uint32_t site) {
  auto [owner, offset] = findShared(*currentWorker(), pointer);
  if (!owner)
    fail(EmulatorErrorKind::OutOfBounds, site,
         "expected a barrier object in shared memory, found another address");
  if (offset % 8)
    fail(EmulatorErrorKind::Misaligned, site,
         "expected a barrier object at a multiple of 8 bytes, found byte " + std::to_string(offset));
  return {owner, offset};
}

static std::string nameOf(uint32_t offset) {
  return "the barrier object at byte " + std::to_string(offset) + " of shared memory";
}

std::pair<Cta *, uint32_t> emulator::checkMBarrier(const void *pointer, uint32_t site) {
  Thread &self = currentThread();
  auto [owner, offset] = placeOf(pointer, site);
  auto found = owner->mbarriers.find(offset);
  if (found == owner->mbarriers.end())
    fail(EmulatorErrorKind::Uninitialized, site,
         "byte " + std::to_string(offset) + " of shared memory is no barrier object that was initialized");
  if (!happenedBefore(self, found->second.created))
    fail(EmulatorErrorKind::Race, site,
         "uses " + nameOf(offset) + " that thread " +
             threadName(owner->threads[threadOf(found->second.created)]) +
             " initialized, with no barrier between");
  return {owner, offset};
}

static MBarrier &mbarrierAt(const void *pointer, uint32_t site) {
  auto [owner, offset] = checkMBarrier(pointer, site);
  return owner->mbarriers[offset];
}

/// Ends the phase if all have arrived and all bytes have come.
static void checkPhase(Cta &block, MBarrier &barrier) {
  if (barrier.pending || barrier.transactions)
    return;
  ++barrier.phase;
  barrier.pending = barrier.count;
  // Later phases contain what earlier ones have seen.
  barrier.visible = barrier.join.get();
  barrier.join = Join();
  barrier.join.add(barrier.visible);
  ++block.worker->progress;
  auto waiting = std::move(barrier.waiting);
  barrier.waiting.clear();
  for (auto [thread, phase] : waiting) {
    if (barrier.phase > phase) {
      acquire(*thread, barrier.visible);
      wake(*thread);
    } else {
      barrier.waiting.push_back({thread, phase});
    }
  }
}

void emulator::completeTransactions(Cta &block, Thread &issuer, uint32_t offset, int64_t bytes, Epoch issued,
                                    uint32_t site) {
  auto found = block.mbarriers.find(offset);
  if (found == block.mbarriers.end())
    return record(issuer, EmulatorErrorKind::Uninitialized, site,
                  "delivers bytes to " + nameOf(offset) + ", which is not valid any more");
  MBarrier &barrier = found->second;
  barrier.transactions -= bytes;
  barrier.join.add(issued, issuer.block->threads.size());
  if (!barrier.pending && barrier.transactions < 0)
    return record(issuer, EmulatorErrorKind::BadOperand, site,
                  "delivers " + std::to_string(-barrier.transactions) + " bytes more to " + nameOf(offset) +
                      " than it expects");
  checkPhase(block, barrier);
}

/// Bulk copies and other blocks see a barrier object only after a fence of who initialized it.
std::pair<Cta *, uint32_t> emulator::checkPublished(const void *pointer, uint32_t site) {
  auto [owner, offset] = checkMBarrier(pointer, site);
  Epoch created = owner->mbarriers[offset].created;
  const Thread &creator = owner->threads[threadOf(created)];
  if (std::max(creator.mbarrierFence, creator.proxyFence.epoch) <= created)
    fail(EmulatorErrorKind::Race, site,
         "uses " + nameOf(offset) + " that thread " + threadName(creator) +
             " initialized, with no fence.mbarrier.init between");
  return {owner, offset};
}

static void fenceInit(uint32_t) {
  Thread &self = currentThread();
  self.tick();
  self.mbarrierFence = self.epoch;
}

static void init(void *pointer, uint32_t count, uint32_t predicate, uint32_t site) {
  if (!predicate)
    return;
  Thread &self = currentThread();
  auto [owner, offset] = placeOf(pointer, site);
  if (owner != self.block)
    fail(EmulatorErrorKind::BadOperand, site, "initializes a barrier object of another block");
  touch(pointer, 8, 8, Access::Write, site);
  if (!count || count >= 1u << 20)
    fail(EmulatorErrorKind::BadOperand, site,
         "expected a count from 1 to 1048575, found " + std::to_string(count));
  MBarrier barrier;
  barrier.count = barrier.pending = count;
  barrier.created = self.epoch;
  owner->mbarriers[offset] = std::move(barrier);
}

static void invalidate(void *pointer, uint32_t site) {
  auto [owner, offset] = checkMBarrier(pointer, site);
  if (!owner->mbarriers[offset].waiting.empty())
    fail(EmulatorErrorKind::BadOperand, site, "ends " + nameOf(offset) + ", for which threads still wait");
  owner->mbarriers.erase(offset);
}

/// Expects `bytes` more (fewer, when negative) and arrives `count` times; `drop`: for all later phases as
/// well. Returns the phase before.
static uint64_t arriveAt(Thread &self, void *pointer, int32_t bytes, uint32_t count, uint32_t drop,
                         uint32_t site) {
  auto [owner, offset] = checkMBarrier(pointer, site);
  if (owner != self.block)
    checkPublished(pointer, site);
  MBarrier &barrier = owner->mbarriers[offset];
  uint64_t phase = barrier.phase;
  barrier.transactions += bytes;
  if (count > barrier.pending)
    fail(EmulatorErrorKind::BadOperand, site,
         "arrives " + std::to_string(count) + " times at " + nameOf(offset) + ", which waits for " +
             std::to_string(barrier.pending) + " more of " + std::to_string(barrier.count));
  if (count) {
    barrier.join.add(self);
    self.tick();
  }
  barrier.pending -= count;
  if (drop)
    barrier.count -= count;
  ++owner->worker->progress;
  checkPhase(*owner, barrier);
  return phase;
}

static uint64_t arrive(void *pointer, int32_t bytes, uint32_t count, uint32_t drop, uint32_t predicate,
                       uint32_t site) {
  return predicate ? arriveAt(currentThread(), pointer, bytes, count, drop, site) : 0;
}

/// cp.async.mbarrier.arrive: the arrival comes when the thread's copies have landed, which is now; `counted`:
/// the object waits for it anyway.
static void arriveAfterCopies(void *pointer, uint32_t counted, uint32_t site) {
  Thread &self = currentThread();
  landAll(self);
  MBarrier &barrier = mbarrierAt(pointer, site);
  if (!counted)
    ++barrier.pending;
  arriveAt(self, pointer, 0, 1, 0, site);
}

/// The number of the phase that a wait for `parity` is about: the current one, or the one before.
static uint64_t phaseOfParity(const MBarrier &barrier, uint32_t parity) {
  return barrier.phase % 2 == (parity & 1) ? barrier.phase : barrier.phase - 1;
}

static void waitParity(void *pointer, uint32_t parity, uint32_t site) {
  Thread &self = currentThread();
  MBarrier &barrier = mbarrierAt(pointer, site);
  uint64_t phase = phaseOfParity(barrier, parity);
  if (int64_t(barrier.phase) > int64_t(phase))
    return acquire(self, barrier.visible);
  barrier.waiting.push_back({&self, phase});
  suspend(Wait::MBarrier, site);
}

/// One look, after a turn of the others. `isState`: `value` is what an arrival returned, not a parity.
static int32_t test(void *pointer, uint64_t value, uint32_t isState, uint32_t site) {
  auto done = [&] {
    const MBarrier &barrier = mbarrierAt(pointer, site);
    return int64_t(barrier.phase) > int64_t(isState ? value : phaseOfParity(barrier, value));
  };
  if (!done())
    poll(site);
  if (!done())
    return 0;
  acquire(currentThread(), mbarrierAt(pointer, site).visible);
  return 1;
}

void emulator::addMBarrierSymbols(SymbolMap &symbols) {
  symbols["colt5_emu_mbarrier_init"] = reinterpret_cast<void *>(init);
  symbols["colt5_emu_mbarrier_inval"] = reinterpret_cast<void *>(invalidate);
  symbols["colt5_emu_mbarrier_arrive"] = reinterpret_cast<void *>(arrive);
  symbols["colt5_emu_mbarrier_copies"] = reinterpret_cast<void *>(arriveAfterCopies);
  symbols["colt5_emu_fence_mbarrier"] = reinterpret_cast<void *>(fenceInit);
  symbols["colt5_emu_mbarrier_wait_parity"] = reinterpret_cast<void *>(waitParity);
  symbols["colt5_emu_mbarrier_test"] = reinterpret_cast<void *>(test);
}
