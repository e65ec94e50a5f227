#include "../../../lib/Reference/Contraction.h"
#include "TestUtils.h"

using namespace mlir::colt5::reference;
using namespace mlir::colt5::reference::test;

static void check(int64_t m, int64_t n, int64_t k, Accumulate accumulate, double tolerance) {
  Tensor a = noise({m, k}, 1), b = noise({k, n}, 2), c = noise({m, n}, 3);
  std::vector<double> expected = values(c);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j)
      for (int64_t p = 0; p < k; ++p)
        expected[i * n + j] += a.floats()[i * k + p] * b.floats()[p * n + j];
  for (unsigned threads : {1u, 3u}) {
    Tensor result = c;
    contract(a.floats(), b.floats(), result.mutableFloats(), m, n, k, accumulate, threads);
    expectNear(values(result), expected, tolerance);
  }
}

TEST(Contraction, OddShapes) {
  for (int64_t size : {1, 3, 17, 36, 65, 129}) {
    check(size, 65, 300, Accumulate::F64, 1e-12);
    check(65, size, 3, Accumulate::F64, 1e-12);
    check(3, 17, size, Accumulate::F32, 1e-4);
  }
  check(130, 150, 600, Accumulate::F64, 1e-12);
}

TEST(Contraction, F32AccumulatesInF32) {
  // 2^24 + 1 is not an f32: the small terms are lost one by one.
  std::vector<double> a = {16777216.0, 1.0, 1.0}, b = {1.0, 1.0, 1.0}, wide = {0.0}, narrow = {0.0};
  contract(a.data(), b.data(), wide.data(), 1, 1, 3, Accumulate::F64, 1);
  contract(a.data(), b.data(), narrow.data(), 1, 1, 3, Accumulate::F32, 1);
  EXPECT_EQ(wide[0], 16777218.0);
  EXPECT_EQ(narrow[0], 16777216.0);
}

TEST(Contraction, EmptyExtents) {
  double c = 5.0;
  contract(nullptr, nullptr, &c, 1, 1, 0, Accumulate::F64, 2);
  EXPECT_EQ(c, 5.0);
}
