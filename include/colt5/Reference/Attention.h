#ifndef COLT5_REFERENCE_ATTENTION_H
#define COLT5_REFERENCE_ATTENTION_H

#include "colt5/Reference/Tensor.h"
#include <atomic>
#include <functional>

/// The executable definition of attention. Shapes are preconditions (the interpreter checks them); results
/// are not rounded.
namespace mlir::colt5::reference {

/// True when the query at the first position may see the key at the second.
using PatternFn = std::function<bool(int64_t qPos, int64_t kvPos)>;
/// Bucket of a relative position (key minus query), a column of the bias table.
using BucketFn = std::function<int64_t(int64_t relativePosition)>;
/// The score region for one query and the keys it may see: rewrites `scores[j]`, given the key positions and,
/// for every extra tensor e, its element `extras[e][j]`. Called from several threads at once.
using ScoreFn =
    std::function<void(std::vector<double> &scores, int64_t qPos, const std::vector<int64_t> &kvPos,
                       const std::vector<std::vector<double>> &extras)>;

/// What the definition leaves open. A value row that is not finite and that a pattern or the score region
/// hides may give NaN in its columns, and so may a score whose products overflow the type of the statistics.
struct Unspecified {
  /// Elements that may be NaN are NaN, to find out what depends on them.
  bool isNaN = false;
  /// There was such an element.
  std::atomic<bool> found{false};
};

/// Operands and options of `attention`; null pointers and empty functions are absent. Shapes as in the op.
struct AttentionInputs {
  const Tensor *q = nullptr, *k = nullptr, *v = nullptr;
  const Tensor *qValid = nullptr, *kvValid = nullptr;
  const Tensor *qPos = nullptr, *kvPos = nullptr;
  int64_t qBase = 0, kvBase = 0;
  const Tensor *kvIdx = nullptr;
  const Tensor *biasTable = nullptr;
  const Tensor *sideK = nullptr, *sideV = nullptr, *sideValid = nullptr;
  const Tensor *qBlock = nullptr, *sideBiasTable = nullptr;
  std::vector<const Tensor *> extra;
  double scale = 1.0;
  PatternFn pattern; ///< empty: every pair is allowed
  BucketFn bucket;   ///< needed when there is a bias table
  ScoreFn score;
  Unspecified *unspecified = nullptr; ///< null: nobody asks
  /// Number of threads; 0 means one per core.
  unsigned threads = 1;
};

struct AttentionResult {
  Tensor output; ///< BxHxQxC
  Tensor lse;    ///< BxHxQ
};

/// One softmax over the allowed keys. `indexError` is set when an entry of kvIdx is neither -1 nor in [0, S).
AttentionResult attention(const AttentionInputs &in, bool &indexError);

/// The running state of `onlineAttention`: acc BxHxQxC, max and sum BxHxQ; started at 0, -inf, 0.
struct OnlineState {
  Tensor acc, max, sum;
};

/// Updates the state with one key set; side operands are ignored.
OnlineState onlineAttention(const AttentionInputs &in, OnlineState state, bool &indexError);

} // namespace mlir::colt5::reference

#endif // COLT5_REFERENCE_ATTENTION_H
