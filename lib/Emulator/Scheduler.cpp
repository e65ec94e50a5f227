#include "Runtime.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

/// Polling threads are given this many turns without anything else happening before the block counts as
/// stuck.
static constexpr uint32_t kMaxIdlePolls = 1000;

Worker *&emulator::currentWorker() {
  static thread_local Worker *worker = nullptr;
  return worker;
}

std::string emulator::threadName(const Thread &thread) {
  return "(" + std::to_string(thread.id[0]) + ", " + std::to_string(thread.id[1]) + ", " +
         std::to_string(thread.id[2]) + ")";
}

void emulator::record(Thread &thread, EmulatorErrorKind kind, uint32_t site, std::string message) {
  Cta &block = *thread.block;
  Launch &launch = *block.launch;
  block.failed = true;
  std::lock_guard<std::mutex> guard(launch.findingLock);
  // Which block is slower must not decide what is reported.
  if (block.number >= launch.firstBad)
    return;
  launch.firstBad = block.number;
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
  ++thread.block->progress;
  thread.block->ready.push_back(&thread);
}

void emulator::poll(uint32_t site) {
  Thread &self = currentThread();
  self.block->ready.push_back(&self);
  suspend(Wait::Poll, site);
}

static void runThread() {
  currentThread().block->launch->kernel->entry(currentThread().block->launch->params.data());
  exitThread();
}

void emulator::exitThread() {
  Worker *worker = currentWorker();
  Thread &self = *worker->current;
  Cta &block = *self.block;
  landAll(self);
  self.done = true;
  --block.live;
  ++block.progress;
  Warp &warp = block.warps[self.index / 32];
  warp.exited |= 1u << self.index % 32;
  checkMeetings(block, warp);
  checkBarriers(block);
  switchFiber(self.fiber, worker->scheduler);
  llvm_unreachable("a thread that ended is never continued");
}

static void reportDeadlock(Cta &block) {
  llvm::MapVector<std::pair<uint32_t, int>, SmallVector<Thread *>> groups;
  bool inWarp = false;
  for (Thread &thread : block.threads)
    if (!thread.done) {
      groups[{thread.waitSite, int(thread.wait)}].push_back(&thread);
      inWarp |= thread.wait == Wait::Warp;
    }
  std::string message = "no thread can go on:";
  for (auto &[key, threads] : groups) {
    message += " " + std::to_string(threads.size()) + " wait in " +
               (key.first < block.launch->sites.size() ? block.launch->sites[key.first]
                                                       : std::string("an unknown place"));
    message += " (first: thread " + threadName(*threads.front()) + ");";
  }
  if (uint32_t ended = block.threads.size() - block.live)
    message += " " + std::to_string(ended) + " have ended;";
  message.back() = '.';
  // Threads of a warp that meet at different places never meet: that is divergence, not a cycle.
  Thread &first = *groups.front().second.front();
  bool diverged = inWarp || groups.size() > 1;
  record(first, diverged ? EmulatorErrorKind::DivergentCollective : EmulatorErrorKind::Deadlock,
         first.waitSite, message);
}

static bool initBlock(Worker &worker, Launch &launch, uint64_t number) {
  Cta &block = worker.block;
  const auto &grid = launch.request->grid;
  const auto &size = launch.request->block;
  block.worker = &worker;
  block.launch = &launch;
  block.number = number;
  block.id = {uint32_t(number % grid[0]), uint32_t(number / grid[0] % grid[1]),
              uint32_t(number / grid[0] / grid[1])};
  if (worker.sharedMemory.empty())
    worker.sharedMemory.resize(2 * kSharedWindow);
  block.shared =
      reinterpret_cast<char *>(llvm::alignTo(uintptr_t(worker.sharedMemory.data()), kSharedWindow));
  // What nobody wrote is recognisable, even if the check for it is off.
  std::fill_n(block.shared, launch.sharedBytes, char(0xff));
  Cell gap;
  gap.valid = false;
  block.cells.assign(launch.sharedBytes, gap);
  for (auto [begin, end] : launch.sharedRanges)
    std::fill(block.cells.begin() + begin, block.cells.begin() + end, Cell());
  block.warps = std::vector<Warp>((launch.numThreads + 31) / 32);
  if (launch.numThreads % 32)
    block.warps.back().exited = ~0u << launch.numThreads % 32;
  block.barriers = {};
  block.base.assign(launch.numThreads, 0);
  block.phase = 0;
  block.failed = false;
  block.live = launch.numThreads;
  block.random.seed(launch.options.seed * 0x9e3779b97f4a7c15ull + number);
  block.ready.clear();
  block.mbarriers.clear();
  block.bulkCopies.clear();
  block.threads = std::vector<Thread>(launch.numThreads);
  for (uint32_t i = 0; i < launch.numThreads; ++i) {
    Thread &thread = block.threads[i];
    thread.block = &block;
    thread.index = i;
    thread.id = {i % size[0], i / size[0] % size[1], i / size[0] / size[1]};
    thread.stack = worker.stacks.get(i);
    if (!thread.stack) {
      record(thread, EmulatorErrorKind::BadOperand, ~0u,
             "the host has no memory for the stacks of the threads");
      return false;
    }
    initFiber(thread.fiber, thread.stack, runThread);
    block.ready.push_back(&thread);
  }
  return true;
}

void emulator::runBlock(Worker &worker, Launch &launch, uint64_t number) {
  currentWorker() = &worker;
  if (!initBlock(worker, launch, number))
    return;
  Cta &block = worker.block;
  uint64_t lastProgress = block.progress, turns = 0;
  while (block.live && !block.failed && launch.firstBad > number) {
    // Bulk copies land when nobody can do anything else, or at random moments.
    if (launch.options.seed && block.random() % 64 == 0)
      landBulkCopy(block);
    if (block.ready.empty()) {
      if (landBulkCopy(block))
        continue;
      return reportDeadlock(block);
    }
    if (launch.options.seed)
      std::swap(block.ready.front(), block.ready[block.random() % block.ready.size()]);
    Thread &next = *block.ready.front();
    block.ready.pop_front();
    if (lastProgress != block.progress || next.wait != Wait::Poll)
      turns = 0;
    else if (++turns > block.live && landBulkCopy(block))
      turns = 0;
    else if (turns > uint64_t(kMaxIdlePolls) * block.live)
      return reportDeadlock(block);
    lastProgress = block.progress;
    next.wait = Wait::None;
    worker.current = &next;
    switchFiber(worker.scheduler, next.fiber);
  }
}
