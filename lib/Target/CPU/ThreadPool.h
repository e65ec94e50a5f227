#ifndef COLT5_LIB_TARGET_CPU_THREADPOOL_H
#define COLT5_LIB_TARGET_CPU_THREADPOOL_H

#include "colt5-abi/cpu.h"
#include "llvm/Support/ThreadPool.h"
#include <memory>

namespace mlir::colt5 {

/// Runs the tasks of compiled kernels on a fixed number of threads, of which the caller's is one.
class CpuThreadPool {
public:
  explicit CpuThreadPool(int64_t numThreads);
  int64_t getNumThreads() const { return hook.num_threads; }
  const colt5_parallel *getHook() const { return &hook; }

private:
  static void parallelFor(void *state, int64_t count, void (*body)(void *, int64_t, int64_t), void *arg);

  std::unique_ptr<llvm::DefaultThreadPool> workers;
  colt5_parallel hook;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_TARGET_CPU_THREADPOOL_H
