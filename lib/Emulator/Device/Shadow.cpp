// Watches shared and global memory: who wrote and read it last, and whether something orders that before an
// access.
#include "FastPath.h"
#include "Runtime.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

namespace {
/// The memory under one access, and the words to speak about it.
struct Target {
  ShadowPages *shadow = nullptr;
  const Buffer *buffer = nullptr;
  const Cta *owner = nullptr;
  uint64_t offset = 0;
};

struct Check {
  Thread &self;
  Cta &block;
  Launch &launch;
  Access access;
  uint32_t site;
  const Target &target;

  bool isWrite() const {
    return access != Access::Read && access != Access::ProxyRead && access != Access::AtomicRead;
  }
  bool isAtomic() const {
    return access == Access::Atomic || access == Access::AtomicStore || access == Access::AtomicRead;
  }

  std::string describe(uint64_t offset) const {
    std::string text = "byte " + std::to_string(offset) + " of ";
    if (target.buffer)
      return text + "buffer '" + target.buffer->name + "'";
    return text + "shared memory" +
           (target.owner == &block ? ""
                                   : " of block " + std::to_string(target.owner->rank) + " of the cluster");
  }
  [[noreturn]] void fail(EmulatorErrorKind kind, std::string message) const {
    emulator::fail(kind, site, std::move(message));
  }
  /// A thread of this cluster, or null.
  const Thread *findThread(Epoch epoch) const {
    uint64_t rank = serialOf(epoch) - serialOf(block.head.clusterBase);
    if (rank >= launch.clusterBlocks || threadOf(epoch) >= launch.numThreads)
      return nullptr;
    return &block.worker->blocks[rank]->threads[threadOf(epoch)];
  }
  [[noreturn]] void race(const char *mine, const char *theirs, uint64_t offset, Epoch epoch,
                         uint32_t otherSite, const char *missing = "no barrier") const {
    const Thread *other = findThread(epoch);
    std::string who = "a thread of block number " + std::to_string(serialOf(epoch) - launch.firstSerial);
    if (other)
      who = "thread " + threadName(*other) +
            (other->block == &block ? "" : " of block number " + std::to_string(other->block->number));
    std::string text = std::string(mine) + " " + describe(offset) + " that " + who + " " + theirs;
    if (otherSite && otherSite < launch.sites.size())
      text += " in " + launch.sites[otherSite];
    fail(EmulatorErrorKind::Race, text + ", with " + missing + " between");
  }

  bool ordered(Epoch epoch) const {
    // What earlier clusters left in shared memory is gone.
    return epoch == 0 || (!target.buffer && epoch < block.head.clusterBase) || happenedBefore(self, epoch);
  }
  bool isWritten(const Cell &cell, uint64_t offset) const {
    if (target.buffer)
      return cell.write || target.shadow->writtenBefore(offset);
    return cell.write >= block.head.clusterBase;
  }
  /// Whether a fence.proxy.async stands between a write by plain stores and this thread.
  bool proxied(Epoch write) const {
    const ProxyFence &mine = self.proxyFence;
    if (mine.epoch &&
        (write - block.head.base < mine.phaseLimit || (mine.known && mine.known->covers(write)) ||
         (serialOf(write) == block.serial && threadOf(write) == self.index && write < mine.epoch)))
      return true;
    const Thread *writer = findThread(write);
    return !writer || write < writer->proxyFence.epoch;
  }

  void read(Cell &cell, uint64_t offset, bool written) const {
    if (launch.options.checkInitialized && !written)
      fail(EmulatorErrorKind::Uninitialized, "reads " + describe(offset) + ", which was never written");
    if (!launch.options.checkRaces)
      return;
    Epoch write = cell.write;
    if (!(isAtomic() && (cell.flags & AtomicWrite)) && !ordered(write))
      race("reads", "wrote", offset, write, cell.site);
    if (access == Access::ProxyRead && !target.buffer && written && !(cell.flags & AsyncProxyWrite) &&
        !proxied(write))
      race("reads through the asynchronous proxy", "wrote", offset, write, cell.site, "no fence.proxy.async");
    if (isAtomic())
      return;
    // A reader whose read is ordered before this one need not be remembered.
    for (Epoch &reader : cell.read)
      if (reader == self.epoch || (reader != kAsyncRead && ordered(reader))) {
        reader = self.epoch;
        return;
      }
    bool sameWarp = threadOf(cell.read[0] ^ cell.read[1]) < 32;
    if (cell.read[1] != kAsyncRead && sameWarp && threadOf(cell.read[0] ^ self.epoch) >= 32)
      cell.read[1] = self.epoch;
  }

  void write(Cell &cell, uint64_t offset, bool written) const {
    if (cell.asyncReads)
      fail(EmulatorErrorKind::AsyncNotAwaited, "writes " + describe(offset) +
                                                   ", which the asynchronous operation in " +
                                                   launch.sites[cell.site] + " still reads");
    if (access == Access::Atomic && launch.options.checkInitialized && !written)
      fail(EmulatorErrorKind::Uninitialized, "updates " + describe(offset) + ", which was never written");
    if (launch.options.checkRaces) {
      if (!(isAtomic() && (cell.flags & AtomicWrite)) && !ordered(cell.write))
        race("writes", "wrote", offset, cell.write, cell.site);
      for (Epoch reader : cell.read)
        if (reader != kAsyncRead && !ordered(reader) && !(isAtomic() && (cell.flags & AtomicWrite)))
          race("writes", "reads", offset, reader, 0);
    }
    cell.read[0] = cell.read[1] = 0;
    cell.site = site;
    // Another host thread may look: it must not see an atomic write without its flag.
    if (isAtomic())
      cell.flags = AtomicWrite;
    __atomic_store_n(&cell.write, access == Access::AsyncWrite ? kPending : self.epoch, __ATOMIC_RELEASE);
    if (!isAtomic())
      cell.flags = 0;
    cell.issuer = self.index;
  }

  void run(uint64_t bytes) const {
    target.shadow->forEach(target.offset, bytes, [&](Cell &cell, uint64_t offset, uint64_t) {
      if (cell.write == kGap)
        fail(EmulatorErrorKind::OutOfBounds,
             "touches " + describe(offset) + ", which belongs to no variable");
      if (cell.write == kPending)
        fail(EmulatorErrorKind::AsyncNotAwaited,
             "touches " + describe(offset) + " while the copy of thread " +
                 threadName(block.threads[cell.issuer]) + " into it is under way");
      bool written = (!isWrite() || access == Access::Atomic) && isWritten(cell, offset);
      isWrite() ? write(cell, offset, written) : read(cell, offset, written);
    });
  }
};

Buffer *findBuffer(Launch &launch, const char *pointer) {
  for (Buffer *buffer : launch.buffers)
    if (pointer >= buffer->data && pointer < buffer->data + buffer->bytes)
      return buffer;
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

std::pair<Cta *, uint64_t> emulator::findShared(Worker &worker, const void *pointer) {
  uint64_t offset = static_cast<const char *>(pointer) - worker.sharedBase;
  uint64_t rank = offset / kSharedWindow;
  if (rank >= worker.blocks.size())
    return {nullptr, 0};
  return {worker.blocks[rank].get(), offset % kSharedWindow};
}

void emulator::touch(Thread &self, const void *address, uint64_t bytes, uint32_t align, Access access,
                     uint32_t site) {
  Cta &block = *self.block;
  Launch &launch = *block.launch;
  const char *pointer = static_cast<const char *>(address);
  if (!bytes || (pointer >= self.stack && pointer + bytes <= self.stack + FiberStacks::kStackBytes))
    return;
  Target target;
  auto [owner, offset] = findShared(*block.worker, pointer);
  if (owner) {
    if (offset + bytes > launch.sharedBytes)
      fail(EmulatorErrorKind::OutOfBounds, site,
           "touches bytes " + std::to_string(offset) + " to " + std::to_string(offset + bytes - 1) +
               " of shared memory, which has " + std::to_string(launch.sharedBytes) + " bytes");
    if (!owner->live)
      fail(EmulatorErrorKind::OutOfBounds, site,
           "touches shared memory of block " + std::to_string(owner->rank) +
               " of the cluster, where all threads have ended");
    target.owner = owner;
    target.offset = offset;
    target.shadow = &owner->shadow;
  } else {
    Buffer *buffer = findBuffer(launch, pointer);
    if (!buffer || uint64_t(pointer - buffer->data) + bytes > buffer->bytes)
      fail(EmulatorErrorKind::OutOfBounds, site,
           "touches " + std::to_string(bytes) + " bytes at " +
               (buffer ? "byte " + std::to_string(pointer - buffer->data) + " of buffer '" + buffer->name +
                             "', which has " + std::to_string(buffer->bytes) + " bytes"
                       : describeStray(launch, pointer)));
    bool reads = access == Access::Read || access == Access::ProxyRead || access == Access::AtomicRead;
    if (buffer->readOnly && !reads)
      fail(EmulatorErrorKind::BadOperand, site, "writes '" + buffer->name + "', which is constant memory");
    target.buffer = buffer;
    target.offset = pointer - buffer->data;
    target.shadow = &buffer->shadow;
    if (site < block.worker->siteBuffers.size())
      block.worker->siteBuffers[site] = {uint64_t(buffer->data), buffer->bytes, buffer->shadow.entries()};
  }
  Check check{self, block, launch, access, site, target};
  if (align && uintptr_t(pointer) % align)
    fail(EmulatorErrorKind::Misaligned, site,
         "touches " + std::to_string(bytes) + " bytes at " + check.describe(target.offset) +
             ", expected a multiple of " + std::to_string(align));
  check.run(bytes);
}

void emulator::landBytes(Worker &worker, char *to, uint64_t bytes, Epoch epoch, uint8_t flags) {
  auto [owner, offset] = findShared(worker, to);
  owner->shadow.forEach(offset, bytes, [&](Cell &cell, uint64_t, uint64_t) {
    cell.write = epoch;
    cell.flags = flags;
  });
}

void emulator::beginAsyncRead(Worker &worker, const char *from, uint64_t bytes, uint32_t site,
                              Thread &reader) {
  touch(reader, from, bytes, 1, Access::ProxyRead, site);
  auto [owner, offset] = findShared(worker, from);
  if (!owner)
    return;
  owner->shadow.forEach(offset, bytes, [&](Cell &cell, uint64_t, uint64_t) {
    ++cell.asyncReads;
    cell.read[1] = kAsyncRead;
    cell.site = site;
  });
}

void emulator::endAsyncRead(Worker &worker, const char *from, uint64_t bytes, Epoch epoch) {
  auto [owner, offset] = findShared(worker, from);
  if (!owner)
    return;
  owner->shadow.forEach(offset, bytes, [&](Cell &cell, uint64_t, uint64_t) {
    if (cell.asyncReads && !--cell.asyncReads)
      cell.read[1] = epoch;
  });
}

static void checkedLoad(ThreadHead *self, const char *pointer, uint64_t bytes, uint32_t align,
                        uint32_t site) {
  touch(*static_cast<Thread *>(self), pointer, bytes, align, Access::Read, site);
}
static void checkedStore(ThreadHead *self, const char *pointer, uint64_t bytes, uint32_t align,
                         uint32_t site) {
  touch(*static_cast<Thread *>(self), pointer, bytes, align, Access::Write, site);
}

static void localFailed(int64_t offset, uint64_t bytes, uint64_t size, uint32_t site) {
  fail(EmulatorErrorKind::OutOfBounds, site,
       "touches " + std::to_string(bytes) + " bytes at byte " + std::to_string(offset) +
           " of a local variable, which has " + std::to_string(size) + " bytes");
}

void emulator::addShadowSymbols(SymbolMap &symbols) {
  symbols["colt5_emu_load"] = reinterpret_cast<void *>(fastLoad);
  symbols["colt5_emu_store"] = reinterpret_cast<void *>(fastStore);
  symbols["colt5_emu_local_failed"] = reinterpret_cast<void *>(localFailed);
  symbols["colt5_emu_checked_load"] = reinterpret_cast<void *>(checkedLoad);
  symbols["colt5_emu_checked_store"] = reinterpret_cast<void *>(checkedStore);
}
