#include "colt5/Reference/Routing.h"
#include "TestUtils.h"

using namespace mlir::colt5::reference;
using namespace mlir::colt5::reference::test;

TEST(RouterScores, DotCosineAndMask) {
  Tensor x = f32({1, 3, 2}, {3, 4, 0, 0, kNaN, kNaN}), u = f32({1, 2}, {1, 2});
  Tensor mask = i1({1, 3}, {1, 1, 0});
  expectNear(values(routerScores(x, u, &mask, false, 0.5)), {5.5, 0, -kInf});
  expectNear(values(routerScores(x, u, &mask, true, 8.0)), {8.0 * 11.0 / (5.0 * std::sqrt(5.0)), 0, -kInf},
             1e-14);
}

TEST(RouterScores, RoutesPerRow) {
  Tensor x = f32({2, 1, 1}, {2, 3}), u = f32({2, 2, 1}, {1, 10, 100, 1000});
  expectNear(values(routerScores(x, u, nullptr)), {2, 20, 300, 3000});
}

static std::vector<double> weightsOf(RoutingWeights kind, const std::vector<double> &scores, int64_t k,
                                     bool bypass = false) {
  Tensor s = f32({1, 1, int64_t(scores.size())}, scores);
  RouterOptions options;
  options.weights = kind;
  options.bypassOnes = bypass;
  return values(routingWeights(s, nullptr, topk(s, nullptr, k), options));
}

TEST(RoutingWeights, Formulas) {
  double e1 = std::exp(1.0), e2 = std::exp(2.0), e0 = 1.0;
  expectNear(weightsOf(RoutingWeights::SoftmaxTopK, {1, 2, 0}, 2), {e1 / (e1 + e2), e2 / (e1 + e2)});
  expectNear(weightsOf(RoutingWeights::SoftmaxAll, {1, 2, 0}, 2), {e1 / (e0 + e1 + e2), e2 / (e0 + e1 + e2)});
  expectNear(weightsOf(RoutingWeights::Raw, {1, 2, 0}, 2), {1, 2});
  expectNear(weightsOf(RoutingWeights::Ones, {1, 2, 0}, 2), {1, 1});
  expectNear(weightsOf(RoutingWeights::Sigmoid, {1, 2, 0}, 1), {1.0 / (1.0 + std::exp(-2.0))});
}

TEST(RoutingWeights, NanAndMinusInfinityWeighNothing) {
  for (RoutingWeights kind :
       {RoutingWeights::SoftmaxTopK, RoutingWeights::SoftTopK, RoutingWeights::SoftmaxAll,
        RoutingWeights::Sigmoid, RoutingWeights::Raw, RoutingWeights::Ones}) {
    std::vector<double> weights = weightsOf(kind, {1, kNaN, -kInf}, 3);
    EXPECT_NE(weights[0], 0.0);
    EXPECT_EQ(weights[1], 0.0);
    EXPECT_EQ(weights[2], 0.0);
  }
}

TEST(RoutingWeights, SurplusSlotsWeighNothing) {
  expectNear(weightsOf(RoutingWeights::Ones, {1, 2}, 3), {1, 1, 0});
}

TEST(RoutingWeights, BypassOnlyWhenEverythingIsSelected) {
  expectNear(weightsOf(RoutingWeights::Raw, {5, 6}, 2, true), {1, 1});
  expectNear(weightsOf(RoutingWeights::Raw, {5, 6, 7}, 2, true), {6, 7});
}
