#include "TestUtils.h"
#include "colt5/Reference/Composites.h"

using namespace mlir::colt5::reference;
using namespace mlir::colt5::reference::test;

static Tensor times(const Tensor &a, double factor) {
  Tensor result = a;
  for (int64_t i = 0; i < a.getNumElements(); ++i)
    result.mutableFloats()[i] *= factor;
  return result;
}

/// First `count` rows of dimension 1 of a rank-3 tensor of batch 1.
static Tensor firstRows(const Tensor &x, int64_t count) {
  Tensor result({1, count, x.getDim(2)}, x.getKind());
  std::copy_n(x.floats(), result.getNumElements(), result.mutableFloats());
  return result;
}

TEST(Activation, Values) {
  EXPECT_NEAR(activate(1.0, ActivationKind::GeluTanh), 0.8411919906082768, 1e-15);
  EXPECT_NEAR(activate(1.0, ActivationKind::Gelu), 0.8413447460685429, 1e-15);
  EXPECT_EQ(activate(-2.0, ActivationKind::Relu), 0.0);
  EXPECT_NEAR(activate(1.0, ActivationKind::Silu), 0.7310585786300049, 1e-15);
  EXPECT_NEAR(activate(0.0, ActivationKind::Sigmoid), 0.5, 0.0);
  EXPECT_EQ(activate(-2.0, ActivationKind::Identity), -2.0);
}

TEST(Ffn, GateAndBiases) {
  Tensor x = f32({1, 2}, {1, 2}), in = f32({2, 1}, {3, 4}), gate = f32({2, 1}, {1, 1}),
         out = f32({1, 2}, {1, -1});
  Tensor inBias = f32({1}, {-1}), gateBias = f32({1}, {10}), outBias = f32({2}, {0, 100});
  FfnWeights weights{&in, &gate, &out, &inBias, &gateBias, &outBias, ActivationKind::Relu};
  expectNear(values(ffn(x, weights, {})), {130, -30});
  weights.gate = nullptr;
  weights.gateBias = nullptr;
  expectNear(values(ffn(x, weights, {})), {10, 90});
}

namespace {
struct FfnCase {
  Tensor x = noise({1, 6, 3}, 1), u = noise({1, 3}, 2), a = noise({3, 4}, 3), c = noise({4, 3}, 4),
         d = noise({3, 5}, 5), e = noise({3, 5}, 6), f = noise({5, 3}, 7);
  ConditionalFfnInputs inputs(int64_t tokens) const {
    ConditionalFfnInputs in;
    in.x = &x;
    in.router = &u;
    in.light = FfnWeights{&a, nullptr, &c};
    in.heavy = FfnWeights{&d, &e, &f};
    in.tokens = tokens;
    return in;
  }
};
} // namespace

static std::vector<double> run(const ConditionalFfnInputs &in) {
  CompositeContext context;
  std::optional<Tensor> result = conditionalFfn(in, context);
  EXPECT_TRUE(result);
  EXPECT_FALSE(context.indexError);
  return values(*result);
}

TEST(ConditionalFfn, UnitWeightsOnAllTokensIsTheSumOfBothBranches) {
  FfnCase c;
  ConditionalFfnInputs in = c.inputs(6);
  in.routing.weights = RoutingWeights::Ones;
  std::vector<double> light = values(ffn(c.x, *in.light, {})), heavy = values(ffn(c.x, in.heavy, {}));
  for (size_t i = 0; i < light.size(); ++i)
    light[i] += heavy[i];
  expectNear(run(in), light);
}

TEST(ConditionalFfn, OnlyRoutedRowsGetTheWeightedHeavyBranch) {
  FfnCase c;
  ConditionalFfnInputs in = c.inputs(2);
  Tensor scores = routerScores(c.x, c.u, nullptr);
  TopKResult selected = topk(scores, nullptr, 2);
  Tensor weights = softTopK(scores, Tensor::scalar(2.0), nullptr);
  std::vector<double> expected = values(ffn(c.x, *in.light, {})), heavy = values(ffn(c.x, in.heavy, {}));
  for (int64_t slot = 0; slot < 2; ++slot)
    for (int64_t d = 0; d < 3; ++d) {
      int64_t row = selected.indices.ints()[slot];
      expected[row * 3 + d] += weights.floats()[row] * heavy[row * 3 + d];
    }
  expectNear(run(in), expected);
}

TEST(ConditionalFfn, PaddedRowEqualsUnpaddedRowAndMaskedRowsAreZero) {
  FfnCase c, dirty;
  Tensor shortX = firstRows(c.x, 4);
  for (RoutingWeights kind :
       {RoutingWeights::SoftTopK, RoutingWeights::SoftmaxTopK, RoutingWeights::SoftmaxAll}) {
    ConditionalFfnInputs unpadded = c.inputs(5), padded = dirty.inputs(5);
    unpadded.x = &shortX;
    std::fill_n(dirty.x.mutableFloats() + 12, 6, kNaN);
    Tensor mask = i1({1, 6}, {1, 1, 1, 1, 0, 0});
    padded.mask = &mask;
    unpadded.routing.weights = padded.routing.weights = kind;
    std::vector<double> expected = run(unpadded);
    expected.resize(18, 0.0);
    expectNear(run(padded), expected, 1e-14);
  }
}

TEST(ConditionalFfn, AllMaskedIsZero) {
  FfnCase c;
  Tensor mask = i1({1, 6}, {0, 0, 0, 0, 0, 0});
  ConditionalFfnInputs in = c.inputs(2);
  in.mask = &mask;
  expectNear(run(in), std::vector<double>(18, 0.0), 0.0);
}

TEST(ConditionalFfn, BaseAndNoBase) {
  FfnCase c;
  ConditionalFfnInputs in = c.inputs(2);
  in.light.reset();
  std::vector<double> increment = run(in);
  in.base = &c.x;
  std::vector<double> based = run(in);
  for (size_t i = 0; i < based.size(); ++i)
    EXPECT_NEAR(based[i], increment[i] + c.x.floats()[i], 1e-14);
}

TEST(ConditionalFfn, HooksSeeTheRouterAndTheParts) {
  FfnCase c;
  ConditionalFfnInputs in = c.inputs(2);
  CompositeContext context;
  std::vector<std::string> seen;
  context.onSelection = [&](const char *router, const Tensor &, const Tensor *, Tensor &indices) {
    seen.push_back(router);
    indices = i32({1, 1, 2}, {0, 5});
    return true;
  };
  Tensor heavyPart;
  context.onPart = [&](const char *part, const Tensor &tensor) {
    seen.push_back(part);
    if (std::string(part) == "heavy")
      heavyPart = tensor;
  };
  ASSERT_TRUE(conditionalFfn(in, context));
  EXPECT_EQ(seen, (std::vector<std::string>{"ffn", "weights", "light", "heavy"}));
  for (int64_t row = 0; row < 6; ++row)
    EXPECT_EQ(heavyPart.floats()[row * 3] != 0.0, row == 0 || row == 5);
  context.onSelection = [](const char *, const Tensor &, const Tensor *, Tensor &) { return false; };
  EXPECT_FALSE(conditionalFfn(in, context));
}

namespace {
/// Light and heavy heads: H = 2, G = 1, C = 2.
struct AttentionCase {
  Tensor x = noise({1, 6, 3}, 1), uq = noise({1, 3}, 2), ukv = noise({1, 3}, 3);
  Tensor wq = noise({3, 2, 2}, 4), wk = noise({3, 1, 2}, 5), wv = noise({3, 1, 2}, 6),
         wo = noise({2, 2, 3}, 7);
  Tensor table = noise({2, 16}, 8);
  ConditionalAttentionInputs inputs(int64_t queries, int64_t keys, bool light) const {
    ConditionalAttentionInputs in;
    in.x = &x;
    in.routerQ = &uq;
    in.routerKv = &ukv;
    AttentionWeights weights{&wq, &wk, &wv, &wo, &table};
    if (light)
      in.light = weights;
    in.heavy = weights;
    in.queries = queries;
    in.keys = keys;
    in.bucket = [](int64_t relative) { return relative + 8; };
    return in;
  }
};
} // namespace

static std::vector<double> run(const ConditionalAttentionInputs &in) {
  CompositeContext context;
  std::optional<Tensor> result = conditionalAttention(in, context);
  EXPECT_TRUE(result);
  return values(*result);
}

TEST(ConditionalAttention, AllTokensWithUnitWeightsIsTheLightBranch) {
  AttentionCase c;
  ConditionalAttentionInputs both = c.inputs(6, 6, true), heavyOnly = c.inputs(6, 6, false);
  both.routing.weights = heavyOnly.routing.weights = RoutingWeights::Ones;
  std::vector<double> heavy = run(heavyOnly), sum = run(both);
  // Both branches have the same weights: the positions of routed tokens are their own.
  for (size_t i = 0; i < heavy.size(); ++i)
    EXPECT_NEAR(sum[i], 2 * heavy[i], 1e-13);
}

TEST(ConditionalAttention, HeavyEqualsTheFormulaOnRoutedTokens) {
  AttentionCase c;
  ConditionalAttentionInputs in = c.inputs(2, 3, false);
  std::vector<double> actual = run(in), expected(18, 0.0);
  Tensor sq = routerScores(c.x, c.uq, nullptr), skv = routerScores(c.x, c.ukv, nullptr);
  Tensor wq = softTopK(sq, Tensor::scalar(2.0), nullptr), wkv = softTopK(skv, Tensor::scalar(3.0), nullptr);
  TopKResult queries = topk(sq, nullptr, 2), keys = topk(skv, nullptr, 3);
  auto project = [&](const Tensor &w, int64_t token, int64_t h, int64_t c2, double factor) {
    double sum = 0.0;
    for (int64_t d = 0; d < 3; ++d)
      sum += factor * c.x.floats()[token * 3 + d] * w.floats()[(d * w.getDim(1) + h) * 2 + c2];
    return sum;
  };
  for (int64_t i = 0; i < 2; ++i) {
    int64_t query = queries.indices.ints()[i];
    for (int64_t h = 0; h < 2; ++h) {
      double sum = 0.0, o[2] = {};
      for (int64_t j = 0; j < 3; ++j) {
        int64_t key = keys.indices.ints()[j];
        double factor = wkv.floats()[key], score = c.table.floats()[h * 16 + key - query + 8];
        for (int64_t k = 0; k < 2; ++k)
          score += project(c.wq, query, h, k, 1.0) * project(c.wk, key, 0, k, factor);
        double weight = std::exp(score);
        sum += weight;
        for (int64_t k = 0; k < 2; ++k)
          o[k] += weight * project(c.wv, key, 0, k, factor);
      }
      for (int64_t d = 0; d < 3; ++d)
        for (int64_t k = 0; k < 2; ++k)
          expected[query * 3 + d] += wq.floats()[query] * o[k] / sum * c.wo.floats()[(h * 2 + k) * 3 + d];
    }
  }
  expectNear(actual, expected, 1e-13);
}

TEST(ConditionalAttention, ScaleOptions) {
  AttentionCase c;
  ConditionalAttentionInputs input = c.inputs(3, 4, false), keyValue = input, value = input, none = input;
  keyValue.scaleKvInput = false;
  keyValue.scaleKey = keyValue.scaleValue = true;
  value.scaleKvInput = false;
  value.scaleValue = true;
  none.scaleKvInput = false;
  std::vector<double> byInput = run(input);
  expectNear(run(keyValue), byInput, 1e-13);
  for (const std::vector<double> &other : {run(value), run(none)}) {
    double difference = 0.0;
    for (size_t i = 0; i < byInput.size(); ++i)
      difference += std::fabs(other[i] - byInput[i]);
    EXPECT_GT(difference, 1e-3);
  }
}

TEST(ConditionalAttention, PaddedRowEqualsUnpaddedRow) {
  AttentionCase c, dirty;
  Tensor shortX = firstRows(c.x, 4), mask = i1({1, 6}, {1, 1, 1, 1, 0, 0});
  std::fill_n(dirty.x.mutableFloats() + 12, 6, kNaN);
  // K exceeds the valid tokens: surplus slots weigh 0.
  ConditionalAttentionInputs unpadded = c.inputs(5, 6, true), padded = dirty.inputs(5, 6, true);
  unpadded.x = &shortX;
  padded.mask = &mask;
  std::vector<double> expected = run(unpadded);
  expected.resize(18, 0.0);
  expectNear(run(padded), expected, 1e-14);
}

TEST(ConditionalAttention, ScalingTheOutputIsLinear) {
  AttentionCase c;
  ConditionalAttentionInputs in = c.inputs(6, 6, false);
  in.routing.weights = RoutingWeights::Ones;
  std::vector<double> once = run(in);
  Tensor doubled = times(c.wo, 2.0);
  in.heavy.out = &doubled;
  std::vector<double> twice = run(in);
  for (size_t i = 0; i < once.size(); ++i)
    EXPECT_NEAR(twice[i], 2 * once[i], 1e-14);
}
