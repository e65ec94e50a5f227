#ifndef COLT5_LIB_EMULATOR_DEVICE_CLOCK_H
#define COLT5_LIB_EMULATOR_DEVICE_CLOCK_H

#include "Shadow.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace mlir::colt5::emulator {

struct Thread;

/// What is known of one block: times below `floor` of all threads, and up to `times[i]` of thread i.
struct BlockTimes {
  uint32_t serial = 0, floor = 0;
  std::vector<uint32_t> times;
};

/// What somebody has seen of others. Shared between those who have seen the same, so never changed.
struct Clock {
  llvm::SmallVector<BlockTimes, 1> blocks;
  const BlockTimes *find(uint32_t serial) const;
  bool covers(Epoch epoch) const;
};
using ClockPtr = std::shared_ptr<const Clock>;

/// Collects what several threads have seen.
class Join {
public:
  /// Everything that `from` did and saw until now.
  void add(const Thread &from);
  /// What thread `epoch` says did until that moment.
  void add(Epoch epoch, uint32_t numThreads);
  void add(const ClockPtr &clock);
  /// May be null: nothing.
  ClockPtr get() const { return clock; }
  bool empty() const { return !clock; }

private:
  BlockTimes &entry(uint32_t serial);
  Clock &own();
  std::shared_ptr<Clock> clock;
  llvm::SmallPtrSet<const Clock *, 4> seen;
  /// Keeps the addresses in `seen` from being used again.
  llvm::SmallVector<ClockPtr, 4> alive;
};

/// Makes what `clock` covers visible to `thread`.
void acquire(Thread &thread, const ClockPtr &clock);
/// Whether `thread` is ordered after `epoch`.
bool happenedBefore(const Thread &thread, Epoch epoch);

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_DEVICE_CLOCK_H
