#include "TestUtils.h"
#include "colt5/Reference/Routing.h"

using namespace mlir::colt5::reference;
using namespace mlir::colt5::reference::test;

static std::vector<double> indicesOf(const std::vector<double> &row, int64_t k, TopKOptions options = {},
                                     std::vector<int64_t> mask = {}) {
  int64_t n = row.size();
  Tensor maskTensor = i1({1, n}, mask.empty() ? std::vector<int64_t>(n, 1) : mask);
  return values(topk(f32({1, 1, n}, row), mask.empty() ? nullptr : &maskTensor, k, options).indices);
}

TEST(TopK, OrderByIndexAndByScore) {
  TopKOptions byScore;
  byScore.orderByScore = true;
  expectNear(indicesOf({1, 5, 3, 4, 2}, 3), {1, 2, 3});
  expectNear(indicesOf({1, 5, 3, 4, 2}, 3, byScore), {1, 3, 2});
}

TEST(TopK, TiesByLowestOrHighestIndex) {
  TopKOptions highest;
  highest.highestIndexFirst = true;
  expectNear(indicesOf({7, 7, 7, 7}, 2), {0, 1});
  expectNear(indicesOf({7, 7, 7, 7}, 2, highest), {2, 3});
}

TEST(TopK, MinusZeroEqualsPlusZero) { expectNear(indicesOf({-0.0, 0.0, -0.0, 0.0}, 2), {0, 1}); }

TEST(TopK, NanCountsAsMinusInfinity) {
  TopKOptions byScore;
  byScore.orderByScore = true;
  expectNear(indicesOf({kNaN, 1, kNaN, -5, -kInf}, 5, byScore), {1, 3, 0, 2, 4});
}

TEST(TopK, MaskedTokensComeLast) {
  Tensor scores = f32({1, 1, 5}, {9, -kInf, 8, 1, kNaN});
  Tensor mask = i1({1, 5}, {0, 1, 0, 1, 1});
  TopKOptions byScore;
  byScore.orderByScore = true;
  TopKResult result = topk(scores, &mask, 4, byScore);
  expectNear(values(result.indices), {3, 1, 4, 0});
  expectNear(values(result.valid), {1, 1, 1, 0});
  expectNear({result.values.floats()[0], result.values.floats()[3]}, {1, -kInf});
}

TEST(TopK, AllMasked) {
  Tensor mask = i1({1, 3}, {0, 0, 0});
  TopKResult result = topk(f32({1, 1, 3}, {1, 2, 3}), &mask, 2);
  expectNear(values(result.valid), {0, 0});
  for (double index : values(result.indices))
    EXPECT_TRUE(index >= 0 && index < 3);
}

TEST(TopK, SurplusSlotsAreMinusOneAndLast) {
  TopKResult result = topk(f32({1, 1, 2}, {1, 2}), nullptr, 4);
  expectNear(values(result.indices), {0, 1, -1, -1});
  expectNear(values(result.valid), {1, 1, 0, 0});
  expectNear(values(result.values), {1, 2, -kInf, -kInf});
}

TEST(TopK, EmptyRow) { expectNear(indicesOf({}, 2), {-1, -1}); }

TEST(TopK, BlocksAndTail) {
  TopKOptions blocks;
  blocks.block = 3;
  // Two full blocks of three, a tail of two with the largest scores; two slots each.
  expectNear(indicesOf({1, 3, 2, 6, 4, 5, 99, 98}, 4, blocks), {1, 2, 3, 5});
  // More slots than tokens in a block: the surplus of that block is -1.
  TopKOptions single;
  single.block = 1;
  expectNear(indicesOf({4, 5}, 4, single), {0, -1, 1, -1});
  // No full block: nothing is selected.
  TopKOptions large;
  large.block = 10;
  expectNear(indicesOf({4, 5}, 2, large), {-1, -1});
}

TEST(TopK, RoutesAndMaskPerRoute) {
  Tensor scores = f32({1, 2, 3}, {1, 2, 3, 3, 2, 1});
  Tensor mask = i1({1, 2, 3}, {1, 1, 0, 1, 1, 1});
  TopKResult result = topk(scores, &mask, 1);
  expectNear(values(result.indices), {1, 0});
}
