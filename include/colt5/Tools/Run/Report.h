#ifndef COLT5_TOOLS_RUN_REPORT_H
#define COLT5_TOOLS_RUN_REPORT_H

#include "colt5/Tools/Run/Compare.h"
#include "colt5/Tools/Run/RoutingRecord.h"
#include "llvm/Support/Error.h"

namespace mlir::colt5::driver {

/// Everything `colt5-run` found out.
struct RunReport {
  std::string entry, backend, compared;
  double compileSeconds = 0.0, runSeconds = 0.0;
  /// Largest resident set of the process in bytes.
  int64_t peakBytes = 0;
  bool errorWord = false;
  std::vector<std::string> resultTypes;
  std::vector<std::string> files;
  std::vector<Difference> results, parts;
  /// Parts that only one of the two compared runs has.
  std::vector<std::string> unmatchedParts;
  std::optional<ReplayReport> replay;
  bool passed = true;
};

/// Writes `report` as JSON to `path` ("-" is stdout). Infinite and NaN values are written as strings.
llvm::Error writeJson(StringRef path, const RunReport &report);

/// Prints the comparison as a table, one line per result and part.
void printTable(raw_ostream &stream, const RunReport &report);

/// Peak resident memory of this process in bytes, 0 when unknown.
int64_t getPeakMemory();

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_RUN_REPORT_H
