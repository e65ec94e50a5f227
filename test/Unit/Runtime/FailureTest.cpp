// Every call of the driver fails once at every place: a status with a text, and nothing is left.
#include "TestUtils.h"

using namespace runtime_test;

namespace {
using FailureTest = RuntimeTest;

/// Uses all of the runtime once. Returns the first status that is not OK; cleans up in any case.
int32_t useEverything(const Program &program, bool current) {
  colt5_gpu_context *context = nullptr;
  colt5_gpu_options options = makeOptions(current ? COLT5_GPU_CURRENT_DEVICE : 1);
  int32_t first = COLT5_GPU_OK;
  auto note = [&](int32_t status) {
    if (status) {
      EXPECT_STRNE(colt5_gpu_message(), "");
      EXPECT_STRNE(colt5_gpu_status_name(status), "unknown status");
    }
    if (!first)
      first = status;
    return status;
  };
  if (note(colt5_gpu_context_create(&options, &context)))
    return first;
  colt5_gpu_device device = {};
  device.struct_size = sizeof device;
  note(colt5_gpu_context_describe(context, &device));
  const float host[4] = {1, 2, 3, 4};
  float back[4] = {};
  void *memory = nullptr;
  const int64_t sizes[1] = {4};
  if (!note(colt5_gpu_allocate(context, sizeof host, &memory))) {
    note(colt5_gpu_copy_to_device(context, memory, host, sizeof host));
    const colt5_cpu_tensor tensors[1] = {{memory, sizes, nullptr}};
    note(colt5_gpu_load(context, program.get()));
    note(colt5_gpu_run(context, program.get(), runBoth, nullptr, tensors, nullptr, nullptr));
    note(colt5_gpu_last_error(context, nullptr));
    note(colt5_gpu_forget_stream(context, nullptr));
    note(colt5_gpu_synchronize(context, nullptr));
    if (!note(colt5_gpu_copy_to_host(context, back, memory, sizeof back)) && !first)
      EXPECT_EQ(back[3], 4.0f);
    // What never came to the driver can be tried again.
    if (note(colt5_gpu_free(context, memory)) && !mock_num_calls_of("cuMemFree_v2"))
      colt5_gpu_free(context, memory);
  }
  note(colt5_gpu_unload(context, program.get()));
  note(colt5_gpu_context_destroy(context));
  return first;
}

/// Fails one call after the other, with and without a context of the program's own.
void failEveryCall(int result, bool current) {
  Program program;
  program.addCubin(90, 'a').add(COLT5_GPU_PTX, 90, 0, makePtx("sm_90"));
  auto begin = [&] {
    mock_reset();
    if (current) {
      void *context;
      colt5_gpu_context_destroy([] {
        colt5_gpu_options options = makeOptions(0);
        colt5_gpu_context *made = nullptr;
        colt5_gpu_context_create(&options, &made);
        return made;
      }());
      cuCtxCreate_v2(&context, 0, 1);
    }
    mock_reset_calls();
  };
  int numUnreachable = 0;
  auto end = [&](int call) {
    mock_fail(0, 0, 0);
    void *context = nullptr;
    if (current && !cuCtxGetCurrent(&context))
      cuCtxDestroy_v2(context);
    EXPECT_EQ(mock_num_live_objects(), 0) << "call " << call;
    numUnreachable += mock_num_abandoned_objects() != 0;
    const char *misuse = mock_first_misuse();
    EXPECT_STREQ(misuse ? misuse : "", "") << "call " << call;
  };
  begin();
  EXPECT_EQ(useEverything(program, current), COLT5_GPU_OK) << colt5_gpu_message();
  int numCalls = mock_num_calls(), numHarmless = 0;
  end(0);
  ASSERT_GT(numCalls, 40);
  for (int call = 1; call <= numCalls; ++call) {
    begin();
    mock_fail(call, 1, result);
    numHarmless += useEverything(program, current) == COLT5_GPU_OK;
    end(call);
  }
  // When it is destroyed, the context seems gone or cannot be made current: what is in it goes with it.
  EXPECT_LE(numUnreachable, 3);
  // Nothing depends on leaving a context or a capture mode, and an image that is refused has a successor.
  EXPECT_LE(numHarmless, current ? 3 : 20) << "of " << numCalls;
}

TEST_F(FailureTest, OutOfMemory) { failEveryCall(2, false); }
TEST_F(FailureTest, InvalidImage) { failEveryCall(200, false); }
TEST_F(FailureTest, LaunchFailure) { failEveryCall(719, false); }
TEST_F(FailureTest, ContextDestroyed) { failEveryCall(709, true); }
TEST_F(FailureTest, UnknownErrorWithCurrentContext) { failEveryCall(999, true); }

TEST_F(FailureTest, EveryCallFromOneOnFails) {
  Program program;
  program.addCubin(90, 'a');
  int numCalls = 0;
  EXPECT_EQ(useEverything(program, false), COLT5_GPU_OK);
  numCalls = mock_num_calls();
  for (int call = 1; call <= numCalls; ++call) {
    mock_reset();
    mock_fail(call, 1 << 30, 719);
    // The last calls of all release things, which works even when it reports a failure.
    int32_t status = useEverything(program, false);
    EXPECT_NE(status, COLT5_GPU_OK) << "call " << call << " of " << numCalls;
    mock_reset();
  }
}

TEST_F(FailureTest, DriverThatCannotNameItsErrors) {
  mock_fail_function("cuGetErrorName", 1);
  mock_fail(1, 1, 12345);
  colt5_gpu_options options = makeOptions(0);
  colt5_gpu_context *context;
  EXPECT_EQ(colt5_gpu_context_create(&options, &context), COLT5_GPU_DRIVER_ERROR);
  EXPECT_TRUE(says("initialising the NVIDIA driver: an error that the driver does not name (12345, "));
}
} // namespace
