// Watches every byte of shared and global memory: who wrote and read it last, and whether a barrier stands
// between.
#include "Runtime.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

bool emulator::happenedBefore(const Thread &thread, uint32_t other, uint32_t time) {
  return other == thread.index || time <= thread.block->base[other] ||
         (!thread.known.empty() && time <= thread.known[other]);
}

void emulator::joinTimes(std::vector<uint32_t> &into, const Thread &from) {
  into.resize(from.block->threads.size());
  if (!from.known.empty())
    for (size_t i = 0; i < into.size(); ++i)
      into[i] = std::max(into[i], from.known[i]);
  into[from.index] = std::max(into[from.index], from.now);
}

void emulator::acquireTimes(Thread &thread, const std::vector<uint32_t> &times) {
  thread.known.resize(times.size());
  for (size_t i = 0; i < times.size(); ++i)
    thread.known[i] = std::max(thread.known[i], times[i]);
}

namespace {
/// The cells under one access, and the words to speak about it.
struct Target {
  Cell *begin = nullptr, *end = nullptr;
  std::string (*describe)(const Target &);
  const char *space;
  const Buffer *buffer = nullptr;
  uint64_t offset = 0;
  std::mutex *lock = nullptr;
};

std::string describe(const Target &target) {
  std::string text =
      target.buffer ? "byte " + std::to_string(target.offset) + " of buffer '" + target.buffer->name + "'"
                    : "byte " + std::to_string(target.offset) + " of shared memory";
  return text;
}

struct Check {
  Thread &self;
  Cta &block;
  Launch &launch;
  Access access;
  uint32_t site;
  const Target &target;

  bool ordered(uint32_t otherBlock, uint32_t other, uint32_t time) const {
    if (!time)
      return true;
    return otherBlock == block.number && happenedBefore(self, other, time);
  }
  [[noreturn]] void fail(EmulatorErrorKind kind, std::string message) const {
    if (target.lock)
      target.lock->unlock();
    emulator::fail(kind, site, std::move(message));
  }
  [[noreturn]] void race(const char *mine, const char *theirs, uint32_t otherBlock, uint32_t other,
                         uint32_t otherSite) const {
    std::string who = otherBlock == block.number ? "thread " + threadName(block.threads[other])
                                                 : "a thread of block number " + std::to_string(otherBlock);
    std::string text = std::string(mine) + " " + describe(target) + " that " + who + " " + theirs;
    if (otherSite && otherSite < launch.sites.size())
      text += " in " + launch.sites[otherSite];
    fail(EmulatorErrorKind::Race, text + ", with no barrier between");
  }

  void read(Cell &cell) const {
    if (launch.options.checkInitialized && !cell.initialized)
      fail(EmulatorErrorKind::Uninitialized, "reads " + describe(target) + ", which nobody wrote");
    if (!launch.options.checkRaces)
      return;
    if (!ordered(cell.writeBlock, cell.writer, cell.writeTime))
      race("reads", "wrote", cell.writeBlock, cell.writer, cell.writeSite);
    // A reader whose read is ordered before this one need not be remembered.
    for (int i = 0; i < 2; ++i)
      if (!cell.readTime[i] || (cell.readBlock[i] == block.number && cell.reader[i] == self.index) ||
          ordered(cell.readBlock[i], cell.reader[i], cell.readTime[i])) {
        cell.readTime[i] = self.now;
        cell.readBlock[i] = block.number;
        cell.reader[i] = self.index;
        return;
      }
    cell.manyReaders = true;
    cell.manyPhase =
        cell.readBlock[0] == block.number && cell.readBlock[1] == block.number ? block.phase : ~0u;
  }

  void write(Cell &cell) const {
    bool atomic = access == Access::Atomic || access == Access::AtomicStore;
    if (access == Access::Atomic && launch.options.checkInitialized && !cell.initialized)
      fail(EmulatorErrorKind::Uninitialized, "updates " + describe(target) + ", which nobody wrote");
    if (launch.options.checkRaces) {
      if (!(atomic && cell.atomicWrite) && !ordered(cell.writeBlock, cell.writer, cell.writeTime))
        race("writes", "wrote", cell.writeBlock, cell.writer, cell.writeSite);
      for (int i = 0; i < 2; ++i)
        if (!ordered(cell.readBlock[i], cell.reader[i], cell.readTime[i]))
          race("writes", "reads", cell.readBlock[i], cell.reader[i], 0);
      // The readers beyond the two are known by the phase only. Inside one phase, warp and named barriers may
      // order them; then the two that are kept must be ordered too, and that was seen above.
      if (cell.manyReaders && cell.manyPhase == ~0u)
        race("writes", "reads, like others,", cell.readBlock[0], cell.reader[0], 0);
    }
    cell.manyReaders = false;
    cell.readTime[0] = cell.readTime[1] = 0;
    cell.writeTime = self.now;
    cell.writeBlock = block.number;
    cell.writer = self.index;
    cell.writeSite = site;
    cell.atomicWrite = atomic;
    if (access == Access::AsyncWrite)
      cell.pending = true;
    else
      cell.initialized = true;
  }

  void run() const {
    for (Cell *cell = target.begin; cell != target.end; ++cell) {
      if (!cell->valid)
        fail(EmulatorErrorKind::OutOfBounds,
             "touches " + describe(target) + ", which belongs to no variable");
      if (cell->pending)
        fail(EmulatorErrorKind::AsyncNotAwaited,
             "touches " + describe(target) + " while the copy of thread " +
                 threadName(block.threads[cell->writer]) + " into it is under way");
      access == Access::Read ? read(*cell) : write(*cell);
    }
  }
};

Buffer *findBuffer(Worker &worker, Launch &launch, const char *pointer) {
  auto holds = [&](Buffer *b) { return b && pointer >= b->data && pointer < b->data + b->bytes; };
  if (holds(worker.lastBuffer))
    return worker.lastBuffer;
  for (Buffer *buffer : launch.buffers)
    if (holds(buffer))
      return worker.lastBuffer = buffer;
  return nullptr;
}

std::string describeStray(Launch &launch, const char *pointer) {
  if (uintptr_t(pointer) < 4096)
    return "a null pointer plus " + std::to_string(uintptr_t(pointer));
  Buffer *nearest = nullptr;
  int64_t best = INT64_MAX;
  for (Buffer *buffer : launch.buffers) {
    int64_t distance =
        pointer < buffer->data ? buffer->data - pointer : pointer - (buffer->data + buffer->bytes);
    if (distance < best) {
      best = distance;
      nearest = buffer;
    }
  }
  if (!nearest || best > (int64_t(1) << 30))
    return "an address in no buffer";
  return std::to_string(best) + " bytes " + (pointer < nearest->data ? "before the start" : "past the end") +
         " of buffer '" + nearest->name + "' (" + std::to_string(nearest->bytes) + " bytes)";
}
} // namespace

void emulator::touch(const void *address, uint64_t bytes, uint32_t align, Access access, uint32_t site) {
  Worker &worker = *currentWorker();
  Thread &self = *worker.current;
  Cta &block = *self.block;
  Launch &launch = *block.launch;
  const char *pointer = static_cast<const char *>(address);
  if (pointer >= self.stack && pointer + bytes <= self.stack + FiberStacks::kStackBytes)
    return;
  Target target;
  uint64_t offset = pointer - block.shared;
  if (offset < kSharedWindow) {
    target.offset = offset;
    if (offset + bytes > launch.sharedBytes)
      fail(EmulatorErrorKind::OutOfBounds, site,
           "touches bytes " + std::to_string(offset) + " to " + std::to_string(offset + bytes - 1) +
               " of shared memory, which has " + std::to_string(launch.sharedBytes) + " bytes");
    target.begin = &block.cells[offset];
    target.end = target.begin + bytes;
  } else {
    Buffer *buffer = findBuffer(worker, launch, pointer);
    if (!buffer || uint64_t(pointer - buffer->data) + bytes > buffer->bytes)
      fail(EmulatorErrorKind::OutOfBounds, site,
           "touches " + std::to_string(bytes) + " bytes at " +
               (buffer ? "byte " + std::to_string(pointer - buffer->data) + " of buffer '" + buffer->name +
                             "', which has " + std::to_string(buffer->bytes) + " bytes"
                       : describeStray(launch, pointer)));
    target.buffer = buffer;
    target.offset = pointer - buffer->data;
    target.begin = &buffer->cells[target.offset / buffer->granule];
    target.end = &buffer->cells[0] + (target.offset + bytes + buffer->granule - 1) / buffer->granule;
    target.lock = &launch.locks[target.offset / 256 % launch.locks.size()];
  }
  if (uintptr_t(pointer) % align)
    fail(EmulatorErrorKind::Misaligned, site,
         "touches " + std::to_string(bytes) + " bytes at " + describe(target) + ", expected a multiple of " +
             std::to_string(align));
  if (target.lock)
    target.lock->lock();
  Check{self, block, launch, access, site, target}.run();
  if (target.lock)
    target.lock->unlock();
}

void emulator::land(const AsyncCopy &copy) {
  Thread &self = currentThread();
  Cell *cells = &self.block->cells[copy.to - self.block->shared];
  for (uint32_t i = 0; i < copy.bytes; ++i) {
    cells[i].pending = false;
    cells[i].initialized = true;
    cells[i].writeTime = self.now;
  }
  std::memset(copy.to, 0, copy.bytes);
  std::memcpy(copy.to, copy.from, copy.fromBytes);
}
