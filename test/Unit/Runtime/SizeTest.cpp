// Scalars that are sizes, and sizes that the compiled code refuses.
#include "TestUtils.h"

#include "colt5-abi/embed.h"

using namespace runtime_test;

namespace {
// f(x: n f32, n: i64, m: i32, three: i64) with three = 3, on 7 rows at most.
const int64_t kRows[] = {-1}, kN[] = {-1}, kM[] = {-2}, kThree[] = {3};
const char *const kSymbols[] = {"n", "m"};
const colt5_argument kArguments[] = {{"x", COLT5_F32, 1, kRows},
                                     {"n", COLT5_I64, 0, kN, 1},
                                     {"m", COLT5_I32, 0, kM, 1},
                                     {"three", COLT5_I64, 0, kThree, 1}};
const colt5_signature kSignature = {sizeof kSignature, "f", kArguments, kSymbols, 4, 0, 2};

void resultSizes(const colt5_cpu_tensor *, int64_t *) {}
int64_t workspaceSize(const colt5_cpu_tensor *inputs) {
  int64_t rows = inputs[0].sizes[0];
  return rows > 100 ? -1 : rows > 7 ? COLT5_CPU_NO_WORKSPACE : 10 * rows;
}
const colt5_function kFunction = {&kSignature, nullptr, resultSizes, workspaceSize};

struct Inputs {
  float x[4] = {};
  int64_t rows = 4, n = 4, three = 3;
  int32_t m = 2;
  int32_t ask(int64_t *bytes) {
    const colt5_tensor tensors[] = {
        {sizeof(colt5_tensor), x, &rows, nullptr, COLT5_F32, 1, COLT5_ON_CUDA, 0},
        {sizeof(colt5_tensor), &n, nullptr, nullptr, COLT5_I64, 0, COLT5_ON_HOST, 0},
        {sizeof(colt5_tensor), &m, nullptr, nullptr, COLT5_I32, 0, COLT5_ON_HOST, 0},
        {sizeof(colt5_tensor), &three, nullptr, nullptr, COLT5_I64, 0, COLT5_ON_HOST, 0}};
    return colt5_get_workspace_size(&kFunction, tensors, 4, bytes);
  }
};

void expect(Inputs inputs, int32_t status, const char *text) {
  int64_t bytes = 0;
  EXPECT_EQ(inputs.ask(&bytes), status);
  EXPECT_TRUE(says(text)) << colt5_gpu_message();
}

TEST(SizeTest, ScalarsAreSizes) {
  int64_t bytes = 0;
  EXPECT_EQ(Inputs().ask(&bytes), COLT5_GPU_OK);
  EXPECT_EQ(bytes, 40);
  Inputs inputs;
  inputs.n = 5;
  expect(inputs, COLT5_BAD_SIZE, "f: argument 'n': expected n = 4 as in argument 'x', found 5");
  inputs = Inputs();
  inputs.m = -1;
  expect(inputs, COLT5_BAD_SIZE, "f: argument 'm': expected a size of 0 or more, found -1");
  inputs = Inputs();
  inputs.three = 4;
  expect(inputs, COLT5_BAD_SIZE, "f: argument 'three': expected 3, found 4");
}

TEST(SizeTest, CompiledCodeRefuses) {
  Inputs inputs;
  inputs.rows = inputs.n = 8;
  expect(inputs, COLT5_CPU_BAD_SIZE,
         "f: expected the sizes that are compiled in or that the function computes");
  inputs.rows = inputs.n = 101;
  expect(inputs, COLT5_TOO_LARGE, "f: expected a workspace of fewer than 2^63 bytes");
}
} // namespace
