// Launches, streams, error words and graph capture.
#include "TestUtils.h"

using namespace runtime_test;

namespace {
class LaunchTest : public RuntimeTest {
protected:
  void SetUp() override {
    RuntimeTest::SetUp();
    context = create(1);
    program.addCubin(90, 'a');
    // Streams are made in the context that the runtime uses.
    colt5_gpu_device device = {};
    device.struct_size = sizeof device;
    colt5_gpu_context_describe(context, &device);
    cuCtxSetCurrent(device.cuda_context);
  }
  void TearDown() override {
    EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK) << colt5_gpu_message();
    RuntimeTest::TearDown();
  }
  int32_t run(void *stream, colt5_gpu_function function = runBoth, void *word = nullptr) {
    return colt5_gpu_run(context, program.get(), function, stream, tensors, nullptr, word);
  }
  void *makeStream(unsigned flags = 0) {
    void *stream = nullptr;
    EXPECT_EQ(cuStreamCreate(&stream, flags), 0);
    return stream;
  }

  colt5_gpu_context *context = nullptr;
  Program program;
};

/// A kernel that meets a bad index: sets the error word, the last parameter of `big`.
int setErrorWord(void *, const mock_launch *launch) {
  if (!strcmp(launch->kernel, "big")) {
    uint32_t *word;
    memcpy(&word, launch->parameters[1], sizeof word);
    *word = 1;
  }
  return 0;
}

int failToRun(void *, const mock_launch *) { return 719; }

TEST_F(LaunchTest, ArgumentsArriveUnchanged) {
  void *stream = makeStream();
  ASSERT_EQ(run(stream), COLT5_GPU_OK) << colt5_gpu_message();
  ASSERT_EQ(mock_num_launches(), 2);
  const mock_launch *small = mock_get_launch(0), *big = mock_get_launch(1);
  EXPECT_STREQ(small->kernel, "small");
  EXPECT_EQ(std::vector<uint32_t>(small->grid, small->grid + 3), (std::vector<uint32_t>{7, 2, 1}));
  EXPECT_EQ(small->block[0], 256u);
  EXPECT_EQ(small->stream, stream);
  EXPECT_EQ(*static_cast<const float *const *>(small->parameters[0]), data);
  EXPECT_EQ(*static_cast<uint32_t *>(small->parameters[1]), 42u);
  EXPECT_STREQ(big->kernel, "big");
  EXPECT_EQ(big->cluster[0], 16u);
  EXPECT_EQ(big->dynamic_shared_bytes, 200u * 1024);
  // The mock writes the arguments of the encoding into the map.
  const auto *map = static_cast<const uint64_t *>(big->parameters[0]);
  EXPECT_EQ(map[0], reinterpret_cast<uint64_t>(data));
  EXPECT_EQ(map[1] & 0xfffff, 2u | 9u << 8 | 3u << 16);
  EXPECT_EQ(map[3], 1000u);
  EXPECT_EQ(map[7], 64u);
  EXPECT_EQ(map[8], 128u);
  EXPECT_EQ(static_cast<const uint64_t *>(big->parameters[2])[7], 32u);
  cuStreamDestroy_v2(stream);
}

TEST_F(LaunchTest, WarmRunsOnlyLaunch) {
  ASSERT_EQ(run(nullptr), COLT5_GPU_OK);
  mock_reset_calls();
  ASSERT_EQ(run(nullptr), COLT5_GPU_OK);
  // The current context, two maps, two launches.
  EXPECT_EQ(mock_num_calls(), 5);
  EXPECT_EQ(mock_num_calls_of("cuLaunchKernel"), 1);
  EXPECT_EQ(mock_num_calls_of("cuLaunchKernelEx"), 1);
}

TEST_F(LaunchTest, SpecialStreams) {
  for (uintptr_t stream : {0, 1, 2})
    EXPECT_EQ(run(reinterpret_cast<void *>(stream)), COLT5_GPU_OK) << colt5_gpu_message();
  EXPECT_EQ(mock_get_launch(5)->stream, reinterpret_cast<void *>(2));
}

TEST_F(LaunchTest, StreamOfAnotherContextIsRefused) {
  void *other = nullptr;
  cuCtxCreate_v2(&other, 0, 1);
  void *stream = makeStream();
  numAbandoned = 1;
  EXPECT_EQ(run(stream), COLT5_GPU_DRIVER_ERROR);
  cuCtxDestroy_v2(other);
}

TEST_F(LaunchTest, FailedLaunchNamesTheKernel) {
  mock_fail_function("cuLaunchKernelEx", 701);
  EXPECT_EQ(run(nullptr), COLT5_GPU_LAUNCH_FAILED);
  EXPECT_TRUE(says(
      "program 'test': launching kernel 'big' with 32 x 1 x 1 blocks of 128 x 1 x 1 threads and 204800"));
  EXPECT_TRUE(says("(701, "));
  mock_fail_function(nullptr, 0);
  EXPECT_EQ(run(nullptr), COLT5_GPU_OK);
}

TEST_F(LaunchTest, BadTensorMapNamesTheKernel) {
  mock_fail_function("cuTensorMapEncodeTiled", 1);
  EXPECT_EQ(run(nullptr), COLT5_GPU_LAUNCH_FAILED);
  EXPECT_TRUE(says("kernel 'big', tensor map 0: encoding address"));
}

TEST_F(LaunchTest, GridsAndKernelsAreChecked) {
  auto oversized = [](const colt5_cpu_tensor *, void *, const colt5_gpu_launcher *launcher) {
    const int64_t grid[3] = {1, 65536, 1};
    return launcher->launch(launcher->state, 0, grid, nullptr);
  };
  auto wrapping = [](const colt5_cpu_tensor *, void *, const colt5_gpu_launcher *launcher) {
    const int64_t grid[3] = {(int64_t(1) << 32) + 1, 1, 1};
    return launcher->launch(launcher->state, 0, grid, nullptr);
  };
  auto unknown = [](const colt5_cpu_tensor *, void *, const colt5_gpu_launcher *launcher) {
    const int64_t grid[3] = {1, 1, 1};
    return launcher->launch(launcher->state, 2, grid, nullptr);
  };
  EXPECT_EQ(run(nullptr, oversized), COLT5_GPU_LAUNCH_FAILED);
  EXPECT_TRUE(says("found 1 x 65536 x 1"));
  EXPECT_EQ(run(nullptr, wrapping), COLT5_GPU_LAUNCH_FAILED);
  EXPECT_TRUE(says("found 4294967297 x 1 x 1"));
  EXPECT_EQ(run(nullptr, unknown), COLT5_GPU_BAD_PROGRAM);
  EXPECT_TRUE(says("expected a kernel in [0, 2), found 2"));
  EXPECT_EQ(mock_num_launches(), 0);
}

TEST_F(LaunchTest, StatusOfCompiledCodeIsExplained) {
  auto refuse = [](const colt5_cpu_tensor *, void *, const colt5_gpu_launcher *) -> int32_t {
    return COLT5_CPU_BAD_SIZE;
  };
  EXPECT_EQ(run(nullptr, refuse), COLT5_CPU_BAD_SIZE);
  EXPECT_TRUE(says("test: expected the sizes that are compiled in or that the function computes, found other "
                   "or negative ones"));
}

TEST_F(LaunchTest, ErrorWordsBelongToStreams) {
  void *first = makeStream(), *second = makeStream(1);
  mock_set_kernel_runner(setErrorWord, nullptr);
  ASSERT_EQ(run(first), COLT5_GPU_OK);
  mock_set_kernel_runner(nullptr, nullptr);
  ASSERT_EQ(run(second), COLT5_GPU_OK);
  EXPECT_EQ(colt5_gpu_last_error(context, second), COLT5_GPU_OK);
  EXPECT_EQ(colt5_gpu_last_error(context, first), COLT5_CPU_BAD_INDEX);
  EXPECT_TRUE(says("neither -1 nor in range"));
  // It is told once.
  EXPECT_EQ(colt5_gpu_last_error(context, first), COLT5_GPU_OK);
  // A stream that was never used has no error.
  EXPECT_EQ(colt5_gpu_last_error(context, nullptr), COLT5_GPU_OK);
  cuStreamDestroy_v2(first);
  cuStreamDestroy_v2(second);
}

TEST_F(LaunchTest, CallersErrorWord) {
  void *word = nullptr;
  uint32_t value = 0;
  ASSERT_EQ(colt5_gpu_allocate(context, 4, &word), COLT5_GPU_OK);
  ASSERT_EQ(colt5_gpu_copy_to_device(context, word, &value, 4), COLT5_GPU_OK);
  mock_set_kernel_runner(setErrorWord, nullptr);
  ASSERT_EQ(run(nullptr, runBoth, word), COLT5_GPU_OK);
  ASSERT_EQ(colt5_gpu_copy_to_host(context, &value, word, 4), COLT5_GPU_OK);
  EXPECT_EQ(value, 1u);
  EXPECT_EQ(colt5_gpu_last_error(context, nullptr), COLT5_GPU_OK);
  EXPECT_EQ(colt5_gpu_free(context, word), COLT5_GPU_OK);
}

TEST_F(LaunchTest, CopiesToTheDeviceHaveArrived) {
  // The driver may return before; streams that do not wait for the null stream would read what was there.
  void *memory = nullptr;
  uint32_t value = 0;
  ASSERT_EQ(colt5_gpu_allocate(context, 4, &memory), COLT5_GPU_OK);
  mock_reset_calls();
  ASSERT_EQ(colt5_gpu_copy_to_device(context, memory, &value, 4), COLT5_GPU_OK);
  EXPECT_EQ(mock_num_calls_of("cuMemcpyHtoD_v2"), 1);
  EXPECT_EQ(mock_num_calls_of("cuStreamSynchronize"), 1);
  EXPECT_EQ(colt5_gpu_free(context, memory), COLT5_GPU_OK);
}

TEST_F(LaunchTest, ThousandStreamsAndForgetting) {
  // More than one chunk of words; forgotten ones are used again and are clear.
  mock_set_kernel_runner(setErrorWord, nullptr);
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 300; ++i) {
      void *stream = makeStream();
      ASSERT_EQ(run(stream), COLT5_GPU_OK) << colt5_gpu_message();
      if (round == 1) {
        ASSERT_EQ(colt5_gpu_forget_stream(context, stream), COLT5_GPU_OK);
        mock_set_kernel_runner(nullptr, nullptr);
        ASSERT_EQ(run(stream), COLT5_GPU_OK);
        EXPECT_EQ(colt5_gpu_last_error(context, stream), COLT5_GPU_OK);
        ASSERT_EQ(colt5_gpu_forget_stream(context, stream), COLT5_GPU_OK);
        mock_set_kernel_runner(setErrorWord, nullptr);
      }
      cuStreamDestroy_v2(stream);
    }
  EXPECT_EQ(mock_num_calls_of("cuMemAlloc_v2"), 2);
}

TEST_F(LaunchTest, KernelThatFailsIsReportedByLastError) {
  mock_set_kernel_runner(failToRun, nullptr);
  ASSERT_EQ(run(nullptr, runSmall), COLT5_GPU_OK);
  EXPECT_EQ(colt5_gpu_last_error(context, nullptr), COLT5_GPU_LAUNCH_FAILED);
  EXPECT_TRUE(says("(719, "));
}

TEST_F(LaunchTest, WholeFunctionInAGraph) {
  void *stream = makeStream(), *graph = nullptr, *executable = nullptr;
  ASSERT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_OK);
  ASSERT_EQ(cuStreamBeginCapture_v2(stream, 0), 0);
  EXPECT_EQ(run(stream), COLT5_GPU_OK) << colt5_gpu_message();
  EXPECT_EQ(colt5_gpu_last_error(context, stream), COLT5_GPU_CAPTURING);
  EXPECT_EQ(mock_num_launches(), 0);
  ASSERT_EQ(cuStreamEndCapture(stream, &graph), 0);
  ASSERT_EQ(cuGraphInstantiateWithFlags(&executable, graph, 0), 0);
  mock_set_kernel_runner(setErrorWord, nullptr);
  for (int i = 0; i < 3; ++i)
    ASSERT_EQ(cuGraphLaunch(executable, stream), 0);
  EXPECT_EQ(mock_num_launches(), 6);
  EXPECT_EQ(colt5_gpu_last_error(context, stream), COLT5_CPU_BAD_INDEX);
  cuGraphExecDestroy(executable);
  cuGraphDestroy(graph);
  cuStreamDestroy_v2(stream);
}

TEST_F(LaunchTest, CaptureOfAnUnloadedProgramIsAStatusAndHarmless) {
  void *stream = makeStream(), *graph = nullptr;
  ASSERT_EQ(cuStreamBeginCapture_v2(stream, 0), 0);
  EXPECT_EQ(run(stream), COLT5_GPU_NOT_LOADED);
  EXPECT_TRUE(says("is not loaded and the stream is being captured; load it before the capture"));
  EXPECT_EQ(cuStreamEndCapture(stream, &graph), 0);
  cuGraphDestroy(graph);
  cuStreamDestroy_v2(stream);
}

TEST_F(LaunchTest, LoadingDoesNotBreakACaptureElsewhere) {
  void *stream = makeStream(), *graph = nullptr;
  ASSERT_EQ(cuStreamBeginCapture_v2(stream, 0), 0);
  EXPECT_EQ(colt5_gpu_load(context, program.get()), COLT5_GPU_OK) << colt5_gpu_message();
  EXPECT_EQ(run(stream), COLT5_GPU_OK) << colt5_gpu_message();
  EXPECT_EQ(cuStreamEndCapture(stream, &graph), 0);
  // The thread captures as it did before.
  int mode = 0;
  cuThreadExchangeStreamCaptureMode(&mode);
  EXPECT_EQ(mode, 0);
  cuGraphDestroy(graph);
  cuStreamDestroy_v2(stream);
}

TEST_F(LaunchTest, MemoryIsFreedAfterAFailure) {
  void *memory = nullptr;
  ASSERT_EQ(colt5_gpu_allocate(context, 64, &memory), COLT5_GPU_OK);
  mock_fail_function("cuCtxSynchronize", 719);
  EXPECT_EQ(colt5_gpu_free(context, memory), COLT5_GPU_LAUNCH_FAILED);
  EXPECT_EQ(mock_num_calls_of("cuMemFree_v2"), 1);
  mock_fail_function(nullptr, 0);
}

TEST_F(LaunchTest, NullStreamNextToACapture) {
  void *stream = makeStream(), *graph = nullptr;
  ASSERT_EQ(cuStreamBeginCapture_v2(stream, 0), 0);
  EXPECT_EQ(run(nullptr), COLT5_GPU_NOT_LOADED);
  EXPECT_EQ(colt5_gpu_last_error(context, nullptr), COLT5_GPU_CAPTURING);
  EXPECT_EQ(cuStreamEndCapture(stream, &graph), 0);
  cuGraphDestroy(graph);
  cuStreamDestroy_v2(stream);
}
} // namespace
