#include "colt5/Reference/Attention.h"

#include "Parallel.h"
#include <cmath>
#include <limits>

using namespace mlir::colt5;
using namespace mlir::colt5::reference;

static constexpr double kMinusInf = -std::numeric_limits<double>::infinity();

namespace {
/// The keys one query row sees: their scores and value rows.
struct Row {
  std::vector<double> scores;
  std::vector<const double *> values;
  /// Value rows that only a pattern or the score region hides.
  std::vector<const double *> hidden;
  /// The products of some score do not fit the type of the statistics.
  bool overflows = false;
};

/// Visits the keys of query rows; holds the extents that every row needs.
class RowVisitor {
public:
  explicit RowVisitor(const AttentionInputs &in)
      : in(in), batch(in.q->getDim(0)), heads(in.q->getDim(1)), queries(in.q->getDim(2)),
        width(in.q->getDim(3)), groups(in.k->getDim(1)), keys(in.k->getDim(2)),
        mayOverflow(in.unspecified &&
                    width * getLargest(in.q) * getScale() * std::max(getLargest(in.k), getLargest(in.sideK)) >
                        getLimit()),
        mayHide(in.unspecified && !(isFinite(in.v) && isFinite(in.sideV))) {}

  /// Allowed local keys of query i of head h, with score > -inf.
  void collectLocal(int64_t b, int64_t h, int64_t i, Row &row) const;
  /// Whether a list names a key that is not there, for queries behind a mask, too.
  bool hasIndexError() const;
  /// The side keys it sees besides.
  void collectSide(int64_t b, int64_t h, int64_t i, Row &row) const;
  bool isQueryLive(int64_t b, int64_t h, int64_t i) const {
    return (!in.qValid || in.qValid->ints()[b * queries + i]) && getQueryPosition(b, h, i) != -1;
  }

  const AttentionInputs &in;
  const int64_t batch, heads, queries, width, groups, keys;

private:
  void add(Row &row, double score, const double *value) const {
    if (score == kMinusInf)
      return hide(row, value);
    row.scores.push_back(score);
    row.values.push_back(value);
  }
  void hide(Row &row, const double *value) const {
    if (mayHide)
      row.hidden.push_back(value);
  }
  int64_t getGroup(int64_t h) const { return h / (heads / groups); }
  int64_t getQueryPosition(int64_t b, int64_t h, int64_t i) const {
    if (!in.qPos)
      return in.qBase + i;
    int64_t posGroups = in.qPos->getRank() == 3 ? in.qPos->getDim(1) : 1;
    return in.qPos->ints()[(b * posGroups + h / (heads / posGroups)) * queries + i];
  }
  /// Element (b, g, s) of a tensor BxS or BxGxS.
  int64_t keyElement(const Tensor &tensor, int64_t b, int64_t g, int64_t s) const {
    return tensor.ints()[(tensor.getRank() == 2 ? b : b * groups + g) * keys + s];
  }
  double dot(int64_t b, int64_t h, int64_t i, const double *key, Row &row) const {
    const double *query = in.q->floats() + ((b * heads + h) * queries + i) * width;
    double sum = 0.0;
    for (int64_t c = 0; c < width; ++c)
      sum += query[c] * key[c];
    row.overflows |= mayOverflow && overflows(query, key);
    return in.scale * sum;
  }
  /// Whether the products of finite rows, or their sum, leave the type of the statistics.
  bool overflows(const double *query, const double *key) const {
    double magnitude = 0.0;
    for (int64_t c = 0; c < width; ++c) {
      if (!std::isfinite(query[c]) || !std::isfinite(key[c]))
        return false;
      magnitude += std::fabs(query[c] * key[c]);
    }
    return magnitude * getScale() > getLimit();
  }
  double getScale() const { return std::max(std::fabs(in.scale), 1.0); }
  double getLimit() const {
    return in.q->getKind() == ElementKind::F64 ? std::numeric_limits<double>::max()
                                               : std::numeric_limits<float>::max();
  }
  static double getLargest(const Tensor *tensor) {
    double largest = 0.0;
    for (int64_t i = 0; tensor && i < tensor->getNumElements(); ++i)
      largest = std::fmax(largest, std::fabs(tensor->floats()[i]));
    return largest;
  }
  static bool isFinite(const Tensor *tensor) {
    for (int64_t i = 0; tensor && i < tensor->getNumElements(); ++i)
      if (!std::isfinite(tensor->floats()[i]))
        return false;
    return true;
  }

  const bool mayOverflow, mayHide;
};
} // namespace

/// Element (b, h, i, j) of a rank-4 tensor in which dimensions of extent 1 stand for all.
static double broadcastElement(const Tensor &tensor, int64_t b, int64_t h, int64_t i, int64_t j) {
  int64_t at[] = {b, h, i, j}, linear = 0;
  for (int64_t d = 0; d < 4; ++d)
    linear = linear * tensor.getDim(d) + (tensor.getDim(d) == 1 ? 0 : at[d]);
  return tensor.getAsDouble(linear);
}

bool RowVisitor::hasIndexError() const {
  if (!in.kvIdx || batch * heads * queries == 0)
    return false;
  const int64_t *list = in.kvIdx->ints();
  return std::any_of(list, list + in.kvIdx->getNumElements(),
                     [&](int64_t key) { return key < -1 || key >= keys; });
}

void RowVisitor::collectLocal(int64_t b, int64_t h, int64_t i, Row &row) const {
  int64_t g = getGroup(h), qPos = getQueryPosition(b, h, i);
  std::vector<int64_t> tokens, positions;
  auto valueRow = [&](int64_t s) { return in.v->floats() + ((b * groups + g) * keys + s) * width; };
  auto visit = [&](int64_t s) {
    int64_t position = in.kvPos ? keyElement(*in.kvPos, b, g, s) : in.kvBase + s;
    if (position == -1 || (in.kvValid && !keyElement(*in.kvValid, b, g, s)))
      return;
    if (in.pattern && !in.pattern(qPos, position))
      return hide(row, valueRow(s));
    tokens.push_back(s);
    positions.push_back(position);
  };
  if (in.kvIdx) {
    int64_t blocks = in.kvIdx->getDim(2), listed = in.kvIdx->getDim(3);
    int64_t block = i / (queries / blocks);
    const int64_t *list = in.kvIdx->ints() + ((b * groups + g) * blocks + block) * listed;
    for (int64_t j = 0; j < listed; ++j)
      if (list[j] >= 0 && list[j] < keys)
        visit(list[j]);
  } else {
    for (int64_t s = 0; s < keys; ++s)
      visit(s);
  }

  std::vector<double> scores(tokens.size());
  for (size_t j = 0; j < tokens.size(); ++j) {
    scores[j] = dot(b, h, i, in.k->floats() + ((b * groups + g) * keys + tokens[j]) * width, row);
    if (in.biasTable)
      scores[j] += in.biasTable->floats()[h * in.biasTable->getDim(1) + in.bucket(positions[j] - qPos)];
  }
  if (in.score) {
    std::vector<std::vector<double>> extras;
    for (const Tensor *extra : in.extra) {
      std::vector<double> &elements = extras.emplace_back();
      for (int64_t token : tokens)
        elements.push_back(broadcastElement(*extra, b, h, i, token));
    }
    in.score(scores, qPos, positions, extras);
  }
  for (size_t j = 0; j < tokens.size(); ++j)
    add(row, scores[j], valueRow(tokens[j]));
}

void RowVisitor::collectSide(int64_t b, int64_t h, int64_t i, Row &row) const {
  if (!in.sideK)
    return;
  int64_t g = getGroup(h), slots = in.sideK->getDim(2);
  for (int64_t p = 0; p < slots; ++p) {
    if (!in.sideValid->ints()[b * slots + p])
      continue;
    double score = dot(b, h, i, in.sideK->floats() + ((b * groups + g) * slots + p) * width, row);
    if (in.sideBiasTable)
      score +=
          in.sideBiasTable
              ->floats()[h * in.sideBiasTable->getDim(1) + in.bucket(p - in.qBlock->ints()[b * queries + i])];
    add(row, score, in.sideV->floats() + ((b * groups + g) * slots + p) * width);
  }
}

/// Makes the elements of one result row NaN that may be; `statistics` are what the row has besides.
static void markUnspecified(const AttentionInputs &in, const Row &row, double *output, int64_t width,
                            std::initializer_list<double *> statistics) {
  if (!in.unspecified)
    return;
  bool isNaN = in.unspecified->isNaN;
  auto mark = [&](double &element) {
    in.unspecified->found = true;
    if (isNaN)
      element = std::numeric_limits<double>::quiet_NaN();
  };
  for (const double *value : row.hidden)
    for (int64_t c = 0; c < width; ++c)
      if (!std::isfinite(value[c]))
        mark(output[c]);
  if (!row.overflows)
    return;
  for (int64_t c = 0; c < width; ++c)
    mark(output[c]);
  for (double *value : statistics)
    mark(*value);
}

AttentionResult mlir::colt5::reference::attention(const AttentionInputs &in, bool &indexError) {
  RowVisitor visitor(in);
  ElementKind statistics = getScoreKind(in.q->getKind());
  AttentionResult result{Tensor(in.q->getShape(), in.q->getKind()),
                         filled({visitor.batch, visitor.heads, visitor.queries}, statistics, kMinusInf)};
  double *output = result.output.mutableFloats(), *lse = result.lse.mutableFloats();
  int64_t count = visitor.batch * visitor.heads * visitor.queries;
  parallelFor(count, count < 64 ? 1 : in.threads, [&](int64_t at) {
    int64_t i = at % visitor.queries, h = at / visitor.queries % visitor.heads,
            b = at / visitor.queries / visitor.heads;
    if (!visitor.isQueryLive(b, h, i))
      return;
    Row row;
    visitor.collectLocal(b, h, i, row);
    visitor.collectSide(b, h, i, row);
    double largest = kMinusInf, sum = 0.0;
    for (double score : row.scores)
      largest = std::max(largest, score);
    for (double &score : row.scores)
      sum += score = std::exp(score - largest);
    for (size_t j = 0; j < row.scores.size(); ++j)
      for (int64_t c = 0; c < visitor.width; ++c)
        output[at * visitor.width + c] += row.scores[j] / sum * row.values[j][c];
    if (!row.scores.empty())
      lse[at] = largest + std::log(sum);
    markUnspecified(in, row, output + at * visitor.width, visitor.width, {&lse[at]});
  });
  indexError |= visitor.hasIndexError();
  return result;
}

OnlineState mlir::colt5::reference::onlineAttention(const AttentionInputs &in, OnlineState state,
                                                    bool &indexError) {
  RowVisitor visitor(in);
  double *acc = state.acc.mutableFloats(), *max = state.max.mutableFloats(), *sum = state.sum.mutableFloats();
  int64_t count = visitor.batch * visitor.heads * visitor.queries;
  parallelFor(count, count < 64 ? 1 : in.threads, [&](int64_t at) {
    int64_t i = at % visitor.queries, h = at / visitor.queries % visitor.heads,
            b = at / visitor.queries / visitor.heads;
    Row row;
    if (visitor.isQueryLive(b, h, i))
      visitor.collectLocal(b, h, i, row);
    double largest = max[at];
    for (double score : row.scores)
      largest = std::max(largest, score);
    // While nothing was seen, both exponentials are 0.
    double factor = largest == kMinusInf ? 0.0 : std::exp(max[at] - largest);
    sum[at] *= factor;
    for (int64_t c = 0; c < visitor.width; ++c)
      acc[at * visitor.width + c] *= factor;
    for (size_t j = 0; j < row.scores.size(); ++j) {
      double weight = std::exp(row.scores[j] - largest);
      sum[at] += weight;
      for (int64_t c = 0; c < visitor.width; ++c)
        acc[at * visitor.width + c] += weight * row.values[j][c];
    }
    max[at] = largest;
    markUnspecified(in, row, acc + at * visitor.width, visitor.width, {&max[at], &sum[at]});
  });
  indexError |= visitor.hasIndexError();
  return state;
}
