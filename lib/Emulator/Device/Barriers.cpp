// Barriers of a block, special registers and shared variables.
#include "Runtime.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

/// Everybody alive has arrived: all that happened before is ordered before all that follows.
static void completeFull(Cta &block) {
  Epoch last = 0;
  Join join;
  for (Thread &thread : block.threads) {
    last = std::max(last, thread.epoch | (kTick - 1));
    join.add(thread.known);
  }
  block.head.phaseLimit = last + 1 - block.head.base;
  // What is known of this block is covered by the phase; of other blocks it is everybody's now.
  ClockPtr known = join.get();
  if (known && known->blocks.size() == 1 && known->blocks[0].serial == block.serial)
    known = nullptr;
  for (Thread &thread : block.threads) {
    thread.epoch = (last + 1) | thread.index;
    thread.known = known;
  }
}

static void complete(Cta &block, NamedBarrier &barrier) {
  bool full = !barrier.expected;
  if (full) {
    completeFull(block);
  } else {
    for (Thread *thread : barrier.waiting) {
      acquire(*thread, barrier.join.get());
      thread->tick();
    }
  }
  std::vector<Thread *> waiting = std::move(barrier.waiting);
  uint32_t arrived = barrier.arrived, predicates = barrier.predicates;
  barrier = NamedBarrier();
  barrier.lastArrived = arrived;
  barrier.lastPredicates = predicates;
  for (Thread *thread : waiting)
    wake(*thread);
}

void emulator::checkBarriers(Cta &block) {
  for (NamedBarrier &barrier : block.barriers)
    if (barrier.arrived && !barrier.expected && barrier.arrived == block.live)
      complete(block, barrier);
}

/// Counts the running thread in; false when it must wait.
static bool arrive(uint32_t id, uint32_t count, uint32_t site, bool predicate, bool waits) {
  Thread &self = currentThread();
  Cta &block = *self.block;
  if (id >= block.barriers.size())
    fail(EmulatorErrorKind::BadOperand, site, "expected a barrier from 0 to 15, found " + std::to_string(id));
  if (count % 32 || count > block.threads.size())
    fail(EmulatorErrorKind::BadOperand, site,
         "expected a number of threads that is a multiple of 32 and at most " +
             std::to_string(block.threads.size()) + ", found " + std::to_string(count));
  NamedBarrier &barrier = block.barriers[id];
  if (barrier.arrived && barrier.expected != count)
    fail(EmulatorErrorKind::DivergentCollective, site,
         "expects " + std::to_string(count) + " threads at barrier " + std::to_string(id) +
             ", while others there expect " + std::to_string(barrier.expected) + " (0: all)");
  // The lanes of a warp execute one and the same aligned barrier.
  uint32_t warp = self.index / 32;
  uint32_t &warpSite = barrier.warpSites[warp];
  if (waits && (barrier.waitingWarps >> warp & 1) && warpSite != site)
    fail(EmulatorErrorKind::DivergentCollective, site,
         "arrives at barrier " + std::to_string(id) +
             " while another thread of its warp waits there in another operation, " +
             block.launch->sites[warpSite]);
  if (waits) {
    barrier.waitingWarps |= 1u << warp;
    warpSite = site;
  }
  barrier.expected = count;
  ++barrier.arrived;
  ++block.worker->progress;
  barrier.predicates += predicate;
  if (count)
    barrier.join.add(self);
  return barrier.arrived == (count ? count : block.live);
}

static int32_t barrier(uint32_t id, uint32_t count, uint32_t reduction, uint32_t predicate, uint32_t site) {
  Thread &self = currentThread();
  Cta &block = *self.block;
  bool last = arrive(id, count, site, predicate, true);
  NamedBarrier &state = block.barriers[id];
  state.waiting.push_back(&self);
  self.waitBarrier = id;
  if (last)
    complete(block, state);
  suspend(Wait::Barrier, site);
  switch (reduction) {
  case 0:
    return state.lastPredicates;
  case 1:
    return state.lastPredicates == state.lastArrived;
  default:
    return state.lastPredicates != 0;
  }
}

static void barrierArrive(uint32_t id, uint32_t count, uint32_t site) {
  Thread &self = currentThread();
  bool last = arrive(id, count, site, false, false);
  self.tick();
  if (last)
    complete(*self.block, self.block->barriers[id]);
}

static int32_t readRegister(uint32_t which) {
  const Thread &self = currentThread();
  const EmulatorLaunch &request = *self.block->launch->request;
  uint32_t lane = self.index % 32, bit = 1u << lane;
  switch (which) {
  case LaneId:
    return lane;
  case WarpId:
    return self.index / 32;
  case NWarpId:
    return self.block->warps.size();
  case WarpSize:
    return 32;
  case LaneMaskEq:
    return bit;
  case LaneMaskLe:
    return bit | (bit - 1);
  case LaneMaskLt:
    return bit - 1;
  case LaneMaskGe:
    return ~(bit - 1);
  case LaneMaskGt:
    return ~(bit - 1) & ~bit;
  case DynamicSharedSize:
    return request.dynamicSharedBytes;
  case ClusterCtaRank:
    return self.block->rank;
  case ClusterNCtaRank:
    return self.block->launch->clusterBlocks;
  case ClockCounter:
    return self.block->worker->progress;
  }
  const auto &cluster = request.cluster;
  const auto &block = self.block->id;
  if (which >= NClusterIdX)
    return request.grid[which - NClusterIdX] / cluster[which - NClusterIdX];
  if (which >= ClusterIdX)
    return block[which - ClusterIdX] / cluster[which - ClusterIdX];
  if (which >= ClusterNCtaIdX)
    return cluster[which - ClusterNCtaIdX];
  if (which >= ClusterCtaIdX)
    return block[which - ClusterCtaIdX] % cluster[which - ClusterCtaIdX];
  if (which < NTidX)
    return self.id[which - TidX];
  if (which < CtaIdX)
    return request.block[which - NTidX];
  if (which < NCtaIdX)
    return self.block->id[which - CtaIdX];
  return request.grid[which - NCtaIdX];
}

static void *sharedVariable(uint32_t variable) {
  const Cta &block = *currentThread().block;
  return block.shared + block.launch->sharedOffsets[variable];
}

/// Shared addresses count from 0, as on the device; those of block r of the cluster from (r + 1) * 2^24.
static constexpr unsigned kRankShift = 24;

static void *sharedAddress(uint64_t number) {
  Cta &block = *currentThread().block;
  uint64_t rank = (number >> kRankShift & 255) - 1;
  char *base = rank < block.worker->blocks.size() ? block.worker->blocks[rank]->shared : block.shared;
  return base + number % kSharedWindow;
}

static uint64_t sharedOffset(const void *pointer) {
  Cta &block = *currentThread().block;
  auto [owner, offset] = findShared(*block.worker, pointer);
  return owner && owner != &block
             ? offset | uint64_t(owner->rank + 1) << kRankShift
             : uint64_t(static_cast<const char *>(pointer) - block.shared) % kSharedWindow;
}

void emulator::addThreadSymbols(SymbolMap &symbols) {
  symbols["colt5_emu_barrier"] = reinterpret_cast<void *>(barrier);
  symbols["colt5_emu_barrier_arrive"] = reinterpret_cast<void *>(barrierArrive);
  symbols["colt5_emu_register"] = reinterpret_cast<void *>(readRegister);
  symbols["colt5_emu_shared"] = reinterpret_cast<void *>(sharedVariable);
  symbols["colt5_emu_shared_offset"] = reinterpret_cast<void *>(sharedOffset);
  symbols["colt5_emu_shared_address"] = reinterpret_cast<void *>(sharedAddress);
  symbols["colt5_emu_exit"] = reinterpret_cast<void *>(exitThread);
}
