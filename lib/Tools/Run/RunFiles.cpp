#include "RunDetail.h"

#include "colt5/Support/Npy.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
using llvm::Error;
using llvm::Expected;

static std::string getPath(StringRef directory, const Twine &name) {
  SmallString<128> path(directory);
  llvm::sys::path::append(path, name + ".npy");
  return std::string(path);
}

Expected<RunOutcome> driver::loadExpected(StringRef directory, const RunOutcome &actual) {
  RunOutcome expected;
  for (size_t i = 0; i < actual.results.size(); ++i) {
    Expected<HostTensor> tensor = readNpy(getPath(directory, Twine(i)));
    if (!tensor)
      return tensor.takeError();
    expected.results.push_back(std::move(*tensor));
  }
  for (const Part &part : actual.parts) {
    if (!llvm::sys::fs::exists(getPath(directory, part.name)))
      continue;
    Expected<HostTensor> tensor = readNpy(getPath(directory, part.name));
    if (!tensor)
      return tensor.takeError();
    expected.parts.push_back({part.name, std::move(*tensor)});
  }
  return expected;
}

void driver::compareOutcomes(const RunOutcome &actual, const RunOutcome &expected, func::FuncOp entry,
                             const Tolerance &tolerance, RunReport &report) {
  for (auto [i, result] : llvm::enumerate(actual.results)) {
    ElementKind declared =
        getElementKind(getElementTypeOrSelf(entry.getResultTypes()[i])).value_or(result.kind);
    report.results.push_back(compareTensors(llvm::formatv("result {0}", i).str(), result, expected.results[i],
                                            tolerance, declared));
  }
  std::map<std::string, const HostTensor *> others;
  for (const Part &part : expected.parts)
    others[part.name] = &part.value;
  for (const Part &part : actual.parts) {
    auto other = others.find(part.name);
    if (other == others.end()) {
      report.unmatchedParts.push_back(part.name);
      continue;
    }
    report.parts.push_back(compareTensors(part.name, part.value, *other->second, tolerance, part.value.kind));
    others.erase(other);
  }
  for (const auto &[name, value] : others)
    report.unmatchedParts.push_back(name);
}

Error driver::writeOutputs(const RunOptions &options, const RunOutcome &outcome, RunReport &report) {
  if (options.outputDir.empty())
    return Error::success();
  if (std::error_code error = llvm::sys::fs::create_directories(options.outputDir))
    return llvm::createStringError(error, "--output-dir=" + options.outputDir +
                                              ": cannot create the folder: " + error.message());
  std::vector<std::unique_ptr<OutputFile>> files;
  auto write = [&](const Twine &name, const HostTensor &tensor) -> Error {
    report.files.push_back(getPath(options.outputDir, name));
    auto file = prepareNpy(report.files.back(), tensor, options.bf16Bits);
    if (!file)
      return file.takeError();
    files.push_back(std::move(*file));
    return Error::success();
  };
  for (auto [i, result] : llvm::enumerate(outcome.results))
    if (Error error = write(Twine(i), result))
      return error;
  for (const Part &part : outcome.parts)
    if (options.parts)
      if (Error error = write(part.name, part.value))
        return error;
  return keepAll(files);
}

void driver::printValues(const RunOutcome &outcome) {
  for (auto [i, result] : llvm::enumerate(outcome.results)) {
    llvm::outs() << i << ": " << formatType(result.shape, result.kind) << " = [";
    for (int64_t e = 0; e < result.getNumElements(); ++e) {
      llvm::outs() << (e ? ", " : "");
      if (isFloatKind(result.kind))
        llvm::outs() << llvm::format("%.6g", result.getDouble(e));
      else
        llvm::outs() << result.getInt(e);
    }
    llvm::outs() << "]\n";
  }
}
