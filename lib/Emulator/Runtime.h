#ifndef COLT5_LIB_EMULATOR_RUNTIME_H
#define COLT5_LIB_EMULATOR_RUNTIME_H

#include "Fiber.h"
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

struct Cta;
struct Thread;
struct Worker;

/// What is known about one granule of memory. A time is a thread's clock; clocks start at 1, so 0 means
/// never.
struct Cell {
  uint32_t writeTime = 0, readTime[2] = {0, 0};
  uint32_t writeBlock = 0, readBlock[2] = {0, 0};
  uint16_t writer = 0, reader[2] = {0, 0};
  bool initialized = false;
  /// The last write was an atomic operation.
  bool atomicWrite = false;
  /// A copy into it is under way; its bytes must not be touched.
  bool pending = false;
  /// Belongs to a variable (shared memory only).
  bool valid = true;
  /// More readers than the two that are kept, since full barrier number `manyPhase` of block `readBlock[0]`.
  bool manyReaders = false;
  uint32_t manyPhase = 0;
  uint32_t writeSite = 0;
};

/// Global memory that the caller announced.
struct Buffer {
  std::string name;
  char *data;
  uint64_t bytes;
  unsigned granule;
  std::vector<Cell> cells;
};

struct SharedVariable {
  uint32_t bytes, align;
  bool dynamic;
};

struct Kernel {
  void (*entry)(void **params) = nullptr;
  std::vector<uint32_t> paramBytes;
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
  uint32_t sharedBytes = 0, numThreads = 0;
  std::vector<void *> params;
  /// Cells of global memory are shared by blocks on different host threads.
  std::array<std::mutex, 64> locks;
  std::mutex findingLock;
  std::atomic<uint64_t> firstBad{~0ull};
  std::vector<EmulatorFinding> findings;
};

enum class Wait : uint8_t { None, Barrier, Warp, MBarrier, Poll };

struct AsyncCopy {
  char *to;
  const char *from;
  uint32_t bytes, fromBytes, site;
};

struct Thread {
  FiberContext fiber;
  Cta *block = nullptr;
  uint32_t index = 0;
  std::array<uint32_t, 3> id;
  char *stack = nullptr;
  bool done = false;
  Wait wait = Wait::None;
  uint32_t waitSite = 0, waitBarrier = 0;
  /// Own time, and what is known of the other threads' times beyond the block's last full barrier (may be
  /// empty).
  uint32_t now = 1;
  std::vector<uint32_t> known;
  std::vector<AsyncCopy> open;
  std::deque<std::vector<AsyncCopy>> groups;
  /// The last atomic operation's address and what stood there.
  const void *polled = nullptr;
  uint64_t polledValue = 0;
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

struct NamedBarrier {
  /// 0 expected: all threads of the block.
  uint32_t expected = 0, arrived = 0, predicates = 0;
  /// Of the last completed phase: the number of arrivals, and of those with a true predicate.
  uint32_t lastArrived = 0, lastPredicates = 0;
  std::vector<Thread *> waiting;
  std::vector<uint32_t> join;
};

/// A barrier object in shared memory.
struct MBarrier {
  uint32_t count = 0, pending = 0;
  int64_t transactions = 0;
  uint64_t phase = 0;
  uint16_t creator = 0;
  uint32_t createdAt = 0;
  /// Threads and the phase number whose end they wait for.
  std::vector<std::pair<Thread *, uint64_t>> waiting;
  /// What the arrivals of the current and of the last completed phase have seen.
  std::vector<uint32_t> join, visible;
};

/// A bulk copy that has not landed: each element's places, a null source meaning zeros.
struct BulkCopy {
  struct Element {
    char *to;
    const char *from;
  };
  std::vector<Element> elements;
  uint32_t elementBytes, barrier, issuer, issuedAt, site;
};

/// A block of threads ("block" where no confusion with mlir::Block is possible).
struct Cta {
  Worker *worker = nullptr;
  Launch *launch = nullptr;
  uint64_t number = 0;
  std::array<uint32_t, 3> id;
  char *shared = nullptr;
  std::vector<Cell> cells;
  std::vector<Thread> threads;
  std::vector<Warp> warps;
  std::array<NamedBarrier, 16> barriers;
  std::deque<Thread *> ready;
  /// Times of all threads at the last full barrier, and how many there were.
  std::vector<uint32_t> base;
  uint32_t phase = 0, live = 0;
  bool failed = false;
  /// By offset in shared memory.
  llvm::DenseMap<uint32_t, MBarrier> mbarriers;
  std::deque<BulkCopy> bulkCopies;
  uint64_t progress = 0;
  std::mt19937_64 random;
};

/// One host thread.
struct Worker {
  FiberContext scheduler;
  FiberStacks stacks;
  Cta block;
  Thread *current = nullptr;
  std::vector<char> sharedMemory;
  Buffer *lastBuffer = nullptr;
};

Worker *&currentWorker();
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
/// Runs one block to its end or its first error.
void runBlock(Worker &worker, Launch &launch, uint64_t number);
/// Ends the running thread: barriers and warps no longer wait for it.
void exitThread();

enum class Access { Read, Write, Atomic, AtomicStore, AsyncWrite };
/// Checks and records an access of the running thread.
void touch(const void *pointer, uint64_t bytes, uint32_t align, Access access, uint32_t site);
/// Ends an asynchronous write of the running thread: the bytes count as written now.
void land(const AsyncCopy &copy);
/// Whether `thread` is ordered after time `time` of thread `other` of its block.
bool happenedBefore(const Thread &thread, uint32_t other, uint32_t time);
/// Makes everything that `from` has seen visible in `into`, a vector with one time per thread.
void joinTimes(std::vector<uint32_t> &into, const Thread &from);
void acquireTimes(Thread &thread, const std::vector<uint32_t> &times);

void checkBarriers(Cta &block);
void checkMeetings(Cta &block, Warp &warp);
void landAll(Thread &thread);
/// Lands one bulk copy and tells its barrier; false if none is under way.
bool landBulkCopy(Cta &block);
/// Counts `bytes` down at the barrier object at offset `barrier`.
void completeTransactions(Cta &block, Thread &issuer, uint32_t barrier, int64_t bytes, uint32_t issuedAt,
                          uint32_t site);
/// Offset of the barrier object at `pointer`, which must have been initialized before.
uint32_t checkMBarrier(const void *pointer, uint32_t site);

using SymbolMap = llvm::StringMap<void *>;
/// Entry points of the runtime that compiled kernels call.
void addMemorySymbols(SymbolMap &symbols);
void addThreadSymbols(SymbolMap &symbols);
void addWarpSymbols(SymbolMap &symbols);
void addMathSymbols(SymbolMap &symbols);
void addMBarrierSymbols(SymbolMap &symbols);
void addBulkSymbols(SymbolMap &symbols);

/// What the lanes of a warp do together; the kind of `colt5_emu_warp`.
enum WarpOp : uint32_t {
  WarpSync,
  ShflBfly,
  ShflUp,
  ShflDown,
  ShflIdx,
  VoteAny,
  VoteAll,
  VoteBallot,
  VoteUni,
  MatchAny,
  MatchAll,
  ReduxAdd,
  ReduxUMin,
  ReduxUMax,
  ReduxMin,
  ReduxMax,
  ReduxAnd,
  ReduxOr,
  ReduxXor,
  Elect,
  LdMatrix,
  StMatrix,
  MmaBF16,
  MmaF16,
  MmaTF32,
};
/// Registers that `colt5_emu_register` reads.
enum SpecialRegister : uint32_t {
  TidX,
  NTidX = TidX + 3,
  CtaIdX = NTidX + 3,
  NCtaIdX = CtaIdX + 3,
  LaneId = NCtaIdX + 3,
  WarpId,
  NWarpId,
  WarpSize,
  LaneMaskEq,
  LaneMaskLe,
  LaneMaskLt,
  LaneMaskGe,
  LaneMaskGt,
  DynamicSharedSize
};

/// Matrix operations on the values of a whole warp.
void executeMatrixOp(Meeting &meeting);

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_RUNTIME_H
