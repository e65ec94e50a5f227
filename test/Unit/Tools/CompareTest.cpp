#include "colt5/Tools/Run/Compare.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
static constexpr double kInfinity = std::numeric_limits<double>::infinity();

static HostTensor make(ElementKind kind, ArrayRef<double> values) {
  HostTensor tensor(kind, {static_cast<int64_t>(values.size())});
  for (auto [i, value] : llvm::enumerate(values))
    tensor.setDouble(i, value);
  return tensor;
}

static Difference compare(ArrayRef<double> actual, ArrayRef<double> expected, Tolerance tolerance = {}) {
  return compareTensors("r", make(ElementKind::F64, actual), make(ElementKind::F64, expected), tolerance,
                        ElementKind::F32);
}

TEST(Compare, MeasuresErrors) {
  Difference difference = compare({3.0, 4.5}, {3.0, 4.0});
  EXPECT_DOUBLE_EQ(difference.maxAbs, 0.5);
  EXPECT_DOUBLE_EQ(difference.maxRel, 0.125);
  EXPECT_DOUBLE_EQ(difference.normalised, 0.1);
  EXPECT_FALSE(difference.passed);
}

TEST(Compare, DefaultBoundFollowsTheType) {
  Tolerance none;
  HostTensor one = make(ElementKind::F64, {1.0}), near = make(ElementKind::F64, {1.001});
  EXPECT_TRUE(compareTensors("r", near, one, none, ElementKind::BF16).passed);
  EXPECT_FALSE(compareTensors("r", near, one, none, ElementKind::F32).passed);
}

TEST(Compare, EitherBoundSuffices) {
  Tolerance tolerance;
  tolerance.atol = 0.5;
  EXPECT_TRUE(compare({3.0, 4.5}, {3.0, 4.0}, tolerance).passed);
  tolerance.atol = 0.4;
  EXPECT_FALSE(compare({3.0, 4.5}, {3.0, 4.0}, tolerance).passed);
  tolerance.rtol = 0.11;
  EXPECT_TRUE(compare({3.0, 4.5}, {3.0, 4.0}, tolerance).passed);
}

TEST(Compare, NaNNeverPassesUnasked) {
  Tolerance loose;
  loose.rtol = 1e300;
  loose.atol = 1e300;
  Difference one = compare({kNaN}, {0.0}, loose);
  EXPECT_FALSE(one.passed);
  EXPECT_EQ(one.nanOnlyOne, 1);
  Difference both = compare({kNaN}, {kNaN}, loose);
  EXPECT_FALSE(both.passed);
  EXPECT_EQ(both.nanBoth, 1);
  loose.nanEqual = true;
  EXPECT_TRUE(compare({kNaN}, {kNaN}, loose).passed);
  EXPECT_FALSE(compare({kNaN}, {0.0}, loose).passed);
  EXPECT_FALSE(compare({0.0}, {kNaN}, loose).passed);
}

TEST(Compare, InfinitiesMustAgree) {
  EXPECT_TRUE(compare({kInfinity, 1.0}, {kInfinity, 1.0}).passed);
  EXPECT_FALSE(compare({kInfinity}, {-kInfinity}).passed);
  EXPECT_FALSE(compare({1.0}, {kInfinity}).passed);
}

TEST(Compare, ZeroExpectedNeedsZero) {
  EXPECT_TRUE(compare({0.0}, {0.0}).passed);
  EXPECT_FALSE(compare({1e-30}, {0.0}).passed);
}

TEST(Compare, LargeValuesDoNotOverflow) {
  EXPECT_TRUE(compare({1e300}, {1e300 * (1 + 1e-7)}).passed);
  EXPECT_FALSE(compare({1e300}, {1e300 * (1 + 1e-3)}).passed);
}

TEST(Compare, IntegersMustBeEqual) {
  HostTensor a = make(ElementKind::I32, {1, 2}), b = make(ElementKind::I32, {1, 3});
  EXPECT_TRUE(compareTensors("r", a, a, {}, ElementKind::I32).passed);
  Difference difference = compareTensors("r", a, b, {}, ElementKind::I32);
  EXPECT_FALSE(difference.passed);
  EXPECT_EQ(difference.reason, "1 of 2 integers differ");
}

TEST(Compare, ShapesAndKindsMustAgree) {
  EXPECT_EQ(compare({1.0, 2.0}, {1.0}).reason, "expected shape 1xf64, found 2xf64");
  EXPECT_EQ(
      compareTensors("r", make(ElementKind::I32, {1}), make(ElementKind::F32, {1}), {}, ElementKind::I32)
          .reason,
      "expected elements of type f32, found i32");
}

TEST(Compare, RefusesUselessBounds) {
  EXPECT_FALSE(static_cast<bool>(checkTolerance(std::nullopt, "--rtol")));
  EXPECT_FALSE(static_cast<bool>(checkTolerance(0.0, "--rtol")));
  for (double value : {kNaN, kInfinity, -1e-9}) {
    llvm::Error error = checkTolerance(value, "--rtol");
    EXPECT_TRUE(static_cast<bool>(error));
    llvm::consumeError(std::move(error));
  }
}
