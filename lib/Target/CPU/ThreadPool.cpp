#include "ThreadPool.h"

#include <algorithm>
#include <atomic>

using namespace mlir::colt5;

CpuThreadPool::CpuThreadPool(int64_t numThreads) {
  hook = {this, std::max<int64_t>(numThreads, 1), &CpuThreadPool::parallelFor};
  if (hook.num_threads > 1)
    workers = std::make_unique<llvm::DefaultThreadPool>(llvm::hardware_concurrency(hook.num_threads - 1));
}

void CpuThreadPool::parallelFor(void *state, int64_t count, void (*body)(void *, int64_t, int64_t),
                                void *arg) {
  auto *pool = static_cast<CpuThreadPool *>(state);
  std::atomic<int64_t> next{0};
  auto work = [&](int64_t thread) {
    for (int64_t index = next++; index < count; index = next++)
      body(arg, index, thread);
  };
  int64_t numThreads = std::min(pool->getNumThreads(), count);
  // With fewer workers than tasks, one worker takes several of them in turn; the numbers stay distinct.
  for (int64_t thread = 1; thread < numThreads; ++thread)
    pool->workers->async([&work, thread] { work(thread); });
  work(0);
  if (numThreads > 1)
    pool->workers->wait();
}
