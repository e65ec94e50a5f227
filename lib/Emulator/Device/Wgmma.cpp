// wgmma: issue, groups and waits of four warps. Operands are read and results computed when the group is
// waited for. Until then an accumulator holds a token, a NaN with the number of its place in the thread's
// table.
#include "WgmmaMatrix.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

static constexpr uint32_t kTokenBits = 21, kTokenMark = 0xffa00000;
enum GroupKind : uint32_t { GroupMma, GroupCommit, GroupWait };

/// Number of the accumulator that `bits` stands for; -1 when it is a plain value.
static int32_t tokenOf(const Thread &thread, uint32_t bits) {
  uint32_t number = bits & ((1u << kTokenBits) - 1);
  bool token = (bits & ~((1u << kTokenBits) - 1)) == kTokenMark && number < thread.accumulators.size();
  return token ? int32_t(number) : -1;
}

static std::vector<char *> operandChunks(const Wgmma &op, const Cta &block) {
  WgmmaConfig config = WgmmaConfig::decode(op.config);
  std::vector<char *> chunks;
  auto add = [&](uint64_t descriptor, bool transposed, uint32_t size) {
    for (uint32_t offset :
         SharedMatrix(descriptor, config.elementBytes(), transposed).chunks(size, config.k()))
      chunks.push_back(block.shared + offset);
  };
  if (!config.registersA)
    add(op.descriptorA, config.transposeA, 64);
  add(op.descriptorB, config.transposeB, config.n);
  return chunks;
}

static void issue(Cta &block, WarpGroup &group) {
  Wgmma &op = group.next;
  WgmmaConfig config = WgmmaConfig::decode(op.config);
  for (auto [descriptor, used] : {std::pair(op.descriptorA, !config.registersA), {op.descriptorB, true}}) {
    SharedMatrix matrix(descriptor, config.elementBytes(), false);
    if (used && matrix.baseOffset)
      fail(EmulatorErrorKind::BadOperand, op.site,
           "expected a matrix descriptor with base offset 0, found " + std::to_string(matrix.baseOffset));
  }
  // What one thread has not waited for, it must not read: each looks after a part.
  for (auto [i, chunk] : llvm::enumerate(operandChunks(op, block)))
    beginAsyncRead(*block.worker, chunk, 16, op.site, *group.threads[i % 128]);
  group.open.push_back(std::move(op));
}

static void finish(Cta &block, WarpGroup &group, std::vector<Wgmma> &done, Epoch moment) {
  for (Wgmma &op : done) {
    executeWgmma(op, block, group.threads);
    for (char *chunk : operandChunks(op, block))
      endAsyncRead(*block.worker, chunk, 16, moment);
    for (auto [thread, accumulators] : llvm::zip(group.threads, op.accumulators))
      for (uint32_t number : accumulators)
        thread->accumulatorReady[number] = true;
  }
}

static void waitGroups(Cta &block, WarpGroup &group, uint32_t keep) {
  Epoch last = 0;
  for (Thread *thread : group.threads)
    last = std::max(last, thread->epoch);
  Epoch moment = (last & ~(kTick - 1)) | (kMaxThreads + group.threads.front()->index / 128);
  for (; group.groups.size() > keep; group.groups.pop_front())
    finish(block, group, group.groups.front(), moment);
  for (Thread *thread : group.threads) {
    thread->epoch = ((last & ~(kTick - 1)) + kTick) | thread->index;
    thread->wgmmaEpoch = moment;
    thread->wgmmaFenced = false;
  }
}

/// Waits for the group's other threads; the last one executes.
static WarpGroup &meet(uint32_t kind, uint32_t param, uint32_t site) {
  Thread &self = currentThread();
  Cta &block = *self.block;
  WarpGroup &group = block.warpGroups[self.index / 128];
  if (self.index / 128 * 128 + 128 > block.threads.size())
    fail(EmulatorErrorKind::DivergentCollective, site,
         "needs the 128 threads of four warps, and the block's last "
         "group has fewer");
  if (group.threads.size() == 128 || group.threads.empty())
    group.threads.clear();
  if (!group.threads.empty() && (group.kind != kind || group.param != param || group.site != site))
    fail(EmulatorErrorKind::DivergentCollective, site,
         "other threads of the four warps wait in another operation, " + block.launch->sites[group.site]);
  group.kind = kind;
  group.param = param;
  group.site = site;
  group.threads.push_back(&self);
  ++block.worker->progress;
  return group;
}

static void meetEnd(WarpGroup &group, uint32_t site, llvm::function_ref<void()> execute) {
  if (group.threads.size() < 128)
    return suspend(Wait::WarpGroup, site);
  llvm::sort(group.threads, [](Thread *a, Thread *b) { return a->index < b->index; });
  execute();
  Thread &self = currentThread();
  for (Thread *thread : group.threads)
    if (thread != &self)
      wake(*thread);
}

/// `values`: the accumulators, replaced by tokens; then four registers of A if the matrix comes from there.
static void mma(uint32_t *values, uint64_t descriptorA, uint64_t descriptorB, uint32_t bits, uint32_t site) {
  Thread &self = currentThread();
  WgmmaConfig config = WgmmaConfig::decode(bits);
  uint32_t count = config.registersD();
  WarpGroup &group = meet(GroupMma, bits, site);
  bool first = group.threads.size() == 1;
  if (first) {
    group.next = {bits, site, descriptorA, descriptorB, {}, {}};
    group.next.accumulators.resize(128);
    group.next.registers.resize(128);
  }
  Wgmma &op = group.next;
  if ((!config.registersA && op.descriptorA != descriptorA) || op.descriptorB != descriptorB)
    fail(EmulatorErrorKind::BadOperand, site,
         "expected the same matrix descriptors in all threads of the four warps");
  std::vector<uint32_t> &numbers = op.accumulators[self.index % 128];
  bool chained = true;
  for (uint32_t i = 0; i < count; ++i) {
    int32_t token = tokenOf(self, values[i]);
    bool inPlace = token >= 0 && !self.accumulatorReady[token] && config.scaleD;
    chained &= inPlace;
    if (!inPlace) {
      uint32_t value = token >= 0 && self.accumulatorReady[token] ? self.accumulators[token] : values[i];
      token = self.accumulators.size();
      if (token >> kTokenBits)
        fail(EmulatorErrorKind::BadOperand, site,
             "the emulator has no place for more accumulators of one thread");
      self.accumulators.push_back(config.scaleD ? value : 0);
      self.accumulatorReady.push_back(false);
    }
    numbers.push_back(token);
    values[i] = kTokenMark | token;
  }
  if ((!chained || config.registersA) && !self.wgmmaFenced)
    fail(EmulatorErrorKind::Race, site,
         "uses registers that were touched since the last wait, with no wgmma.fence between");
  if (config.registersA)
    op.registers[self.index % 128].assign(values + count, values + count + 4);
  meetEnd(group, site, [&] { issue(*self.block, group); });
}

static void commit(uint32_t site) {
  WarpGroup &group = meet(GroupCommit, 0, site);
  meetEnd(group, site, [&] {
    group.groups.push_back(std::move(group.open));
    group.open.clear();
  });
}

static void wait(uint32_t keep, uint32_t site) {
  WarpGroup &group = meet(GroupWait, keep, site);
  meetEnd(group, site, [&] { waitGroups(*currentThread().block, group, keep); });
}

static void fence(uint32_t) { currentThread().wgmmaFenced = true; }

/// The value that an accumulator stands for.
static uint32_t readAccumulator(uint32_t bits, uint32_t site) {
  Thread &self = currentThread();
  int32_t token = tokenOf(self, bits);
  if (token < 0)
    return bits;
  if (!self.accumulatorReady[token])
    fail(EmulatorErrorKind::AsyncNotAwaited, site, "uses an accumulator of a wgmma before wgmma.wait_group");
  return self.accumulators[token];
}

void emulator::addWgmmaSymbols(SymbolMap &symbols) {
  symbols["colt5_emu_wgmma"] = reinterpret_cast<void *>(mma);
  symbols["colt5_emu_wgmma_commit"] = reinterpret_cast<void *>(commit);
  symbols["colt5_emu_wgmma_wait"] = reinterpret_cast<void *>(wait);
  symbols["colt5_emu_wgmma_fence"] = reinterpret_cast<void *>(fence);
  symbols["colt5_emu_accumulator"] = reinterpret_cast<void *>(readAccumulator);
}
