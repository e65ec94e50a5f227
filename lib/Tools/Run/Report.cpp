#include "colt5/Tools/Run/Report.h"

#include "colt5/Support/JsonFile.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <sys/resource.h>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

int64_t driver::getPeakMemory() {
  rusage usage;
  // Linux counts kilobytes.
  return getrusage(RUSAGE_SELF, &usage) ? 0 : static_cast<int64_t>(usage.ru_maxrss) * 1024;
}

/// JSON knows neither infinity nor NaN.
static llvm::json::Value toJson(double value) {
  if (std::isfinite(value))
    return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

static llvm::json::Value toJson(const Difference &difference) {
  return llvm::json::Object{{"name", difference.name},
                            {"passed", difference.passed},
                            {"reason", difference.reason},
                            {"elements", difference.elements},
                            {"max_abs", toJson(difference.maxAbs)},
                            {"max_rel", toJson(difference.maxRel)},
                            {"normalised", toJson(difference.normalised)},
                            {"nan_in_one", difference.nanOnlyOne},
                            {"nan_in_both", difference.nanBoth},
                            {"unspecified", difference.unspecified},
                            {"infinity_mismatches", difference.infinityMismatches},
                            {"integer_mismatches", difference.mismatches},
                            {"rtol", difference.rtol},
                            {"atol", difference.atol}};
}

static llvm::json::Array toJson(ArrayRef<Difference> differences) {
  llvm::json::Array array;
  for (const Difference &difference : differences)
    array.push_back(toJson(difference));
  return array;
}

llvm::Error driver::writeJson(StringRef path, const RunReport &report) {
  llvm::json::Object root{{"entry", report.entry},
                          {"backend", report.backend},
                          {"passed", report.passed},
                          {"compile_seconds", report.compileSeconds},
                          {"run_seconds", report.runSeconds},
                          {"peak_bytes", report.peakBytes},
                          {"error_word", report.errorWord},
                          {"result_types", llvm::json::Array(report.resultTypes)},
                          {"files", llvm::json::Array(report.files)}};
  if (!report.compared.empty()) {
    root["compared"] = report.compared;
    root["results"] = toJson(ArrayRef<Difference>(report.results));
    root["parts"] = toJson(ArrayRef<Difference>(report.parts));
    root["unmatched_parts"] = llvm::json::Array(report.unmatchedParts);
  }
  if (report.replay)
    root["replay"] = llvm::json::Object{{"swaps", report.replay->swaps},
                                        {"largest_distance", toJson(report.replay->largestDistance)}};
  return writeJsonFile(path, std::move(root));
}

void driver::printTable(raw_ostream &stream, const RunReport &report) {
  size_t width = 6;
  for (const std::vector<Difference> *group : {&report.results, &report.parts})
    for (const Difference &difference : *group)
      width = std::max(width, difference.name.size());
  auto pad = [&](StringRef text) {
    return text.str() + std::string(width - std::min(width, text.size()), ' ');
  };
  stream << pad("value") << "  normalised     max abs     max rel\n";
  for (const std::vector<Difference> *group : {&report.results, &report.parts})
    for (const Difference &difference : *group) {
      stream << pad(difference.name)
             << llvm::format("  %10.2e  %10.2e  %10.2e", difference.normalised, difference.maxAbs,
                             difference.maxRel)
             << (difference.passed ? "  ok" : "  FAILED: " + difference.reason);
      if (difference.unspecified)
        stream << " (" << difference.unspecified << " NaN in only one of the two, where it may be)";
      stream << "\n";
    }
  for (const std::string &name : report.unmatchedParts)
    stream << pad(name) << "  FAILED: only one of the two has it\n";
}
