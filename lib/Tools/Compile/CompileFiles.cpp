// From files to files.
#include "Report.h"
#include "colt5/Support/Error.h"
#include "colt5/Support/OutputFile.h"
#include "colt5/Tools/Common/Progress.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::colt5;
using driver::makeError;
using llvm::Error;
using llvm::Expected;

namespace {
/// Writes what a compilation makes, and shows what it does on stderr.
class FileWriter : public CompileListener {
public:
  explicit FileWriter(const CompileRequest &request) : request(request) {}

  void begin(StringRef what) override {
    progress = std::make_unique<driver::Progress>(what.str(), request.quiet);
  }
  void end() override { progress = nullptr; }
  void handleNote(StringRef text) override {
    if (!request.quiet)
      llvm::errs() << "colt5-compile: note: " << text << "\n";
  }
  Error handleStage(StageRecord &record) override;
  Error handleArtefact(Artefact &artefact) override;
  raw_ostream *getDiagnosticStream() override { return &llvm::errs(); }

  /// What was written.
  std::vector<std::string> files;

private:
  const CompileRequest &request;
  std::unique_ptr<driver::Progress> progress;
};
} // namespace

static bool isStdout(const CompileRequest &request) {
  return request.output.empty() || request.output == "-";
}

Error FileWriter::handleStage(StageRecord &record) {
  if (request.dumpStages.empty())
    return Error::success();
  SmallString<128> path(request.dumpStages);
  llvm::sys::path::append(path, record.target);
  if (std::error_code error = llvm::sys::fs::create_directories(path))
    return makeError("'" + path + "': cannot create the folder: " + error.message());
  llvm::sys::path::append(path, getInputStem(request.options) + record.suffix);
  files.push_back(std::string(path));
  Error error = driver::writeFile(path, record.text);
  record.text.clear();
  return error;
}

Error FileWriter::handleArtefact(Artefact &artefact) {
  std::string path = isStdout(request) ? "-" : artefact.name;
  if (Error error = driver::writeFile(path, artefact.bytes, artefact.isExecutable))
    return error;
  artefact.bytes = {};
  if (path != "-")
    files.push_back(path);
  return Error::success();
}

/// Fails where stdout cannot take what is asked for.
static Error checkOutput(const CompileRequest &request, ArrayRef<PlannedArtefact> artefacts) {
  if (!isStdout(request))
    return Error::success();
  if (artefacts.size() > 1)
    return makeError(
        "several artefacts are asked for: expected -o NAME, the common beginning of their file names");
  if (!artefacts.front().isText)
    return makeError("--emit=" + artefacts.front().kind +
                     ": expected -o FILE, found stdout, which takes text only");
  return Error::success();
}

static Expected<std::unique_ptr<llvm::MemoryBuffer>> openInput(StringRef path) {
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInputFile(path, &message);
  if (!buffer)
    return makeError(message);
  return buffer;
}

static Error readOverrides(CompileOptions &options) {
  for (StageOverride &replacement : options.overrides) {
    auto buffer = openInput(replacement.name);
    if (!buffer)
      return buffer.takeError();
    replacement.text = (*buffer)->getBuffer().str();
  }
  return Error::success();
}

/// Adds what follows from the files.
static void completeOptions(CompileRequest &request) {
  CompileOptions &options = request.options;
  options.inputName = request.inputFile;
  options.output = isStdout(request) ? "" : request.output;
  options.keepStages = !request.dumpStages.empty();
  options.collectRemarks = false;
  options.configure = [](PassManager &manager) { return applyPassManagerCLOptions(manager); };
  for (const std::string &text : request.overrides) {
    auto [stage, file] = StringRef(text).split('=');
    options.overrides.push_back({stage.str(), file.str(), ""});
  }
}

static Error joinErrors(ArrayRef<std::string> texts) {
  Error errors = Error::success();
  for (const std::string &text : texts)
    errors = llvm::joinErrors(std::move(errors), makeError(text));
  return errors;
}

Error colt5::compileFiles(CompileRequest request, const Compiler &compiler) {
  completeOptions(request);
  Expected<std::vector<PlannedArtefact>> plan = compiler.plan(request.options);
  if (!plan)
    return plan.takeError();
  if (Error error = checkOutput(request, *plan))
    return error;
  auto input = openInput(request.inputFile);
  if (!input)
    return input.takeError();
  if (Error error = readOverrides(request.options))
    return error;
  FileWriter writer(request);
  CompileResult result = compiler.compile(std::move(*input), request.options, &writer);
  Error reported = result.hasInput ? writeReports(request, result, writer.files) : Error::success();
  if (result.succeeded())
    return reported;
  llvm::consumeError(std::move(reported));
  return joinErrors(result.errors);
}
