// The barrier of a cluster, and addresses in other blocks of it.
#include "Runtime.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

Cta &emulator::clusterBlock(uint32_t rank, uint32_t site) {
  Worker &worker = *currentWorker();
  if (rank >= worker.blocks.size())
    fail(EmulatorErrorKind::BadOperand, site,
         "expected a block of the cluster from 0 to " + std::to_string(worker.blocks.size() - 1) +
             ", found " + std::to_string(rank));
  return *worker.blocks[rank];
}

void emulator::leaveClusterBarrier(Thread &thread) {
  ClusterBarrier &barrier = thread.block->worker->clusterBarrier;
  auto found = barrier.arrivals.find(&thread);
  if (found != barrier.arrivals.end() && found->second == barrier.phase)
    --barrier.arrived;
  checkClusterBarrier(*thread.block->worker);
}

void emulator::checkClusterBarrier(Worker &worker) {
  ClusterBarrier &barrier = worker.clusterBarrier;
  if (!barrier.arrived || barrier.arrived != worker.live)
    return;
  barrier.arrived = 0;
  ++barrier.phase;
  barrier.visible = barrier.join.get();
  barrier.join = Join();
  ++worker.progress;
  for (Thread *thread : std::exchange(barrier.waiting, {})) {
    acquire(*thread, barrier.visible);
    wake(*thread);
  }
}

static void arrive(uint32_t releases, uint32_t site) {
  Thread &self = currentThread();
  Worker &worker = *self.block->worker;
  ClusterBarrier &barrier = worker.clusterBarrier;
  if (!barrier.arrivals.try_emplace(&self, barrier.phase).second)
    fail(EmulatorErrorKind::DivergentCollective, site,
         "arrives at the cluster's barrier again without having waited");
  ++barrier.arrived;
  if (releases) {
    barrier.join.add(self);
    self.tick();
  }
  ++worker.progress;
  checkClusterBarrier(worker);
}

static void wait(uint32_t site) {
  Thread &self = currentThread();
  ClusterBarrier &barrier = self.block->worker->clusterBarrier;
  auto found = barrier.arrivals.find(&self);
  if (found == barrier.arrivals.end())
    fail(EmulatorErrorKind::DivergentCollective, site,
         "waits at the cluster's barrier without having arrived");
  uint64_t phase = found->second;
  barrier.arrivals.erase(found);
  if (barrier.phase > phase)
    return acquire(self, barrier.visible);
  barrier.waiting.push_back(&self);
  suspend(Wait::Cluster, site);
}

/// The place in block `rank` that `pointer` names in its own block.
static void *mapAddress(const void *pointer, uint32_t rank, uint32_t site) {
  auto [owner, offset] = findShared(*currentWorker(), pointer);
  if (!owner)
    fail(EmulatorErrorKind::OutOfBounds, site, "expected an address in shared memory");
  return clusterBlock(rank, site).shared + offset;
}

void emulator::addClusterSymbols(SymbolMap &symbols) {
  symbols["colt5_emu_cluster_arrive"] = reinterpret_cast<void *>(arrive);
  symbols["colt5_emu_cluster_wait"] = reinterpret_cast<void *>(wait);
  symbols["colt5_emu_mapa"] = reinterpret_cast<void *>(mapAddress);
}
