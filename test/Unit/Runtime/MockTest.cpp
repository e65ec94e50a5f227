// The mock driver notes what a real one need not survive.
#include "TestUtils.h"

#include <functional>

namespace {
void expectMisuse(const char *text, const std::function<void(void *stream)> &call) {
  mock_reset();
  void *stream = nullptr;
  colt5_gpu_context *context = nullptr;
  colt5_gpu_options options = runtime_test::makeOptions(0);
  ASSERT_EQ(colt5_gpu_context_create(&options, &context), COLT5_GPU_OK);
  colt5_gpu_device device = {};
  device.struct_size = sizeof device;
  ASSERT_EQ(colt5_gpu_context_describe(context, &device), COLT5_GPU_OK);
  cuCtxSetCurrent(device.cuda_context);
  ASSERT_EQ(cuStreamCreate(&stream, 1), 0);
  EXPECT_EQ(mock_first_misuse(), nullptr);
  call(stream);
  const char *misuse = mock_first_misuse();
  EXPECT_STREQ(misuse ? misuse : "", text);
  EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
  mock_reset();
}

TEST(MockTest, GraphsAreUsedAsTheyExist) {
  void *graph = nullptr, *executable = nullptr;
  auto make = [&](void *stream) {
    EXPECT_EQ(cuStreamBeginCapture_v2(stream, 0), 0);
    EXPECT_EQ(cuStreamEndCapture(stream, &graph), 0);
    EXPECT_EQ(cuGraphInstantiateWithFlags(&executable, graph, 0), 0);
  };
  expectMisuse("", [&](void *stream) {
    make(stream);
    // An executable graph is on its own.
    EXPECT_EQ(cuGraphDestroy(graph), 0);
    EXPECT_EQ(cuGraphLaunch(executable, stream), 0);
    EXPECT_EQ(cuGraphExecDestroy(executable), 0);
  });
  expectMisuse("a capture is ended that was not begun",
               [&](void *stream) { EXPECT_NE(cuStreamEndCapture(stream, &graph), 0); });
  expectMisuse("a graph is used that does not exist",
               [&](void *) { EXPECT_NE(cuGraphInstantiateWithFlags(&executable, &graph, 0), 0); });
  expectMisuse("a graph is used that does not exist", [&](void *stream) {
    make(stream);
    EXPECT_NE(cuGraphDestroy(executable), 0);
  });
  expectMisuse("an executable graph is used that does not exist", [&](void *stream) {
    make(stream);
    EXPECT_NE(cuGraphLaunch(graph, stream), 0);
  });
  expectMisuse("an executable graph is used that does not exist", [&](void *stream) {
    make(stream);
    EXPECT_EQ(cuGraphExecDestroy(executable), 0);
    EXPECT_NE(cuGraphExecDestroy(executable), 0);
  });
}
} // namespace
