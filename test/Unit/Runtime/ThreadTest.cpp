// Many threads at once.
#include "TestUtils.h"

#include <algorithm>
#include <atomic>
#include <thread>

using namespace runtime_test;

namespace {
using ThreadTest = RuntimeTest;

TEST_F(ThreadTest, SixteenThreadsFirstUseOnFourStreams) {
  constexpr int kThreads = 16, kStreams = 4, kRuns = 10;
  colt5_gpu_context *context = create(1);
  colt5_gpu_device device = {};
  device.struct_size = sizeof device;
  colt5_gpu_context_describe(context, &device);
  cuCtxSetCurrent(device.cuda_context);
  void *streams[kStreams];
  for (void *&stream : streams)
    ASSERT_EQ(cuStreamCreate(&stream, 1), 0);
  Program program, second;
  program.addCubin(90, 'a');
  second.addCubin(90, 'a');
  std::atomic<int> ready{0}, failures{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] {
      for (++ready; ready < kThreads;)
        std::this_thread::yield();
      for (int j = 0; j < kRuns; ++j) {
        const Program &used = j % 2 ? program : second;
        void *stream = j == 0 ? reinterpret_cast<void *>(2) : streams[(i + j) % kStreams];
        failures +=
            colt5_gpu_run(context, used.get(), runBoth, stream, tensors, nullptr, nullptr) != COLT5_GPU_OK;
        failures += colt5_gpu_last_error(context, stream) != COLT5_GPU_OK;
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(mock_num_calls_of("cuModuleLoadDataEx"), 2);
  EXPECT_EQ(mock_num_calls_of("cuMemAlloc_v2"), 1);
  EXPECT_EQ(mock_num_launches(), 2 * kThreads * kRuns);
  // The streams, and the per-thread stream of each thread.
  std::vector<void *> words;
  for (int i = 0; i < mock_num_launches(); ++i)
    if (const mock_launch *launch = mock_get_launch(i); !strcmp(launch->kernel, "big")) {
      void *word;
      memcpy(&word, launch->parameters[1], sizeof word);
      if (std::find(words.begin(), words.end(), word) == words.end())
        words.push_back(word);
    }
  EXPECT_EQ(words.size(), size_t(kStreams + kThreads));
  for (void *stream : streams)
    cuStreamDestroy_v2(stream);
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
}

TEST_F(ThreadTest, ContextPerThread) {
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  Program program;
  program.addCubin(90, 'a');
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      colt5_gpu_options options = makeOptions(1);
      colt5_gpu_context *context = nullptr;
      failures += colt5_gpu_context_create(&options, &context) != COLT5_GPU_OK;
      failures +=
          colt5_gpu_run(context, program.get(), runBoth, nullptr, tensors, nullptr, nullptr) != COLT5_GPU_OK;
      failures += colt5_gpu_context_destroy(context) != COLT5_GPU_OK;
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(failures, 0);
}

TEST_F(ThreadTest, MessagesBelongToThreads) {
  EXPECT_EQ(colt5_gpu_load(nullptr, nullptr), COLT5_GPU_BAD_ARGUMENT);
  std::string mine = colt5_gpu_message();
  std::thread([] { colt5_gpu_last_error(nullptr, nullptr); }).join();
  EXPECT_EQ(colt5_gpu_message(), mine);
  EXPECT_TRUE(says("colt5_gpu_load"));
}

TEST_F(ThreadTest, UnloadingWhileAnotherProgramRuns) {
  colt5_gpu_context *context = create(1);
  Program stays, goes;
  stays.addCubin(90, 'a');
  goes.addCubin(90, 'a');
  ASSERT_EQ(colt5_gpu_load(context, stays.get()), COLT5_GPU_OK);
  std::atomic<bool> done{false};
  std::atomic<int> failures{0};
  std::thread runner([&] {
    while (!done)
      failures +=
          colt5_gpu_run(context, stays.get(), runBoth, nullptr, tensors, nullptr, nullptr) != COLT5_GPU_OK;
  });
  for (int i = 0; i < 50; ++i) {
    failures += colt5_gpu_load(context, goes.get()) != COLT5_GPU_OK;
    failures += colt5_gpu_unload(context, goes.get()) != COLT5_GPU_OK;
  }
  done = true;
  runner.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
}
} // namespace
