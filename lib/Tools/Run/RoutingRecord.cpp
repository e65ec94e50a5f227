#include "colt5/Tools/Run/RoutingRecord.h"
#include "colt5/Support/Error.h"

#include "colt5/Support/Npy.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

static std::string getPath(StringRef directory, size_t number, StringRef suffix) {
  SmallString<128> path(directory);
  llvm::sys::path::append(path, "topk" + Twine(number) + suffix);
  return std::string(path);
}

llvm::Error RoutingRecord::save(StringRef directory) const {
  if (std::error_code error = llvm::sys::fs::create_directories(directory))
    return makeError("'" + directory + "': cannot create the folder: " + error.message());
  std::vector<std::unique_ptr<OutputFile>> files;
  auto write = [&](const std::string &path, const HostTensor &tensor) -> llvm::Error {
    auto file = prepareNpy(path, tensor);
    if (!file)
      return file.takeError();
    files.push_back(std::move(*file));
    return llvm::Error::success();
  };
  // topk0.npy comes last: a folder without it is no record, and never a mixture of two.
  for (size_t i = selections.size(); i-- > 0;) {
    const Selection &selection = selections[i];
    if (selection.scores)
      if (llvm::Error error = write(getPath(directory, i, ".scores.npy"), *selection.scores))
        return error;
    if (llvm::Error error =
            write(getPath(directory, i, ".npy"), convertTo(selection.indices, ElementKind::I32)))
      return error;
  }
  // Nothing of an earlier run may lend its tail to this one.
  for (size_t i = 0; i < selections.size() || llvm::sys::fs::exists(getPath(directory, i, ".npy")); ++i) {
    llvm::sys::fs::remove(getPath(directory, i, ".npy"));
    llvm::sys::fs::remove(getPath(directory, i, ".scores.npy"));
  }
  return keepAll(files);
}

llvm::Expected<RoutingRecord> RoutingRecord::load(StringRef directory) {
  if (!llvm::sys::fs::is_directory(directory))
    return makeError("'" + directory + "': expected a folder written by --record-routing");
  RoutingRecord record;
  for (size_t i = 0; llvm::sys::fs::exists(getPath(directory, i, ".npy")); ++i) {
    llvm::Expected<HostTensor> indices = readNpy(getPath(directory, i, ".npy"));
    if (!indices)
      return indices.takeError();
    if (isFloatKind(indices->kind) || indices->shape.size() != 3)
      return makeError("'" + getPath(directory, i, ".npy") + "': expected integers of shape BxRxK, found " +
                       formatType(indices->shape, indices->kind));
    record.selections.push_back({std::move(*indices), std::nullopt, 0});
  }
  if (record.selections.empty())
    return makeError("'" + directory +
                     "': expected topk0.npy, topk1.npy, ... as written by --record-routing; found none");
  return record;
}

namespace {
/// The check of one row of one selection.
struct RowCheck {
  const Selection &own;
  int64_t row, slots, tokens;
  double margin;
  std::string where;

  double getScore(int64_t token) const {
    double score = own.scores->getDouble(row * tokens + token);
    // NaN selects like -inf.
    return std::isnan(score) ? -std::numeric_limits<double>::infinity() : score;
  }
  int64_t getGroup(int64_t token) const { return own.block > 0 ? token / own.block : 0; }

  llvm::Error collect(const HostTensor &indices, llvm::DenseSet<int64_t> &set, StringRef whose) const {
    for (int64_t k = 0; k < slots; ++k) {
      int64_t token = indices.getInt(row * slots + k);
      if (token == -1)
        continue;
      if (token < -1 || token >= tokens)
        return makeError(where + ": " + whose + " index " + Twine(token) + " is outside [0, " +
                         Twine(tokens) + ")");
      if (!set.insert(token).second)
        return makeError(where + ": " + whose + " index " + Twine(token) + " occurs twice");
    }
    return llvm::Error::success();
  }

  llvm::Error run(const HostTensor &replayed, ReplayReport &report) const {
    llvm::DenseSet<int64_t> mine, theirs;
    if (llvm::Error error = collect(own.indices, mine, "own"))
      return error;
    if (llvm::Error error = collect(replayed, theirs, "replayed"))
      return error;
    if (mine.size() != theirs.size())
      return makeError(where + ": expected " + Twine(mine.size()) + " selected tokens, found " +
                       Twine(theirs.size()) + " in the replayed routing");
    llvm::DenseMap<int64_t, double> last;
    for (int64_t token : mine) {
      auto [it, isNew] = last.try_emplace(getGroup(token), getScore(token));
      if (!isNew)
        it->second = std::min(it->second, getScore(token));
    }
    for (int64_t token : theirs)
      if (!mine.contains(token))
        ++report.swaps;
    for (int64_t k = 0; k < slots; ++k)
      for (auto [indices, other] :
           {std::make_pair(&replayed, &mine), std::make_pair(&own.indices, &theirs)}) {
        int64_t token = indices->getInt(row * slots + k);
        if (token == -1 || other->contains(token))
          continue;
        auto kth = last.find(getGroup(token));
        double score = getScore(token);
        double distance = kth == last.end()      ? std::numeric_limits<double>::infinity()
                          : score == kth->second ? 0.0
                                                 : std::fabs(score - kth->second);
        if (!(distance <= margin))
          return makeError(
              where +
              llvm::formatv(": token {0} differs and its score is {1} away from the k-th score, more than "
                            "the margin {2}; the selection is wrong, or raise --routing-margin",
                            token, llvm::format("%.3g", distance), llvm::format("%.3g", margin))
                  .str());
        report.largestDistance = std::max(report.largestDistance, distance);
      }
    return llvm::Error::success();
  }
};
} // namespace

llvm::Expected<ReplayReport> driver::checkReplay(const RoutingRecord &replayed, const RoutingRecord &own,
                                                 double margin) {
  if (replayed.selections.size() != own.selections.size())
    return makeError("replayed routing: expected " + Twine(own.selections.size()) +
                     " selections as in the program, found " + Twine(replayed.selections.size()));
  ReplayReport report;
  for (size_t i = 0; i < own.selections.size(); ++i) {
    const Selection &mine = own.selections[i];
    const HostTensor &theirs = replayed.selections[i].indices;
    std::string name = ("selection " + Twine(i)).str();
    if (mine.indices.shape != theirs.shape)
      return makeError(name + ": expected replayed indices of shape " +
                       formatType(mine.indices.shape, ElementKind::I32) + ", found " +
                       formatType(theirs.shape, ElementKind::I32));
    if (!mine.scores || mine.scores->shape.size() != 3 || mine.indices.shape.size() != 3)
      return makeError(name + ": the run recorded no scores to check the replayed routing against");
    int64_t slots = mine.indices.shape[2], tokens = mine.scores->shape[2];
    for (int64_t row = 0, rows = mine.indices.shape[0] * mine.indices.shape[1]; row < rows; ++row) {
      RowCheck check{mine,
                     row,
                     slots,
                     tokens,
                     margin,
                     llvm::formatv("{0}, batch {1}, route {2}", name, row / mine.indices.shape[1],
                                   row % mine.indices.shape[1])
                         .str()};
      if (llvm::Error error = check.run(theirs, report))
        return error;
    }
  }
  return report;
}
