#ifndef COLT5_REFERENCE_ROUTING_H
#define COLT5_REFERENCE_ROUTING_H

#include "colt5/Reference/Tensor.h"
#include <optional>

/// The executable definition of the routing ops. Arguments named `mask` may be null; a mask is BxN or BxRxN.
/// Shapes are preconditions (the interpreter checks them). Results are not rounded.
namespace mlir::colt5::reference {

/// s[b, r, n] = scale * <x[b, n, :], u[r, :]>; cosine divides both vectors by max(norm, 1e-12). Masked tokens
/// score -inf, whatever their data. x is BxNxD, u RxD or BxRxD; the result is BxRxN.
Tensor routerScores(const Tensor &x, const Tensor &u, const Tensor *mask, bool cosine = false,
                    double scale = 1.0);

struct SoftTopKOptions {
  double eps = 1.0;
  int64_t iterations = 50;
  /// Start at b = -s instead of b = 0.
  bool negInit = false;
  /// First eps of a decaying schedule; none means eps.
  std::optional<double> epsInit;
  double epsDecay = 1.0;
  /// Weight 1 for every valid token when k_norm >= n_valid.
  bool overflowOnes = true;
  /// The optimum instead of the descent.
  bool exact = false;
  /// Length of independent blocks; 0 means the whole row.
  int64_t block = 0;
};

/// Soft top-k weights, BxRxN, of scores BxRxN; kNorm is a scalar or BxR.
Tensor softTopK(const Tensor &scores, const Tensor &kNorm, const Tensor *mask,
                const SoftTopKOptions &options = {});

/// One row of it: `scores` and the result have one entry per token; tokens with `valid` 0 weigh 0.
/// `multiplier`, when given, receives the final state a of the descent (unchanged when no token is valid or
/// on overflow).
std::vector<double> softTopKRow(const std::vector<double> &scores, const std::vector<char> &valid,
                                double kNorm, const SoftTopKOptions &options, double *multiplier = nullptr);

struct TopKOptions {
  bool highestIndexFirst = false;
  bool orderByScore = false;
  /// Length of independent blocks; 0 means the whole row.
  int64_t block = 0;
};

struct TopKResult {
  Tensor indices; ///< BxRxK i32, -1 where there is no token
  Tensor valid;   ///< BxRxK i1
  Tensor values;  ///< BxRxK, the scores, -inf at masked and -1 slots
};

/// Exact selection of k tokens per row of scores BxRxN.
TopKResult topk(const Tensor &scores, const Tensor *mask, int64_t k, const TopKOptions &options = {});

/// The valid and values results that belong to given indices (replayed selections).
TopKResult completeSelection(const Tensor &scores, const Tensor *mask, Tensor indices);

enum class RoutingWeights { SoftmaxTopK, SoftTopK, SoftmaxAll, Sigmoid, Raw, Ones };

struct RouterOptions {
  RoutingWeights weights = RoutingWeights::SoftTopK;
  SoftTopKOptions soft;
  double kRatio = 1.0;
  bool cosine = false;
  double scale = 1.0;
  /// Weight 1 for every slot when k >= N.
  bool bypassOnes = false;
};

/// Weights BxRxK of the slots that a router of a composite selected; slots that are not valid weigh 0.
Tensor routingWeights(const Tensor &scores, const Tensor *mask, const TopKResult &selected,
                      const RouterOptions &options);

/// True when token n of row (b, r) is not masked.
bool isUnmasked(const Tensor *mask, int64_t b, int64_t r, int64_t n);

} // namespace mlir::colt5::reference

#endif // COLT5_REFERENCE_ROUTING_H
