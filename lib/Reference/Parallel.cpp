#include "Parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

void mlir::colt5::reference::parallelFor(int64_t count, unsigned threads,
                                         const std::function<void(int64_t)> &body) {
  if (threads == 0)
    threads = std::max(1u, std::thread::hardware_concurrency());
  int64_t workers = std::min<int64_t>(threads, count);
  std::atomic<int64_t> next{0};
  auto work = [&] {
    for (int64_t i = next++; i < count; i = next++)
      body(i);
  };
  std::vector<std::thread> pool;
  for (int64_t t = 1; t < workers; ++t)
    pool.emplace_back(work);
  work();
  for (std::thread &thread : pool)
    thread.join();
}
