#include "TestUtils.h"
#include "colt5/Reference/Routing.h"
#include <numeric>

using namespace mlir::colt5::reference;
using namespace mlir::colt5::reference::test;

// The worked example: s = [2, 1, 0.5, 0, -1, -2], k = 2, eps = 1.
static const std::vector<double> kScores = {2, 1, 0.5, 0, -1, -2};

static void expectRow(double kNorm, const SoftTopKOptions &options, double multiplier,
                      const std::vector<double> &weights) {
  double a = 0.0;
  std::vector<double> actual = softTopKRow(kScores, std::vector<char>(6, 1), kNorm, options, &a);
  EXPECT_NEAR(a, multiplier, 1e-13);
  expectNear(actual, weights, 1e-11);
}

TEST(SoftTopK, WorkedExampleZeroInitOneIteration) {
  SoftTopKOptions options;
  options.iterations = 1;
  expectRow(2.0, options, -1.8915500457225258,
            {1, .410019710634, .248689525586, .150837822017, .055490133671, .020413679366});
}

TEST(SoftTopK, WorkedExampleZeroInitFiftyIterations) {
  expectRow(2.0, {}, -1.769891741084611,
            {1, .463063196317, .280862025951, .170351429888, .06266878883, .023054559014});
}

TEST(SoftTopK, WorkedExampleNegInitOneIteration) {
  SoftTopKOptions options;
  options.iterations = 1;
  options.negInit = true;
  expectRow(2.0, options, -1.0986122886681096,
            {1, .90609394282, .5495737569, .333333333333, .12262648039, .045111761079});
}

TEST(SoftTopK, WorkedExampleFractionalK) {
  expectRow(2.25, {}, -1.5467481897704016,
            {1, .578828995396, .351077532439, .21293928736, .078335986038, .028818198767});
}

/// The descent in the vector form of its source, b kept per token.
static std::vector<double> vectorDescent(const std::vector<double> &s, double k,
                                         const SoftTopKOptions &options) {
  std::vector<double> b(s.size(), 0.0);
  if (options.negInit)
    for (size_t i = 0; i < s.size(); ++i)
      b[i] = -s[i];
  double a = 0.0, eps = std::max(options.epsInit.value_or(options.eps), options.eps);
  for (int64_t t = 0; t < options.iterations; ++t) {
    double sum = 0.0;
    for (size_t i = 0; i < s.size(); ++i)
      sum += std::exp((s[i] + b[i]) / eps);
    a = eps * std::log(k) - eps * std::log(sum);
    for (size_t i = 0; i < s.size(); ++i)
      b[i] = std::min(-s[i] - a, 0.0);
    eps = std::max(eps * options.epsDecay, options.eps);
  }
  std::vector<double> weights;
  for (size_t i = 0; i < s.size(); ++i)
    weights.push_back(std::exp((s[i] + b[i] + a) / eps));
  return weights;
}

TEST(SoftTopK, EqualsTheVectorFormWithEpsSchedule) {
  for (bool neg : {false, true}) {
    SoftTopKOptions options;
    options.eps = 0.3;
    options.epsInit = 4.0;
    options.epsDecay = 0.7;
    options.iterations = 12;
    options.negInit = neg;
    expectNear(softTopKRow(kScores, std::vector<char>(6, 1), 2.0, options),
               vectorDescent(kScores, 2.0, options), 1e-12);
  }
}

TEST(SoftTopK, WeightsUseTheEpsAfterTheLastDecay) {
  SoftTopKOptions options;
  options.epsInit = 4.0;
  options.epsDecay = 0.5;
  options.negInit = true;
  // The schedule 4, 2, 1, 1 reaches its floor with the second decay.
  const std::vector<std::vector<double>> expected = {
      {0.25, 0.41218031767503205}, {0.14253696, 0.38745563}, {0.26894142, 0.73105858}};
  for (auto [t, weights] : llvm::enumerate(expected)) {
    options.iterations = t + 1;
    expectNear(softTopKRow({0, 1}, {1, 1}, 1.0, options), weights, 1e-5);
  }
}

TEST(SoftTopK, KOneIsSoftmax) {
  std::vector<double> weights = softTopKRow(kScores, std::vector<char>(6, 1), 1.0, {});
  double sum = 0.0;
  for (double s : kScores)
    sum += std::exp(s);
  for (size_t i = 0; i < 6; ++i)
    EXPECT_NEAR(weights[i], std::exp(kScores[i]) / sum, 1e-15);
}

TEST(SoftTopK, ExactSolverIsTheFixedPoint) {
  SoftTopKOptions exact, longRun;
  exact.exact = true;
  longRun.iterations = 20000;
  std::vector<double> weights = softTopKRow(kScores, std::vector<char>(6, 1), 2.0, exact);
  expectNear(weights, softTopKRow(kScores, std::vector<char>(6, 1), 2.0, longRun), 1e-10);
  EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 2.0, 1e-12);
}

TEST(SoftTopK, OverflowOnesOrIterate) {
  std::vector<double> ones = softTopKRow(kScores, std::vector<char>(6, 1), 6.0, {});
  expectNear(ones, std::vector<double>(6, 1.0), 0.0);
  SoftTopKOptions iterate;
  iterate.overflowOnes = false;
  std::vector<double> weights = softTopKRow(kScores, std::vector<char>(6, 1), 6.0, iterate);
  EXPECT_LT(weights[5], 1.0);
  EXPECT_GT(weights[5], 0.2);
  // The jump is at k_norm = n_valid, not at n.
  std::vector<char> valid = {1, 1, 0, 0, 0, 0};
  expectNear(softTopKRow(kScores, valid, 2.0, {}), {1, 1, 0, 0, 0, 0}, 0.0);
}

TEST(SoftTopK, AllMaskedIsZero) {
  expectNear(softTopKRow(kScores, std::vector<char>(6, 0), 2.0, {}), std::vector<double>(6, 0.0), 0.0);
}

TEST(SoftTopK, NanAndInfinities) {
  std::vector<double> scores = {kNaN, kInf, 1, 0, -kInf, 0.5};
  for (bool neg : {false, true}) {
    SoftTopKOptions options;
    options.negInit = neg;
    std::vector<double> weights = softTopKRow(scores, std::vector<char>(6, 1), 2.0, options);
    EXPECT_EQ(weights[0], 0.0);
    EXPECT_EQ(weights[4], 0.0);
    EXPECT_EQ(weights[1], 1.0);
    for (double weight : weights)
      EXPECT_TRUE(std::isfinite(weight));
  }
}

TEST(SoftTopK, SmallEpsIsHardTopK) {
  SoftTopKOptions options;
  options.eps = 1e-6;
  options.exact = true;
  expectNear(softTopKRow(kScores, std::vector<char>(6, 1), 2.0, options), {1, 1, 0, 0, 0, 0}, 1e-9);
}

TEST(SoftTopK, BlocksAreTheirOwnProblemsAndTheTailIsZero) {
  Tensor scores = f32({1, 1, 7}, {2, 1, 0.5, 3, 2, 1, 9});
  SoftTopKOptions options;
  options.block = 3;
  std::vector<double> actual = values(softTopK(scores, Tensor::scalar(2.0), nullptr, options));
  std::vector<double> first = softTopKRow({2, 1, 0.5}, {1, 1, 1}, 1.0, {});
  std::vector<double> second = softTopKRow({3, 2, 1}, {1, 1, 1}, 1.0, {});
  expectNear(actual, {first[0], first[1], first[2], second[0], second[1], second[2], 0.0});
}

TEST(SoftTopK, PaddedRowEqualsUnpaddedRow) {
  Tensor padded = f32({2, 1, 6}, {2, 1, 0.5, 0, kNaN, 7, 2, 1, 0.5, 0, -1, -2});
  Tensor mask = i1({2, 6}, {1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1});
  std::vector<double> actual = values(softTopK(padded, f32({2, 1}, {2, 2.25}), &mask));
  std::vector<double> row = softTopKRow({2, 1, 0.5, 0}, {1, 1, 1, 1}, 2.0, {});
  row.resize(6, 0.0);
  std::vector<double> other = softTopKRow(kScores, std::vector<char>(6, 1), 2.25, {});
  row.insert(row.end(), other.begin(), other.end());
  expectNear(actual, row, 0.0);
}
