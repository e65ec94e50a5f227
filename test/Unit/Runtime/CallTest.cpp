// Checks of the arguments of a call.
#include "TestUtils.h"

#include "colt5-abi/embed.h"
#include <functional>

using namespace runtime_test;

namespace {
// f(x: n x 4 f32, i: n i32, s: f32, a scalar) -> y: m x 4 f32, m computed, with 100 bytes of workspace per
// row.
const int64_t kRows[] = {-1, 4}, kVector[] = {-1}, kResult[] = {-2, 4};
const char *const kSymbols[] = {"n", "m"};
const colt5_argument kArguments[] = {{"x", COLT5_F32, 2, kRows},
                                     {"i", COLT5_I32, 1, kVector},
                                     {"s", COLT5_F32, 0, nullptr, 1},
                                     {"y", COLT5_F32, 2, kResult}};
const colt5_signature kSignature = {sizeof kSignature, "f", kArguments, kSymbols, 3, 1, 2};

void resultSizes(const colt5_cpu_tensor *inputs, int64_t *sizes) {
  sizes[0] = inputs[0].sizes[0];
  sizes[1] = 4;
}
int64_t workspaceSize(const colt5_cpu_tensor *inputs) { return 100 * inputs[0].sizes[0]; }
const colt5_function kFunction = {&kSignature, runSmall, resultSizes, workspaceSize};

/// A correct call, which tests spoil.
struct Arguments {
  alignas(256) char workspace[1024] = {};
  alignas(16) float x[32] = {}, y[32] = {};
  alignas(16) int32_t i[8] = {};
  float s = 2;
  int64_t xSizes[2] = {8, 4}, ySizes[2] = {8, 4}, iSizes[1] = {8};
  int64_t strides[2] = {4, 1};
  colt5_tensor tensors[4] = {{sizeof(colt5_tensor), x, xSizes, strides, COLT5_F32, 2, COLT5_ON_CUDA, 1},
                             {sizeof(colt5_tensor), i, iSizes, nullptr, COLT5_I32, 1, COLT5_ON_CUDA, 1},
                             {sizeof(colt5_tensor), &s, nullptr, nullptr, COLT5_F32, 0, COLT5_ON_HOST, 0},
                             {sizeof(colt5_tensor), y, ySizes, nullptr, COLT5_F32, 2, COLT5_ON_CUDA, 1}};
  uint32_t numTensors = 4;
  void *workspaceAt = workspace;
  int64_t workspaceBytes = 800;
};

class CallTest : public RuntimeTest {
protected:
  void SetUp() override {
    RuntimeTest::SetUp();
    context = create(1);
    program.addCubin(90, 'a');
  }
  void TearDown() override {
    EXPECT_EQ(colt5_gpu_context_destroy(context), COLT5_GPU_OK);
    RuntimeTest::TearDown();
  }
  int32_t call(const Arguments &a) {
    return colt5_call(context, program.get(), &kFunction, nullptr, a.tensors, a.numTensors, a.workspaceAt,
                      a.workspaceBytes);
  }
  void expect(int32_t status, const char *text, const std::function<void(Arguments &)> &spoil) {
    Arguments arguments;
    spoil(arguments);
    EXPECT_STREQ(colt5_gpu_status_name(call(arguments)), colt5_gpu_status_name(status));
    EXPECT_TRUE(says(text));
    EXPECT_EQ(mock_num_launches(), 0);
  }

  colt5_gpu_context *context = nullptr;
  Program program;
};

TEST_F(CallTest, CorrectCallsRun) {
  Arguments arguments;
  ASSERT_EQ(call(arguments), COLT5_GPU_OK) << colt5_gpu_message();
  EXPECT_EQ(mock_num_launches(), 1);
  // Strides of dimensions of size 1 do not matter, neither do those of empty tensors; nor is their data
  // needed.
  Arguments one;
  one.xSizes[0] = one.ySizes[0] = one.iSizes[0] = 1;
  one.strides[0] = 77;
  EXPECT_EQ(call(one), COLT5_GPU_OK) << colt5_gpu_message();
  Arguments none;
  none.xSizes[0] = none.ySizes[0] = none.iSizes[0] = 0;
  none.strides[1] = 5;
  none.tensors[0].data = none.tensors[1].data = none.tensors[3].data = none.workspaceAt = nullptr;
  none.workspaceBytes = 0;
  EXPECT_EQ(call(none), COLT5_GPU_OK) << colt5_gpu_message();
}

TEST_F(CallTest, TensorsOfRankZeroAreOnTheDevice) {
  static const colt5_argument kOne[] = {{"t", COLT5_F32, 0, nullptr, 0}};
  static const colt5_signature kOneSignature = {sizeof kOneSignature, "g", kOne, kSymbols, 1, 0, 0};
  static const colt5_function kOneFunction = {&kOneSignature, runSmall,
                                              [](const colt5_cpu_tensor *, int64_t *) {},
                                              [](const colt5_cpu_tensor *) -> int64_t { return 0; }};
  alignas(16) float value = 1;
  colt5_tensor tensor = {sizeof tensor, &value, nullptr, nullptr, COLT5_F32, 0, COLT5_ON_HOST, 0};
  auto run = [&] {
    return colt5_call(context, program.get(), &kOneFunction, nullptr, &tensor, 1, nullptr, 0);
  };
  EXPECT_EQ(run(), COLT5_BAD_DEVICE);
  EXPECT_TRUE(says("argument 't': expected data on CUDA device 1, found device kind 1, number 0"));
  tensor.device_kind = COLT5_ON_CUDA;
  tensor.device = 1;
  EXPECT_EQ(run(), COLT5_GPU_OK) << colt5_gpu_message();
}

TEST_F(CallTest, SizesThatHaveNoRoomInANumber) {
  static int64_t computed;
  colt5_function function = kFunction;
  function.result_sizes = [](const colt5_cpu_tensor *, int64_t *sizes) {
    sizes[0] = computed;
    sizes[1] = 4;
  };
  Arguments arguments;
  int64_t sizes[2] = {};
  computed = INT64_MAX;
  EXPECT_EQ(colt5_get_result_sizes(&function, arguments.tensors, 3, sizes), COLT5_TOO_LARGE);
  EXPECT_TRUE(says("argument 'y', dimension 0: expected a computed size of less than 2^63 - 1, found more"));
  computed = -3;
  EXPECT_EQ(colt5_get_result_sizes(&function, arguments.tensors, 3, sizes), COLT5_BAD_SIZE);
  EXPECT_TRUE(says("argument 'y', dimension 0: expected a size of 0 or more, computed -3"));
  function.workspace_size = [](const colt5_cpu_tensor *) -> int64_t { return COLT5_CPU_LARGE_WORKSPACE; };
  EXPECT_EQ(colt5_get_workspace_size(&function, arguments.tensors, 3, sizes), COLT5_TOO_LARGE);
}

TEST_F(CallTest, SizesOfWorkspaceAndResults) {
  Arguments arguments;
  int64_t bytes = 0, sizes[2] = {};
  EXPECT_EQ(colt5_get_workspace_size(&kFunction, arguments.tensors, 3, &bytes), COLT5_GPU_OK);
  EXPECT_EQ(bytes, 800);
  EXPECT_EQ(colt5_get_result_sizes(&kFunction, arguments.tensors, 3, sizes), COLT5_GPU_OK);
  EXPECT_EQ(sizes[0], 8);
  EXPECT_EQ(colt5_get_workspace_size(&kFunction, arguments.tensors, 2, &bytes), COLT5_BAD_COUNT);
  EXPECT_EQ(colt5_get_result_sizes(nullptr, nullptr, 0, nullptr), COLT5_BAD_STRUCT);
}

TEST_F(CallTest, EveryWrongArgumentIsNamedWithBothValues) {
  using A = Arguments;
  expect(COLT5_BAD_COUNT, "f: expected 4 tensors, found 3", [](A &a) { a.numTensors = 3; });
  expect(COLT5_BAD_STRUCT, "argument 'x': expected a colt5_tensor of struct_size",
         [](A &a) { a.tensors[0].struct_size = 8; });
  expect(COLT5_BAD_STRUCT, "argument 'x': expected 2 sizes, found NULL",
         [](A &a) { a.tensors[0].sizes = nullptr; });
  expect(COLT5_BAD_TYPE, "argument 'i': expected elements of type i32, found i64",
         [](A &a) { a.tensors[1].type = COLT5_I64; });
  expect(COLT5_BAD_TYPE, "found an unknown type", [](A &a) { a.tensors[1].type = -3; });
  expect(COLT5_BAD_RANK, "argument 'y': expected 2 dimensions, found 1", [](A &a) { a.tensors[3].rank = 1; });
  expect(COLT5_BAD_SIZE, "argument 'x', dimension 1: expected 4, found 5", [](A &a) { a.xSizes[1] = 5; });
  expect(COLT5_BAD_SIZE, "argument 'x', dimension 0: expected a size of 0 or more, found -1",
         [](A &a) { a.xSizes[0] = -1; });
  expect(COLT5_BAD_SIZE, "argument 'i', dimension 0: expected n = 8 as in argument 'x', found 7",
         [](A &a) { a.iSizes[0] = 7; });
  expect(COLT5_BAD_SIZE, "argument 'y', dimension 0: expected 8, computed from the inputs, found 9",
         [](A &a) { a.ySizes[0] = 9; });
  expect(COLT5_TOO_LARGE, "argument 'x': expected fewer than 2^63 bytes",
         [](A &a) { a.xSizes[0] = int64_t(1) << 60; });
  expect(COLT5_BAD_STRIDES, "argument 'x', dimension 0: expected row-major data, stride 4, found 8",
         [](A &a) { a.strides[0] = 8; });
  expect(COLT5_NULL_DATA, "argument 'y': expected data of 128 bytes, found NULL",
         [](A &a) { a.tensors[3].data = nullptr; });
  expect(COLT5_NULL_DATA, "argument 's': expected data of 4 bytes",
         [](A &a) { a.tensors[2].data = nullptr; });
  expect(COLT5_BAD_DEVICE, "argument 'x': expected data on CUDA device 1, found device kind 2, number 0",
         [](A &a) { a.tensors[0].device = 0; });
  expect(COLT5_BAD_DEVICE, "argument 'x': expected data on CUDA device 1, found device kind 1",
         [](A &a) { a.tensors[0].device_kind = COLT5_ON_HOST; });
  expect(COLT5_BAD_DEVICE, "argument 's': expected data on the host",
         [](A &a) { a.tensors[2].device_kind = COLT5_ON_CUDA; });
  expect(COLT5_BAD_ALIGNMENT, "argument 'i': expected a multiple of 16 bytes",
         [](A &a) { a.tensors[1].data = a.i + 1; });
  expect(COLT5_BAD_ALIGNMENT, "expected a workspace at a multiple of 256 bytes",
         [](A &a) { a.workspaceAt = a.workspace + 16; });
  expect(COLT5_SMALL_WORKSPACE, "expected a workspace of 800 bytes, found 799",
         [](A &a) { a.workspaceBytes = 799; });
  expect(COLT5_SMALL_WORKSPACE, "expected a workspace of 800 bytes, found 800 at",
         [](A &a) { a.workspaceAt = nullptr; });
  expect(COLT5_OVERLAP, "found argument 'y' at", [](A &a) { a.tensors[3].data = a.x; });
  expect(COLT5_OVERLAP, "and 'i' at", [](A &a) { a.tensors[1].data = a.y + 28; });
  expect(COLT5_OVERLAP, "expected a workspace of its own",
         [](A &a) { a.tensors[0].data = a.workspace + 256; });
}

TEST_F(CallTest, SignaturesAreChecked) {
  Arguments a;
  colt5_signature signature = kSignature;
  colt5_function function = {&signature, runSmall, resultSizes, workspaceSize};
  signature.struct_size = 1;
  EXPECT_EQ(colt5_call(context, program.get(), &function, nullptr, a.tensors, 4, nullptr, 0),
            COLT5_BAD_STRUCT);
  signature = kSignature;
  signature.num_outputs = 100;
  EXPECT_EQ(colt5_call(context, program.get(), &function, nullptr, a.tensors, 103, nullptr, 0),
            COLT5_BAD_COUNT);
  EXPECT_TRUE(says("expected at most 64 arguments"));
  EXPECT_EQ(colt5_call(context, program.get(), nullptr, nullptr, a.tensors, 4, nullptr, 0), COLT5_BAD_STRUCT);
  EXPECT_EQ(colt5_call(nullptr, program.get(), &kFunction, nullptr, a.tensors, 4, nullptr, 0),
            COLT5_BAD_STRUCT);
}
} // namespace
