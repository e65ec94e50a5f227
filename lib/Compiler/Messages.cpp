#include "Messages.h"

#include "mlir/IR/Location.h"
#include "mlir/IR/Remarks.h"
#include <mutex>
#include <tuple>

using namespace mlir;
using namespace mlir::colt5;

/// The first place in a file that `location` leads to.
static SourcePlace findPlace(Location location) {
  if (auto file = location->findInstanceOf<FileLineColLoc>())
    return {file.getFilename().str(), file.getLine(), file.getColumn()};
  return {};
}

static CompileDiagnostic describe(Diagnostic &diagnostic) {
  CompileDiagnostic result{
      diagnostic.getSeverity(), findPlace(diagnostic.getLocation()), diagnostic.str(), {}};
  for (Diagnostic &note : diagnostic.getNotes())
    result.notes.push_back(describe(note));
  return result;
}

DiagnosticCollector::DiagnosticCollector(llvm::SourceMgr &sources, MLIRContext &context,
                                         std::vector<CompileDiagnostic> &list, raw_ostream *stream)
    : SourceMgrDiagnosticHandler(sources, &context, stream ? *stream : llvm::nulls()) {
  setHandler([this, &list, isPrinted = stream != nullptr](Diagnostic &diagnostic) {
    list.push_back(describe(diagnostic));
    if (isPrinted)
      emitDiagnostic(diagnostic);
  });
}

namespace {
/// Passes on several functions report from several threads.
class RemarkCollector : public remark::detail::MLIRRemarkStreamerBase {
public:
  explicit RemarkCollector(std::vector<CompileRemark> &list) : list(list) {}

  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    CompileRemark result{remark.getRemarkTypeString().str(), remark.getCombinedCategoryName().str(),
                         remark.getRemarkName().str(), findPlace(remark.getLocation()), remark.getMsg()};
    std::lock_guard<std::mutex> lock(mutex);
    list.push_back(std::move(result));
  }

private:
  std::mutex mutex;
  std::vector<CompileRemark> &list;
};
} // namespace

void colt5::collectRemarks(MLIRContext &context, std::vector<CompileRemark> &list) {
  remark::RemarkCategories all;
  all.passed = all.missed = all.analysis = all.failed = ".*";
  // This streamer needs nothing that could fail.
  (void)remark::enableOptimizationRemarks(context, std::make_unique<RemarkCollector>(list),
                                          std::make_unique<remark::RemarkEmittingPolicyAll>(), all);
}

void colt5::sortRemarks(std::vector<CompileRemark> &list, size_t begin) {
  auto key = [](const CompileRemark &remark) {
    const SourcePlace &place = remark.place;
    return std::tie(place.file, place.line, place.column, remark.category, remark.name, remark.text);
  };
  std::sort(list.begin() + begin, list.end(),
            [&](const CompileRemark &a, const CompileRemark &b) { return key(a) < key(b); });
}
