#include "Fiber.h"

#include <cstring>
#include <mutex>
#include <sys/mman.h>

using namespace mlir::colt5::emulator;

static constexpr size_t kGuardBytes = 64 << 10;

/// Stacks that nobody uses, the last one given back on top: its memory is likely in the cache.
static std::mutex poolLock;
static std::vector<char *> &pool() {
  static std::vector<char *> stacks;
  return stacks;
}

char *FiberStacks::get(size_t index) {
  while (stacks.size() <= index) {
    {
      std::lock_guard<std::mutex> guard(poolLock);
      if (!pool().empty()) {
        stacks.push_back(pool().back());
        pool().pop_back();
        continue;
      }
    }
    void *memory = mmap(nullptr, kStackBytes + kGuardBytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
      return nullptr;
    mprotect(memory, kGuardBytes, PROT_NONE);
    stacks.push_back(static_cast<char *>(memory) + kGuardBytes);
  }
  return stacks[index];
}

void FiberStacks::release() {
  std::lock_guard<std::mutex> guard(poolLock);
  // The first one is used most: it shall be the next one's first, too.
  pool().insert(pool().end(), stacks.rbegin(), stacks.rend());
  stacks.clear();
}

#if defined(__x86_64__)
// swapcontext saves the signal mask with a system call each time; this is two dozen times as fast.
asm(R"(
  .text
  .p2align 4
  .type colt5_emulator_switch, @function
colt5_emulator_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .size colt5_emulator_switch, .-colt5_emulator_switch
)");
extern "C" void colt5_emulator_switch(void **from, void *to);

void mlir::colt5::emulator::initFiber(FiberContext &fiber, char *stack, void (*entry)()) {
  // Six callee-saved registers, the address to return to, and an empty slot that keeps the ABI's alignment.
  char *top = stack + FiberStacks::kStackBytes;
  void **frame = reinterpret_cast<void **>(top) - 8;
  std::memset(frame, 0, 8 * sizeof(void *));
  frame[6] = reinterpret_cast<void *>(entry);
  fiber.stackPointer = frame;
}

void mlir::colt5::emulator::switchFiber(FiberContext &from, FiberContext &to) {
  colt5_emulator_switch(&from.stackPointer, to.stackPointer);
}
#else
void mlir::colt5::emulator::initFiber(FiberContext &fiber, char *stack, void (*entry)()) {
  getcontext(&fiber.context);
  fiber.context.uc_stack.ss_sp = stack;
  fiber.context.uc_stack.ss_size = FiberStacks::kStackBytes;
  fiber.context.uc_link = nullptr;
  makecontext(&fiber.context, entry, 0);
}

void mlir::colt5::emulator::switchFiber(FiberContext &from, FiberContext &to) {
  swapcontext(&from.context, &to.context);
}
#endif
