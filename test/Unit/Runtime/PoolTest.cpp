// The threads of a context that was given none.
extern "C" {
#include "../../../lib/Runtime/Embed.h"
}
#include "gtest/gtest.h"
#include <atomic>
#include <thread>
#include <vector>

namespace {
struct Tasks {
  explicit Tasks(int64_t count, int64_t threads) : runs(count), busy(threads) {}
  std::vector<std::atomic<int>> runs, busy;
  std::atomic<int> wrong{0};

  static void body(void *arg, int64_t index, int64_t thread) {
    auto *tasks = static_cast<Tasks *>(arg);
    if (thread < 0 || thread >= static_cast<int64_t>(tasks->busy.size()) || tasks->busy[thread]++)
      ++tasks->wrong;
    ++tasks->runs[index];
    --tasks->busy[thread];
  }
};

void runAndCheck(colt5_pool *pool, int64_t count) {
  Tasks tasks(count, colt5_pool_num_threads(pool));
  colt5_pool_run(pool, count, Tasks::body, &tasks);
  EXPECT_EQ(tasks.wrong, 0);
  for (const std::atomic<int> &runs : tasks.runs)
    EXPECT_EQ(runs, 1);
}

TEST(PoolTest, EveryTaskRunsOnceWithAThreadOfItsOwn) {
  for (int32_t threads : {1, 2, 5}) {
    colt5_pool *pool = colt5_pool_create(threads);
    ASSERT_NE(pool, nullptr);
    EXPECT_EQ(colt5_pool_num_threads(pool), threads);
    for (int64_t count : {0, 1, 2, 3, 100})
      runAndCheck(pool, count);
    colt5_pool_destroy(pool);
  }
}

TEST(PoolTest, ZeroThreadsMeansAFew) {
  colt5_pool *pool = colt5_pool_create(0);
  EXPECT_GE(colt5_pool_num_threads(pool), 1);
  EXPECT_LE(colt5_pool_num_threads(pool), 8);
  colt5_pool_destroy(pool);
}

TEST(PoolTest, SixteenCallersShareIt) {
  colt5_pool *pool = colt5_pool_create(4);
  std::vector<std::thread> callers;
  for (int i = 0; i < 16; ++i)
    callers.emplace_back([pool] {
      for (int round = 0; round < 50; ++round)
        runAndCheck(pool, 17);
    });
  for (std::thread &caller : callers)
    caller.join();
  colt5_pool_destroy(pool);
}

TEST(CpuFeaturesTest, NothingIsAlwaysThereAndEverythingRarely) {
  EXPECT_EQ(colt5_check_cpu(0), COLT5_GPU_OK);
  if (colt5_check_cpu(~uint64_t(0)) != COLT5_GPU_OK) {
    EXPECT_NE(std::string(colt5_gpu_message()).find("expected a CPU with "), std::string::npos);
  }
}
} // namespace
