#include "colt5/Reference/Movement.h"
#include "TestUtils.h"

using namespace mlir::colt5;
using namespace mlir::colt5::reference;
using namespace mlir::colt5::reference::test;

TEST(Gather, RowsSentinelValidAndScale) {
  Tensor x = f32({1, 3, 2}, {1, 2, 3, 4, kNaN, kNaN}), idx = i32({1, 4}, {1, -1, 2, 0});
  Tensor valid = i1({1, 4}, {1, 1, 0, 1}), scale = f32({1, 4}, {2, kNaN, kNaN, 10});
  bool error = false;
  expectNear(values(gather(x, idx, &valid, &scale, 1, error)), {6, 8, 0, 0, 0, 0, 10, 20});
  EXPECT_FALSE(error);
}

TEST(Gather, OutOfRangeCountsAsSentinelAndSetsTheErrorWord) {
  Tensor x = f32({1, 2, 1}, {1, 2});
  for (int64_t bad : {2, -2, 1000000}) {
    bool error = false;
    expectNear(values(gather(x, i32({1, 2}, {bad, 1}), nullptr, nullptr, 1, error)), {0, 2});
    EXPECT_TRUE(error);
  }
}

TEST(Gather, BatchDimsTwoPicksScalarsAndIntegersWork) {
  Tensor w = i32({1, 2, 3}, {1, 2, 3, 4, 5, 6});
  bool error = false;
  Tensor picked = gather(w, i32({1, 2, 2}, {2, 0, 1, -1}), nullptr, nullptr, 2, error);
  expectNear(values(picked), {3, 1, 5, 0});
  EXPECT_EQ(picked.getKind(), ElementKind::I32);
}

TEST(Gather, RoutesShareTheSource) {
  bool error = false;
  Tensor rows = gather(f32({1, 2, 1}, {7, 8}), i32({1, 2, 1}, {1, 0}), nullptr, nullptr, 1, error);
  EXPECT_EQ(rows.getShape(), (Tensor::Shape{1, 2, 1, 1}));
  expectNear(values(rows), {8, 7});
}

TEST(Scatter, AddSkipsInvalidSlotsEvenWithNan) {
  Tensor base = f32({1, 3, 1}, {10, 20, 30}), y = f32({1, 3, 1}, {1, kNaN, 2});
  Tensor idx = i32({1, 3}, {2, 1, -1}), valid = i1({1, 3}, {1, 0, 1}), weight = f32({1, 3}, {0.5, 1, 1});
  bool error = false;
  expectNear(values(scatterCombine(y, idx, &valid, &weight, base, Combine::Add, Rounding::None, error)),
             {10, 20, 30.5});
  EXPECT_FALSE(error);
}

TEST(Scatter, SetLastSlotWinsAndAddAccumulates) {
  Tensor base = f32({1, 2, 1}, {10, 20}), y = f32({1, 2, 1}, {1, 2}), idx = i32({1, 2}, {1, 1});
  bool error = false;
  expectNear(values(scatterCombine(y, idx, nullptr, nullptr, base, Combine::Set, Rounding::None, error)),
             {10, 2});
  expectNear(values(scatterCombine(y, idx, nullptr, nullptr, base, Combine::Add, Rounding::None, error)),
             {10, 23});
  // The base is a value: it did not change.
  expectNear(values(base), {10, 20});
}

TEST(Scatter, RoundsOncePerRoute) {
  // 256 + 1 is not a bf16; each route is rounded on its own, so that two increments of 1 are lost.
  Tensor base(Tensor::Shape{1, 1, 1}, ElementKind::BF16, std::vector<double>{256});
  Tensor y(Tensor::Shape{1, 2, 1, 1}, ElementKind::BF16, std::vector<double>{1, 1});
  bool error = false;
  Tensor idx = i32({1, 2, 1}, {0, 0});
  expectNear(values(scatterCombine(y, idx, nullptr, nullptr, base, Combine::Add, Rounding::Declared, error)),
             {256});
  expectNear(values(scatterCombine(y, idx, nullptr, nullptr, base, Combine::Add, Rounding::None, error)),
             {258});
}

TEST(Scatter, RepeatedRowsOfOneRouteAreRoundedOnce) {
  Tensor base(Tensor::Shape{1, 1, 1}, ElementKind::BF16, std::vector<double>{0});
  Tensor y(Tensor::Shape{1, 1000, 1}, ElementKind::BF16, std::vector<double>(1000, 1.0));
  Tensor idx = i32({1, 1000}, std::vector<int64_t>(1000, 0));
  bool error = false;
  expectNear(values(scatterCombine(y, idx, nullptr, nullptr, base, Combine::Add, Rounding::Declared, error)),
             {1000}, 0.0);
  // In f32 the sum itself has 24 bits.
  Tensor wide(Tensor::Shape{1, 1, 1}, ElementKind::F32, std::vector<double>{16777216});
  expectNear(values(scatterCombine(y, idx, nullptr, nullptr, wide, Combine::Add, Rounding::Declared, error)),
             {16777216}, 0.0);
}

TEST(BlockSummary, OrphansJoinTheLastFullBlock) {
  // n = 12, L = 10, t = 4: 0000 1111 11 -1 -1 and two live slots of three.
  Tensor x = filled({1, 12, 1}, ElementKind::F32, 1.0);
  Tensor mask = i1({1, 12}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0});
  bool error = false;
  BlockSummary sum = blockSummary(x, &mask, 4, 3, false, false, error);
  expectNear(values(sum.block), {0, 0, 0, 0, 1, 1, 1, 1, 1, 1, -1, -1});
  expectNear(values(sum.valid), {1, 1, 0});
  expectNear(values(sum.summary), {4, 6, 0});
  expectNear(values(blockSummary(x, &mask, 4, 3, true, false, error).summary), {1, 1, 0});
  BlockSummary dropped = blockSummary(x, &mask, 4, 3, false, true, error);
  expectNear(values(dropped.block), {0, 0, 0, 0, 1, 1, 1, 1, -1, -1, -1, -1});
  expectNear(values(dropped.summary), {4, 4, 0});
  EXPECT_FALSE(error);
}

TEST(BlockSummary, ShorterThanOneBlockAndNoSlots) {
  Tensor mask = i1({1, 8}, {1, 1, 1, 0, 0, 0, 0, 0});
  bool error = false;
  BlockSummary none =
      blockSummary(filled({1, 8, 1}, ElementKind::F32, kNaN), &mask, 4, 2, true, false, error);
  expectNear(values(none.block), std::vector<double>(8, -1));
  expectNear(values(none.summary), {0, 0});
  BlockSummary empty = blockSummary(f32({1, 3, 1}, {1, 2, 3}), nullptr, 16, 0, false, false, error);
  expectNear(values(empty.block), {-1, -1, -1});
}

TEST(BlockSummary, MaskThatIsNoPrefixSetsTheErrorWord) {
  Tensor mask = i1({1, 4}, {1, 1, 0, 1});
  bool error = false;
  BlockSummary result = blockSummary(f32({1, 4, 1}, {1, 2, 4, 8}), &mask, 2, 2, false, false, error);
  EXPECT_TRUE(error);
  expectNear(values(result.summary), {3, 0});
}

TEST(RmsNorm, ValueMaskAndZeroRow) {
  Tensor x = f32({3, 2}, {3, 4, 0, 0, kNaN, 1}), g = f32({2}, {1, 2}), mask = i1({3}, {1, 1, 0});
  double r = 1.0 / std::sqrt(12.5 + 1e-6);
  expectNear(values(rmsScale(x, &mask)), {r, 1e3, 0}, 1e-9);
  expectNear(values(rmsNorm(x, g, &mask)), {3 * r, 8 * r, 0, 0, 0, 0}, 1e-12);
  expectNear(values(rmsNorm(f32({1, 2}, {0, 0}), g, nullptr, 0.0)), {0, 0});
}

TEST(Rope, HalfInterleavedAndSentinel) {
  Tensor x = f32({1, 1, 2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}), pos = i32({1, 2}, {3, -1});
  double c0 = std::cos(3.0), s0 = std::sin(3.0), c1 = std::cos(0.03), s1 = std::sin(0.03);
  expectNear(values(rope(x, pos)), {c0 - 3 * s0, 2 * c1 - 4 * s1, 3 * c0 + s0, 4 * c1 + 2 * s1, 5, 6, 7, 8},
             1e-12);
  expectNear(values(rope(x, pos, 10000.0, true)),
             {c0 - 2 * s0, 2 * c0 + s0, 3 * c1 - 4 * s1, 4 * c1 + 3 * s1, 5, 6, 7, 8}, 1e-12);
}
