#ifndef COLT5_TOOLS_RUN_ROUTINGRECORD_H
#define COLT5_TOOLS_RUN_ROUTINGRECORD_H

#include "colt5/Support/HostTensor.h"
#include "llvm/Support/Error.h"
#include <optional>

namespace mlir::colt5::driver {

/// What one `colt5.topk` (or one router of a composite) selected.
struct Selection {
  /// BxRxK integers, -1 = no token.
  HostTensor indices;
  /// BxRxN; empty (rank 0) when the record comes from a file without scores.
  std::optional<HostTensor> scores;
  /// Block length of a block-quota selection, else 0.
  int64_t block = 0;
};

/// The selections of one run in program order.
struct RoutingRecord {
  std::vector<Selection> selections;

  /// Writes DIR/topk<i>.npy (indices) and DIR/topk<i>.scores.npy; creates DIR.
  llvm::Error save(StringRef directory) const;
  /// Reads what `save` wrote.
  static llvm::Expected<RoutingRecord> load(StringRef directory);
};

/// What replaying `replayed` in a run that would itself have selected `own` means.
struct ReplayReport {
  /// Tokens in the replayed set that the run would not have selected.
  int64_t swaps = 0;
  /// Largest distance of a differing token's score from the k-th score of its row.
  double largestDistance = 0.0;
};

/// Accepts `replayed` when every index that differs from `own` has an own score within `margin` of the k-th
/// selected score of its row (or block). The error names the first selection, row and token that does not.
llvm::Expected<ReplayReport> checkReplay(const RoutingRecord &replayed, const RoutingRecord &own,
                                         double margin);

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_RUN_ROUTINGRECORD_H
