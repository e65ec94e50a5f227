#ifndef COLT5_LIB_EMULATOR_DEVICE_FIBER_H
#define COLT5_LIB_EMULATOR_DEVICE_FIBER_H

#include <cstddef>
#include <cstdint>
#include <vector>
#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace mlir::colt5::emulator {

/// Stacks for the fibers of one host thread, each with memory below it that must not be touched. They come
/// from a pool of the process: the system limits the number of mappings, and many programs may be alive that
/// do not run.
class FiberStacks {
public:
  static constexpr size_t kStackBytes = 256 << 10;
  FiberStacks() = default;
  FiberStacks(const FiberStacks &) = delete;
  FiberStacks &operator=(const FiberStacks &) = delete;
  ~FiberStacks() { release(); }
  /// Lowest address of stack `index`, or null when the system gives no more memory.
  char *get(size_t index);
  /// Gives all stacks back; no fiber runs on one of them any more.
  void release();

private:
  std::vector<char *> stacks;
};

/// A saved point of execution.
struct FiberContext {
#if defined(__x86_64__)
  void *stackPointer = nullptr;
#else
  ucontext_t context;
#endif
};

/// Prepares `fiber` to run `entry`, which never returns, on the stack at `stack`.
void initFiber(FiberContext &fiber, char *stack, void (*entry)());
/// Saves this point in `from` and continues at `to`.
void switchFiber(FiberContext &from, FiberContext &to);

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_DEVICE_FIBER_H
