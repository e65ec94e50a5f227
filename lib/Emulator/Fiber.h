#ifndef COLT5_LIB_EMULATOR_FIBER_H
#define COLT5_LIB_EMULATOR_FIBER_H

#include <cstddef>
#include <cstdint>
#include <vector>
#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace mlir::colt5::emulator {

/// Stacks for the fibers of one host thread, each with a page below it that must not be touched.
class FiberStacks {
public:
  static constexpr size_t kStackBytes = 256 << 10;
  ~FiberStacks();
  /// Lowest address of stack `index`, or null when the system gives no more memory.
  char *get(size_t index);

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

#endif // COLT5_LIB_EMULATOR_FIBER_H
