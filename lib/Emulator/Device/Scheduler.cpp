#include "Runtime.h"

#include "llvm/Support/MathExtras.h"
#include <thread>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

/// Polling threads are given this many turns without anything else happening before the block counts as
/// stuck.
static constexpr uint32_t kMaxIdlePolls = 100;
/// And this long while other blocks run.
static constexpr uint32_t kMaxIdleMilliseconds = 2000;

static thread_local Worker *theWorker = nullptr;

Worker *emulator::currentWorker() { return theWorker; }

std::string emulator::threadName(const Thread &thread) {
  return "(" + std::to_string(thread.id[0]) + ", " + std::to_string(thread.id[1]) + ", " +
         std::to_string(thread.id[2]) + ")";
}

void emulator::record(Thread &thread, EmulatorErrorKind kind, uint32_t site, std::string message) {
  Cta &block = *thread.block;
  Launch &launch = *block.launch;
  block.worker->failed = true;
  std::lock_guard<std::mutex> guard(launch.findingLock);
  // Which block is slower must not decide what is reported.
  uint64_t cluster = (block.serial - launch.firstSerial) / launch.clusterBlocks;
  if (cluster >= launch.firstBad)
    return;
  launch.firstBad = cluster;
  std::string where = site < launch.sites.size() ? launch.sites[site] : "unknown";
  launch.findings = {{kind, launch.name, block.id, thread.id, std::move(where), std::move(message)}};
}

void emulator::fail(EmulatorErrorKind kind, uint32_t site, std::string message) {
  Worker *worker = currentWorker();
  record(*worker->current, kind, site, std::move(message));
  switchFiber(worker->current->fiber, worker->scheduler);
  llvm_unreachable("a failed thread is never continued");
}

void emulator::suspend(Wait wait, uint32_t site) {
  Worker *worker = currentWorker();
  Thread &self = *worker->current;
  self.wait = wait;
  self.waitSite = site;
  switchFiber(self.fiber, worker->scheduler);
}

void emulator::wake(Thread &thread) {
  thread.wait = Wait::None;
  ++thread.block->worker->progress;
  thread.block->worker->ready.push_back(&thread);
}

void emulator::poll(uint32_t site) {
  Thread &self = currentThread();
  self.block->worker->ready.push_back(&self);
  suspend(Wait::Poll, site);
}

static void runThread() {
  Thread &self = currentThread();
  self.block->launch->kernel->entry(&self, self.block->launch->params.data());
  exitThread();
}

void emulator::exitThread() {
  Worker *worker = currentWorker();
  Thread &self = *worker->current;
  Cta &block = *self.block;
  landAll(self);
  finishStores(self);
  self.done = true;
  --block.live;
  --worker->live;
  ++worker->progress;
  Warp &warp = block.warps[self.index / 32];
  warp.exited |= 1u << self.index % 32;
  checkMeetings(block, warp);
  checkBarriers(block);
  leaveClusterBarrier(self);
  switchFiber(self.fiber, worker->scheduler);
  llvm_unreachable("a thread that ended is never continued");
}

static void reportDeadlock(Worker &worker) {
  llvm::MapVector<std::pair<uint32_t, int>, SmallVector<Thread *>> groups;
  bool inWarp = false;
  uint32_t ended = 0;
  Cta &first = *worker.blocks.front();
  for (auto &block : worker.blocks)
    for (Thread &thread : block->threads) {
      ended += thread.done;
      if (thread.done)
        continue;
      groups[{thread.waitSite, int(thread.wait)}].push_back(&thread);
      inWarp |= thread.wait == Wait::Warp || thread.wait == Wait::WarpGroup;
    }
  std::string message = "no thread can go on:";
  for (auto &[key, threads] : groups) {
    message += " " + std::to_string(threads.size()) + " wait in " +
               (key.first < first.launch->sites.size() ? first.launch->sites[key.first]
                                                       : std::string("an unknown place"));
    message += " (first: thread " + threadName(*threads.front()) + ");";
  }
  if (ended)
    message += " " + std::to_string(ended) + " have ended;";
  message.back() = '.';
  // Threads of a warp that meet at different places never meet: that is divergence, not a cycle.
  Thread &thread = *groups.front().second.front();
  bool diverged = inWarp || groups.size() > 1;
  record(thread, diverged ? EmulatorErrorKind::DivergentCollective : EmulatorErrorKind::Deadlock,
         thread.waitSite, message);
}

void emulator::prepareWorker(Worker &worker, Launch &launch) {
  worker.siteBuffers.assign(launch.sites.size(), {});
  uint64_t bytes = launch.clusterBlocks * kSharedWindow;
  if (worker.sharedMemory.size() < bytes + kSharedWindow) {
    worker.sharedMemory.resize(bytes + kSharedWindow);
    worker.sharedBase =
        reinterpret_cast<char *>(llvm::alignTo(uintptr_t(worker.sharedMemory.data()), kSharedWindow));
  }
  worker.blocks.clear();
  for (uint32_t rank = 0; rank < launch.clusterBlocks; ++rank) {
    worker.blocks.push_back(std::make_unique<Cta>());
    Cta &block = *worker.blocks.back();
    block.worker = &worker;
    block.launch = &launch;
    block.rank = rank;
    block.shared = worker.sharedBase + rank * kSharedWindow;
    block.shadow.hasGaps = true;
    block.shadow.variables = launch.sharedRanges;
    block.shadow.reset(launch.sharedBytes, 2, 0, /*initialized=*/false);
    block.threads.resize(launch.numThreads);
  }
}

static bool initThread(Cta &block, uint32_t i) {
  const auto &size = block.launch->request->block;
  Thread &thread = block.threads[i];
  thread = Thread();
  thread.block = &block;
  thread.head = &block.head;
  thread.index = i;
  thread.id = {i % size[0], i / size[0] % size[1], i / size[0] / size[1]};
  thread.epoch = block.head.base + kTick + i;
  thread.stack = block.worker->stacks.get(block.rank * block.threads.size() + i);
  if (!thread.stack) {
    record(thread, EmulatorErrorKind::BadOperand, ~0u,
           "the host has no memory for the stacks of the threads");
    return false;
  }
  initFiber(thread.fiber, thread.stack, runThread);
  block.worker->ready.push_back(&thread);
  return true;
}

/// Block number `rank` of cluster number `number`.
static bool initBlock(Worker &worker, Launch &launch, uint64_t number, uint32_t rank) {
  Cta &block = *worker.blocks[rank];
  const auto &grid = launch.request->grid, &cluster = launch.request->cluster;
  std::array<uint32_t, 3> clusters = {grid[0] / cluster[0], grid[1] / cluster[1], grid[2] / cluster[2]};
  block.id = {uint32_t(number % clusters[0]) * cluster[0] + rank % cluster[0],
              uint32_t(number / clusters[0] % clusters[1]) * cluster[1] + rank / cluster[0] % cluster[1],
              uint32_t(number / clusters[0] / clusters[1]) * cluster[2] + rank / cluster[0] / cluster[1]};
  block.number = block.id[0] + uint64_t(grid[0]) * (block.id[1] + uint64_t(grid[1]) * block.id[2]);
  block.serial = launch.firstSerial + number * launch.clusterBlocks + rank;
  BlockHead &head = block.head;
  head.sharedBase = uint64_t(block.shared);
  head.sharedBytes = launch.sharedBytes;
  head.base = Epoch(block.serial) << kSerialShift;
  head.clusterBase = Epoch(block.serial - rank) << kSerialShift;
  head.launchFloor = Epoch(launch.firstSerial) << kSerialShift;
  head.phaseLimit = 0;
  head.siteBuffers = worker.siteBuffers.data();
  head.slowLoad = launch.slowLoad;
  head.slowStore = launch.slowStore;
  // What nobody wrote is recognisable, even if the check for it is off.
  std::fill_n(block.shared, launch.sharedBytes, char(0xff));
  // What a block that failed left under way must not be seen.
  if (worker.dirty)
    block.shadow.clear();
  head.sharedPages = block.shadow.entries();
  block.warps.clear();
  block.warps.resize((launch.numThreads + 31) / 32);
  if (launch.numThreads % 32)
    block.warps.back().exited = ~0u << launch.numThreads % 32;
  block.warpGroups.clear();
  block.warpGroups.resize((launch.numThreads + 127) / 128);
  block.barriers = {};
  block.live = launch.numThreads;
  block.mbarriers.clear();
  block.released.clear();
  for (uint32_t i = 0; i < launch.numThreads; ++i)
    if (!initThread(block, i))
      return false;
  return true;
}

static void runThreads(Worker &worker, Launch &launch, uint64_t number) {
  uint64_t lastProgress = worker.progress, turns = 0;
  uint32_t idleMilliseconds = 0, switches = 0;
  while (worker.live && !worker.failed && launch.firstBad > number) {
    // Bulk copies land when nobody can do anything else, or at random moments.
    if (launch.options.seed && worker.random() % 64 == 0)
      landBulkCopy(worker);
    if (worker.ready.empty()) {
      if (landBulkCopy(worker))
        continue;
      return reportDeadlock(worker);
    }
    if (launch.options.seed)
      std::swap(worker.ready.front(), worker.ready[worker.random() % worker.ready.size()]);
    Thread &next = *worker.ready.front();
    worker.ready.pop_front();
    if (lastProgress != worker.progress || next.wait != Wait::Poll) {
      turns = 0;
    } else if (++turns > worker.live && landBulkCopy(worker)) {
      turns = 0;
    } else if (turns > uint64_t(kMaxIdlePolls) * worker.live) {
      // Blocks on other host threads may still bring what these threads wait for.
      bool changed = launch.activity.exchange(0) != 0;
      idleMilliseconds = changed ? 0 : idleMilliseconds + 1;
      if (launch.running <= 1 ? !changed : idleMilliseconds > kMaxIdleMilliseconds)
        return reportDeadlock(worker);
      turns = 0;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (lastProgress != worker.progress && ++switches % 256 == 0)
      ++launch.activity;
    lastProgress = worker.progress;
    next.wait = Wait::None;
    worker.current = &next;
    switchFiber(worker.scheduler, next.fiber);
  }
}

void emulator::runCluster(Worker &worker, Launch &launch, uint64_t number) {
  theWorker = &worker;
  worker.ready.clear();
  worker.bulkCopies.clear();
  worker.clusterBarrier = ClusterBarrier();
  worker.failed = false;
  worker.live = launch.numThreads * launch.clusterBlocks;
  worker.random.seed(launch.options.seed * 0x9e3779b97f4a7c15ull + number);
  ++launch.running;
  bool ready = true;
  for (uint32_t rank = 0; ready && rank < launch.clusterBlocks; ++rank)
    ready = initBlock(worker, launch, number, rank);
  if (ready)
    runThreads(worker, launch, number);
  worker.dirty = worker.failed || worker.live || !worker.bulkCopies.empty();
  --launch.running;
  ++launch.activity;
}
