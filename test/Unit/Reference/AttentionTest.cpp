#include "colt5/Reference/Attention.h"
#include "TestUtils.h"

using namespace mlir::colt5;
using namespace mlir::colt5::reference;
using namespace mlir::colt5::reference::test;

namespace {
/// B = 1, H = 2, G = 1, Q = S = 5, C = 3.
struct Small {
  Tensor q = noise({1, 2, 5, 3}, 1), k = noise({1, 1, 5, 3}, 2), v = noise({1, 1, 5, 3}, 3);
  AttentionInputs inputs() const {
    AttentionInputs in;
    in.q = &q;
    in.k = &k;
    in.v = &v;
    in.scale = 0.7;
    return in;
  }
};
} // namespace

static AttentionResult run(const AttentionInputs &in) {
  bool error = false;
  AttentionResult result = attention(in, error);
  EXPECT_FALSE(error);
  return result;
}

/// Dense softmax attention with a predicate, straight from the formula.
static std::vector<double> dense(const Small &s, double scale, const PatternFn &allowed) {
  std::vector<double> out;
  for (int64_t h = 0; h < 2; ++h)
    for (int64_t i = 0; i < 5; ++i) {
      double sum = 0.0, o[3] = {};
      for (int64_t j = 0; j < 5; ++j) {
        if (!allowed(i, j))
          continue;
        double dot = 0.0;
        for (int64_t c = 0; c < 3; ++c)
          dot += s.q.floats()[(h * 5 + i) * 3 + c] * s.k.floats()[j * 3 + c];
        double weight = std::exp(scale * dot);
        sum += weight;
        for (int64_t c = 0; c < 3; ++c)
          o[c] += weight * s.v.floats()[j * 3 + c];
      }
      for (double value : o)
        out.push_back(sum > 0.0 ? value / sum : 0.0);
    }
  return out;
}

TEST(Attention, PatternsMatchTheFormula) {
  Small s;
  AttentionInputs in = s.inputs();
  expectNear(values(run(in).output), dense(s, 0.7, [](int64_t, int64_t) { return true; }));
  in.pattern = [](int64_t i, int64_t j) { return j < i; };
  expectNear(values(run(in).output), dense(s, 0.7, in.pattern));
}

TEST(Attention, RowWithoutKeysIsZeroAndLseIsMinusInfinity) {
  Small s;
  AttentionInputs in = s.inputs();
  in.pattern = [](int64_t i, int64_t j) { return j < i; };
  AttentionResult result = run(in);
  expectNear({result.output.floats()[0], result.lse.floats()[0], result.lse.floats()[5]}, {0, -kInf, -kInf});
  EXPECT_TRUE(std::isfinite(result.lse.floats()[1]));
}

TEST(Attention, DataBehindMasksNeverReachesAResult) {
  Small s, dirty;
  for (int64_t c = 0; c < 3; ++c) {
    dirty.k.mutableFloats()[2 * 3 + c] = kNaN;
    dirty.v.mutableFloats()[2 * 3 + c] = kNaN;
    dirty.k.mutableFloats()[4 * 3 + c] = kNaN;
    dirty.v.mutableFloats()[4 * 3 + c] = kInf;
    dirty.q.mutableFloats()[1 * 3 + c] = kNaN;
  }
  Tensor qValid = i1({1, 5}, {1, 0, 1, 1, 1}), kvValid = i1({1, 5}, {1, 1, 0, 1, 1});
  Tensor kvPos = i32({1, 5}, {0, 1, 2, 3, -1});
  AttentionInputs clean = s.inputs(), masked = dirty.inputs();
  for (AttentionInputs *in : {&clean, &masked}) {
    in->qValid = &qValid;
    in->kvValid = &kvValid;
    in->kvPos = &kvPos;
  }
  std::vector<double> expected = values(run(clean).output), actual = values(run(masked).output);
  expectNear(actual, expected, 0.0);
  expectNear({actual[3], actual[4], actual[5]}, {0, 0, 0});
}

TEST(Attention, QueryPositionMinusOneIsDead) {
  Small s;
  AttentionInputs in = s.inputs();
  Tensor qPos = i32({1, 5}, {0, -1, 2, 3, 4});
  in.qPos = &qPos;
  AttentionResult result = run(in);
  expectNear({result.output.floats()[3], result.lse.floats()[1]}, {0, -kInf});
  EXPECT_NE(result.output.floats()[0], 0.0);
}

TEST(Attention, SlicesWithBasesEqualTheWhole) {
  Small s;
  AttentionInputs in = s.inputs();
  Tensor table = noise({2, 9}, 4);
  in.biasTable = &table;
  in.bucket = [](int64_t relative) { return relative + 4; };
  in.pattern = [](int64_t i, int64_t j) { return j <= i && j >= i - 2; };
  std::vector<double> whole = values(run(in).output);
  // Queries 3 and 4 with keys 1 to 4, at odd offsets.
  Tensor q({1, 2, 2, 3}, ElementKind::F32), k({1, 1, 4, 3}, ElementKind::F32), v = k;
  for (int64_t h = 0; h < 2; ++h)
    std::copy_n(s.q.floats() + (h * 5 + 3) * 3, 6, q.mutableFloats() + h * 6);
  std::copy_n(s.k.floats() + 3, 12, k.mutableFloats());
  std::copy_n(s.v.floats() + 3, 12, v.mutableFloats());
  AttentionInputs slice = in;
  slice.q = &q;
  slice.k = &k;
  slice.v = &v;
  slice.qBase = 3;
  slice.kvBase = 1;
  std::vector<double> part = values(run(slice).output);
  expectNear(part, {whole[9], whole[10], whole[11], whole[12], whole[13], whole[14], whole[24], whole[25],
                    whole[26], whole[27], whole[28], whole[29]});
}

TEST(Attention, KvIdxListsCountRepeatsAndFlagBadIndices) {
  Small s;
  AttentionInputs in = s.inputs();
  // One query block: keys 1, 1, 3.
  Tensor list = i32({1, 1, 1, 4}, {1, 1, -1, 3});
  in.kvIdx = &list;
  std::vector<double> actual = values(run(in).output);
  double w[2] = {};
  for (int64_t c = 0; c < 3; ++c) {
    w[0] += s.q.floats()[c] * s.k.floats()[3 + c];
    w[1] += s.q.floats()[c] * s.k.floats()[9 + c];
  }
  double a = 2 * std::exp(0.7 * w[0]), b = std::exp(0.7 * w[1]);
  EXPECT_NEAR(actual[0], (a * s.v.floats()[3] + b * s.v.floats()[9]) / (a + b), 1e-13);
  Tensor bad = i32({1, 1, 1, 4}, {1, 1, 5, 3});
  in.kvIdx = &bad;
  bool error = false;
  expectNear(values(attention(in, error).output), actual, 0.0);
  EXPECT_TRUE(error);
}

TEST(Attention, SideKeysShareTheSoftmax) {
  Small s;
  Tensor sideK = noise({1, 1, 2, 3}, 5), sideV = noise({1, 1, 2, 3}, 6), sideValid = i1({1, 2}, {1, 0});
  AttentionInputs in = s.inputs();
  in.sideK = &sideK;
  in.sideV = &sideV;
  in.sideValid = &sideValid;
  Tensor block = i32({1, 5}, {0, 0, -1, 1, 1}), table = noise({2, 8}, 7);
  in.qBlock = &block;
  in.sideBiasTable = &table;
  in.bucket = [](int64_t relative) { return relative + 4; };
  std::vector<double> actual = values(run(in).output);
  // The same as a sixth local key without pattern whose bias depends on the query's block.
  Tensor k({1, 1, 6, 3}, ElementKind::F32), v = k;
  std::copy_n(s.k.floats(), 15, k.mutableFloats());
  std::copy_n(s.v.floats(), 15, v.mutableFloats());
  std::copy_n(sideK.floats(), 3, k.mutableFloats() + 15);
  std::copy_n(sideV.floats(), 3, v.mutableFloats() + 15);
  Tensor bias({1, 2, 5, 6}, ElementKind::F32);
  for (int64_t h = 0; h < 2; ++h)
    for (int64_t i = 0; i < 5; ++i)
      bias.mutableFloats()[(h * 5 + i) * 6 + 5] = table.floats()[h * 8 + 4 - block.ints()[i]];
  AttentionInputs joined = s.inputs();
  joined.k = &k;
  joined.v = &v;
  joined.extra = {&bias};
  joined.score = [](std::vector<double> &scores, int64_t, const std::vector<int64_t> &,
                    const std::vector<std::vector<double>> &extras) {
    for (size_t j = 0; j < scores.size(); ++j)
      scores[j] += extras[0][j];
  };
  expectNear(actual, values(run(joined).output), 1e-13);
}

TEST(OnlineAttention, KeySetsInTurnEqualOneSoftmax) {
  Small s;
  AttentionInputs in = s.inputs();
  in.pattern = [](int64_t i, int64_t j) { return j < i; };
  AttentionResult whole = run(in);
  OnlineState state{Tensor({1, 2, 5, 3}, ElementKind::F32), filled({1, 2, 5}, ElementKind::F32, -kInf),
                    Tensor({1, 2, 5}, ElementKind::F32)};
  for (auto [begin, length] : {std::pair<int64_t, int64_t>{0, 2}, {2, 3}}) {
    Tensor k({1, 1, length, 3}, ElementKind::F32), v = k;
    std::copy_n(s.k.floats() + begin * 3, length * 3, k.mutableFloats());
    std::copy_n(s.v.floats() + begin * 3, length * 3, v.mutableFloats());
    AttentionInputs part = in;
    part.k = &k;
    part.v = &v;
    part.kvBase = begin;
    bool error = false;
    state = onlineAttention(part, state, error);
  }
  for (int64_t row = 0; row < 10; ++row) {
    double sum = state.sum.floats()[row];
    double o = sum > 0 ? state.acc.floats()[row * 3] / sum : 0.0;
    EXPECT_NEAR(o, whole.output.floats()[row * 3], 1e-13);
    if (sum > 0)
      EXPECT_NEAR(state.max.floats()[row] + std::log(sum), whole.lse.floats()[row], 1e-13);
    else
      EXPECT_EQ(whole.lse.floats()[row], -kInf);
  }
}

TEST(Attention, ThreadsDoNotChangeAnything) {
  Tensor q = noise({1, 2, 97, 5}, 1), k = noise({1, 2, 97, 5}, 2), v = noise({1, 2, 97, 5}, 3);
  AttentionInputs in;
  in.q = &q;
  in.k = &k;
  in.v = &v;
  std::vector<double> serial = values(run(in).output);
  in.threads = 3;
  expectNear(values(run(in).output), serial, 0.0);
}
