#ifndef COLT5_LIB_EMULATOR_DEVICE_RUNTIME_H
#define COLT5_LIB_EMULATOR_DEVICE_RUNTIME_H

#include "Clock.h"
#include "Fiber.h"
#include "RuntimeSymbols.h"
#include "colt5/Emulator/Emulator.h"
#include "llvm/ADT/StringMap.h"
#include <atomic>
#include <cstring>
#include <deque>
#include <mutex>
#include <random>

namespace mlir::colt5::emulator {

/// Shared memory of a block starts on a boundary of this size, so that the low 18 bits of an address are the
/// offset in shared memory, as descriptors expect.
constexpr uint64_t kSharedWindow = 256 << 10;
/// Bytes between static shared variables that belong to nobody: accesses past the end of one are seen.
constexpr uint32_t kSharedGap = 64;
constexpr uint32_t kMaxSharedBytes = 227 << 10;
constexpr uint32_t kMaxThreads = 1024;
constexpr uint32_t kMaxClusterBlocks = 16;
/// Serial numbers of blocks have 28 bits, and the last ones stand for marks.
constexpr uint32_t kMaxSerial = (1u << 28) - 2, kMaxBlocks = 1u << 27;

struct Cta;
struct Thread;
struct Worker;

struct SharedVariable {
  uint32_t bytes, align;
  bool dynamic;
};

struct Kernel {
  void (*entry)(ThreadHead *thread, void **params) = nullptr;
  std::vector<uint32_t> paramBytes;
  /// Which parameters are addresses.
  std::vector<bool> paramIsPointer;
  /// Shared variables it can reach, in layout order.
  std::vector<uint32_t> shared;
};

/// All that the blocks of one launch have in common.
struct Launch {
  std::string name;
  const Kernel *kernel = nullptr;
  const EmulatorLaunch *request = nullptr;
  EmulatorOptions options;
  ArrayRef<std::string> sites;
  std::vector<Buffer *> buffers;
  std::vector<uint32_t> sharedOffsets;
  /// [begin, end) of the static and dynamic variables.
  std::vector<std::pair<uint32_t, uint32_t>> sharedRanges;
  uint32_t sharedBytes = 0, numThreads = 0, clusterBlocks = 1;
  /// Serial number of block 0.
  uint32_t firstSerial = 1;
  void *slowLoad = nullptr, *slowStore = nullptr;
  std::vector<void *> params;
  /// What writers of a global address by atomic operations had seen.
  llvm::DenseMap<const void *, ClockPtr> released;
  std::mutex releasedLock, findingLock;
  std::atomic<uint64_t> firstBad{~0ull};
  /// Grows when a block ends or an atomic operation changes something, and clusters that are running.
  std::atomic<uint64_t> activity{0}, running{0};
  std::vector<EmulatorFinding> findings;
};

enum class Wait : uint8_t { None, Barrier, Warp, WarpGroup, MBarrier, Cluster, Poll };

struct AsyncCopy {
  char *to;
  const char *from;
  uint32_t bytes, fromBytes, site;
};

/// A part of a bulk operation: neighbouring bytes. A null source means zeros.
struct BulkPart {
  char *to;
  const char *from;
  uint32_t bytes;
};

/// A bulk copy to global memory whose source is not read yet, or that is not written yet.
struct BulkStore {
  std::vector<BulkPart> parts;
  uint32_t site;
  bool read = false;
  std::vector<char> data;
};

/// What a thread had seen when it executed a fence between the proxies.
struct ProxyFence {
  Epoch epoch = 0, phaseLimit = 0;
  ClockPtr known;
};

struct Thread : ThreadHead {
  Cta *block = nullptr;
  uint32_t index = 0;
  std::array<uint32_t, 3> id;
  FiberContext fiber;
  char *stack = nullptr;
  bool done = false;
  Wait wait = Wait::None;
  uint32_t waitSite = 0, waitBarrier = 0;
  /// What is known of other threads beyond the block's last full barrier (may be null); what the last fence
  /// hands on, and what the next one brings.
  ClockPtr known, released, releasedToBlock, pendingAcquire;
  ProxyFence proxyFence;
  /// The last fence.mbarrier.init.
  Epoch mbarrierFence = 0;
  std::vector<AsyncCopy> open;
  std::deque<std::vector<AsyncCopy>> groups;
  std::vector<BulkStore> openStores;
  std::deque<std::vector<BulkStore>> storeGroups;
  /// The last atomic operation's address and what stood there.
  const void *polled = nullptr;
  uint64_t polledValue = 0;
  /// Results of wgmma, by number: bits, and whether the operation has been waited for.
  std::vector<uint32_t> accumulators;
  std::vector<bool> accumulatorReady;
  /// Registers are ready for wgmma since the last wait; the last wait itself, as the group's moment.
  bool wgmmaFenced = false;
  Epoch wgmmaEpoch = 0;

  void tick() { epoch += kTick; }
};

/// Lanes of a warp that meet in one operation.
struct Meeting {
  uint32_t kind, param, mask, site, arrived = 0;
  /// What each lane brings and where it finds its results: 16 words on its own stack.
  std::array<uint64_t *, 32> values;
  std::array<Thread *, 32> threads;
};

struct Warp {
  std::vector<std::unique_ptr<Meeting>> meetings;
  uint32_t exited = 0;
};

/// One wgmma that was issued and not waited for.
struct Wgmma {
  uint32_t config, site;
  uint64_t descriptorA, descriptorB;
  /// For each thread, the numbers of its accumulators, and its registers of A.
  std::vector<std::vector<uint32_t>> accumulators, registers;
};

/// Four warps that execute wgmma together.
struct WarpGroup {
  std::vector<Thread *> threads;
  uint32_t kind = 0, param = 0, site = 0;
  Wgmma next;
  std::vector<Wgmma> open;
  std::deque<std::vector<Wgmma>> groups;
};

struct NamedBarrier {
  /// 0 expected: all threads of the block.
  uint32_t expected = 0, arrived = 0, predicates = 0;
  /// Of the last completed phase: the number of arrivals, and of those with a true predicate.
  uint32_t lastArrived = 0, lastPredicates = 0;
  std::vector<Thread *> waiting;
  /// Warps of which threads wait, and in which operation.
  uint32_t waitingWarps = 0;
  std::array<uint32_t, 32> warpSites;
  Join join;
};

/// A barrier object in shared memory.
struct MBarrier {
  uint32_t count = 0, pending = 0;
  int64_t transactions = 0;
  uint64_t phase = 0;
  Epoch created = 0;
  /// Threads and the phase number whose end they wait for.
  std::vector<std::pair<Thread *, uint64_t>> waiting;
  /// What the arrivals of the current and of the last completed phase have seen.
  Join join;
  ClockPtr visible;
};

/// A bulk copy into shared memory that has not landed.
struct BulkCopy {
  std::vector<BulkPart> parts;
  Cta *target;
  uint32_t barrier;
  Thread *issuer;
  Epoch issued;
  uint32_t site;
};

/// A block of threads ("block" where no confusion with mlir::Block is possible).
struct Cta {
  BlockHead head;
  Worker *worker = nullptr;
  Launch *launch = nullptr;
  uint64_t number = 0;
  uint32_t serial = 0, rank = 0;
  std::array<uint32_t, 3> id;
  char *shared = nullptr;
  ShadowPages shadow;
  std::vector<Thread> threads;
  std::vector<Warp> warps;
  std::vector<WarpGroup> warpGroups;
  std::array<NamedBarrier, 16> barriers;
  uint32_t live = 0;
  /// By offset in shared memory.
  llvm::DenseMap<uint32_t, MBarrier> mbarriers;
  /// What writers of a shared address by atomic operations had seen.
  llvm::DenseMap<const void *, ClockPtr> released;
};

/// The barrier of all threads of a cluster.
struct ClusterBarrier {
  uint32_t arrived = 0;
  uint64_t phase = 0;
  Join join;
  ClockPtr visible;
  std::vector<Thread *> waiting;
  /// Phase that each thread has arrived in and not waited for; 0: none.
  llvm::DenseMap<Thread *, uint64_t> arrivals;
};

/// One host thread, with the blocks of one cluster.
struct Worker {
  FiberContext scheduler;
  FiberStacks stacks;
  std::vector<std::unique_ptr<Cta>> blocks;
  Thread *current = nullptr;
  char *sharedBase = nullptr;
  std::vector<char> sharedMemory;
  std::vector<SiteBuffer> siteBuffers;
  std::deque<Thread *> ready;
  ClusterBarrier clusterBarrier;
  std::deque<BulkCopy> bulkCopies;
  uint64_t progress = 0;
  uint32_t live = 0;
  bool failed = false, dirty = true;
  std::mt19937_64 random;
};

Worker *currentWorker();
inline Thread &currentThread() { return *currentWorker()->current; }

/// Records an error of the running thread and gives up the block.
[[noreturn]] void fail(EmulatorErrorKind kind, uint32_t site, std::string message);
/// The same from the scheduler, about `thread`.
void record(Thread &thread, EmulatorErrorKind kind, uint32_t site, std::string message);
std::string threadName(const Thread &thread);

/// Lets others run until `wake` is called for this thread.
void suspend(Wait wait, uint32_t site);
void wake(Thread &thread);
/// Gives others a turn; for loops that wait for memory to change.
void poll(uint32_t site);
/// Forgets what a worker knows of an earlier launch.
void prepareWorker(Worker &worker, Launch &launch);
/// Runs one cluster of blocks to its end or its first error.
void runCluster(Worker &worker, Launch &launch, uint64_t number);
/// Ends the running thread: barriers and warps no longer wait for it.
void exitThread();
/// The block at cluster coordinates `rank`.
Cta &clusterBlock(uint32_t rank, uint32_t site);

enum class Access { Read, Write, Atomic, AtomicRead, AtomicStore, AsyncWrite, ProxyRead };
/// Checks and records an access of `self`.
void touch(Thread &self, const void *pointer, uint64_t bytes, uint32_t align, Access access, uint32_t site);
inline void touch(const void *pointer, uint64_t bytes, uint32_t align, Access access, uint32_t site) {
  touch(currentThread(), pointer, bytes, align, access, site);
}
/// The block in whose shared memory `pointer` lies and the offset there; null if in none of this cluster.
std::pair<Cta *, uint64_t> findShared(Worker &worker, const void *pointer);
/// Ends an asynchronous write: the bytes count as written at moment `epoch`.
void landBytes(Worker &worker, char *to, uint64_t bytes, Epoch epoch, uint8_t flags);
/// Marks shared memory that an asynchronous operation will read, and takes the mark away.
void beginAsyncRead(Worker &worker, const char *from, uint64_t bytes, uint32_t site, Thread &reader);
void endAsyncRead(Worker &worker, const char *from, uint64_t bytes, Epoch epoch);

void checkBarriers(Cta &block);
void checkMeetings(Cta &block, Warp &warp);
void checkClusterBarrier(Worker &worker);
/// The barrier of the cluster no longer waits for the ending thread.
void leaveClusterBarrier(Thread &thread);
void landAll(Thread &thread);
/// Complains about what the ending thread left open.
void finishStores(Thread &thread);
/// Lands one bulk copy and tells its barrier; false if none is under way.
bool landBulkCopy(Worker &worker);
/// Counts `bytes` down at the barrier object at offset `barrier` of `block`.
void completeTransactions(Cta &block, Thread &issuer, uint32_t barrier, int64_t bytes, Epoch issued,
                          uint32_t site);
/// The block and offset of the barrier object at `pointer`, which must have been initialized before.
std::pair<Cta *, uint32_t> checkMBarrier(const void *pointer, uint32_t site);
/// The same for those who need a fence after the initialization.
std::pair<Cta *, uint32_t> checkPublished(const void *pointer, uint32_t site);

/// Matrix operations on the values of a whole warp.
void executeMatrixOp(Meeting &meeting);

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_DEVICE_RUNTIME_H
