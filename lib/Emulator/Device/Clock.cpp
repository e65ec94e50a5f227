// What threads know of each other's progress.
#include "Runtime.h"

using namespace mlir::colt5::emulator;

const BlockTimes *Clock::find(uint32_t serial) const {
  for (const BlockTimes &times : blocks)
    if (times.serial == serial)
      return &times;
  return nullptr;
}

bool Clock::covers(Epoch epoch) const {
  const BlockTimes *times = find(serialOf(epoch));
  if (!times)
    return false;
  uint32_t thread = threadOf(epoch), time = timeOf(epoch);
  return time < times->floor || (thread < times->times.size() && time <= times->times[thread]);
}

Clock &Join::own() {
  if (!clock)
    clock = std::make_shared<Clock>();
  else if (clock.use_count() > 1)
    clock = std::make_shared<Clock>(*clock);
  return *clock;
}

BlockTimes &Join::entry(uint32_t serial) {
  Clock &mine = own();
  for (BlockTimes &times : mine.blocks)
    if (times.serial == serial)
      return times;
  mine.blocks.push_back({serial, 0, {}});
  return mine.blocks.back();
}

void Join::add(const ClockPtr &other) {
  if (!other || !seen.insert(other.get()).second)
    return;
  alive.push_back(other);
  for (const BlockTimes &from : other->blocks) {
    BlockTimes &into = entry(from.serial);
    into.floor = std::max(into.floor, from.floor);
    if (into.times.size() < from.times.size())
      into.times.resize(from.times.size());
    for (size_t i = 0; i < from.times.size(); ++i)
      into.times[i] = std::max(into.times[i], from.times[i]);
  }
}

void Join::add(Epoch epoch, uint32_t numThreads) {
  BlockTimes &into = entry(serialOf(epoch));
  if (into.times.size() < numThreads)
    into.times.resize(numThreads);
  uint32_t &time = into.times[threadOf(epoch)];
  time = std::max(time, timeOf(epoch));
}

void Join::add(const Thread &from) {
  add(from.known);
  add(from.epoch, from.block->threads.size());
  if (from.wgmmaEpoch)
    add(from.wgmmaEpoch, kMaxThreads + from.block->warpGroups.size());
  BlockTimes &into = entry(serialOf(from.epoch));
  into.floor = std::max(into.floor, uint32_t(from.block->head.phaseLimit >> kThreadBits));
}

void mlir::colt5::emulator::acquire(Thread &thread, const ClockPtr &clock) {
  if (!clock || clock == thread.known)
    return;
  if (!thread.known) {
    thread.known = clock;
    return;
  }
  Join join;
  join.add(thread.known);
  join.add(clock);
  thread.known = join.get();
}

bool mlir::colt5::emulator::happenedBefore(const Thread &thread, Epoch epoch) {
  const BlockHead &head = thread.block->head;
  Epoch relative = epoch - head.base;
  if (epoch < head.launchFloor || relative < head.phaseLimit)
    return true;
  if (relative < (Epoch(1) << kSerialShift) && threadOf(epoch) == thread.index)
    return true;
  // All warps of a group have waited for what its wgmma read.
  if (threadOf(epoch) == threadOf(thread.wgmmaEpoch) && serialOf(epoch) == serialOf(thread.wgmmaEpoch) &&
      epoch <= thread.wgmmaEpoch)
    return true;
  return thread.known && thread.known->covers(epoch);
}
