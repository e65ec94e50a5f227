#include "colt5/Driver/Compile.h"
#include "colt5/Driver/Error.h"

#include "Emit.h"
#include "colt5/Driver/JsonFile.h"
#include "colt5/Driver/Progress.h"
#include "colt5/Driver/SourceFile.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
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

static std::string listStages(Target target) {
  return llvm::join(llvm::map_range(getStages(target), [](const Stage &stage) { return stage.name.str(); }),
                    ", ");
}

namespace {
/// What one stage did.
struct StageRecord {
  std::string name;
  double seconds = 0;
  /// Mapped foralls that stand in no other.
  int64_t kernels = 0;
};

/// One compilation for one target.
class Compilation {
public:
  Compilation(const CompileOptions &options, Target target)
      : options(options), pipeline(options.pipeline), target(target) {
    pipeline.target = target;
  }

  Error run(DialectRegistry &registry);

private:
  Error check();
  Error runStages(MLIRContext &context);
  Error checkContract(const Stage &stage, StringRef option, MLIRContext &context);
  Error replaceModule(const Stage &stage, MLIRContext &context);
  Error dump(const Stage &stage);
  Error emit();
  void report();
  Error writeReport();
  std::string getStem() const {
    return options.inputFile == "-" ? "stdin" : llvm::sys::path::stem(options.inputFile).str();
  }

  const CompileOptions &options;
  PipelineOptions pipeline;
  Target target;
  /// Stages [first, last] run.
  size_t first = 0, last = 0;
  std::vector<EmitKind> kinds;
  std::map<std::string, std::string> overrides;
  std::shared_ptr<llvm::SourceMgr> sourceMgr = std::make_shared<llvm::SourceMgr>();
  OwningOpRef<ModuleOp> module;
  std::vector<StageRecord> records;
  std::vector<std::string> files;
};
} // namespace

/// The position of stage `name`; the error lists the stages.
static Expected<size_t> findStageIndex(StringRef option, StringRef name, Target target) {
  for (auto [i, stage] : llvm::enumerate(getStages(target)))
    if (stage.name == name)
      return i;
  return makeError(option + "=" + name + ": unknown stage; expected one of: " + listStages(target));
}

Error Compilation::check() {
  size_t count = getStages(target).size();
  last = count - 1;
  if (!options.startStage.empty()) {
    Expected<size_t> index = findStageIndex("--start-stage", options.startStage, target);
    if (!index)
      return index.takeError();
    first = *index + 1;
  }
  if (!options.stopStage.empty()) {
    Expected<size_t> index = findStageIndex("--stop-stage", options.stopStage, target);
    if (!index)
      return index.takeError();
    last = *index;
    if (last + 1 < first)
      return makeError("--stop-stage=" + options.stopStage +
                       " comes before --start-stage=" + options.startStage);
  }
  for (const std::string &text : options.overrides) {
    auto [name, file] = StringRef(text).split('=');
    Expected<size_t> index = findStageIndex("--override-stage", name, target);
    if (!index)
      return index.takeError();
    if (file.empty())
      return makeError("--override-stage=" + text + ": expected STAGE=FILE");
    if (*index < first || *index > last)
      return makeError("--override-stage=" + text + ": the stage does not run");
    overrides[name.str()] = file.str();
  }
  std::vector<std::string> names = options.emit;
  if (names.empty())
    names = last + 1 < count ? std::vector<std::string>{"mlir"} : std::vector<std::string>{"obj", "header"};
  for (const std::string &name : names) {
    Expected<EmitKind> kind = findEmitKind(name);
    if (!kind)
      return kind.takeError();
    if (name != "mlir" && last + 1 < count)
      return makeError("--emit=" + name + " needs every stage; drop --stop-stage=" + options.stopStage);
    kinds.push_back(*kind);
  }
  if (kinds.size() > 1 && (options.output.empty() || options.output == "-"))
    return makeError(
        "several artefacts are asked for: expected -o NAME, the common beginning of their file names");
  if (kinds.size() == 1 && !kinds.front().isText && (options.output.empty() || options.output == "-"))
    return makeError(Twine("--emit=") + kinds.front().name +
                     ": expected -o FILE, found stdout, which takes text only");
  return Error::success();
}

/// Reads what shall stand in place of the result of `stage`.
Error Compilation::replaceModule(const Stage &stage, MLIRContext &context) {
  auto found = overrides.find(stage.name.str());
  if (found == overrides.end())
    return Error::success();
  auto fileMgr = std::make_shared<llvm::SourceMgr>();
  SourceMgrDiagnosticHandler handler(*fileMgr, &context);
  Expected<OwningOpRef<ModuleOp>> replacement = loadModule(found->second, context, fileMgr);
  if (!replacement)
    return replacement.takeError();
  module = std::move(*replacement);
  return checkContract(stage, "--override-stage", context);
}

/// Checks that a module from outside keeps the contract of the stage it stands for.
Error Compilation::checkContract(const Stage &stage, StringRef option, MLIRContext &context) {
  if (!options.pipeline.verifyStages)
    return Error::success();
  PassManager manager(&context);
  std::string message, text = ("colt5-verify-stage{stage=" + stage.name + "}").str();
  llvm::raw_string_ostream errors(message);
  if (failed(parsePassPipeline(text, manager, errors)))
    return makeError("stage " + stage.name + ": " + StringRef(message).trim());
  if (failed(manager.run(*module)))
    return makeReportedError(option + "=" + stage.name + ": the module does not keep the contract of stage " +
                             stage.name + ": " + stage.contract);
  return Error::success();
}

Error Compilation::dump(const Stage &stage) {
  if (options.dumpStages.empty())
    return Error::success();
  SmallString<128> path(options.dumpStages);
  llvm::sys::path::append(path, stringifyTarget(target));
  if (std::error_code error = llvm::sys::fs::create_directories(path))
    return makeError("'" + path + "': cannot create the folder: " + error.message());
  llvm::sys::path::append(path, getStem() + stage.suffix);
  files.push_back(std::string(path));
  return emitArtefact(*module, {"mlir", ".mlir", true}, path, getStem(), options.cpu);
}

Error Compilation::runStages(MLIRContext &context) {
  for (size_t i = first; i <= last; ++i) {
    const Stage &stage = getStages(target)[i];
    Progress progress("stage " + stage.name.str(), options.quiet);
    PassManager manager(&context);
    if (failed(applyPassManagerCLOptions(manager)))
      return makeReportedError("the pass manager refused its options");
    std::string message;
    llvm::raw_string_ostream errors(message);
    if (failed(stage.build(manager, pipeline, errors)))
      return makeError("stage " + stage.name + ": " + StringRef(message).trim());
    if (failed(manager.run(*module)))
      return makeReportedError("stage " + stage.name + " failed");
    if (Error error = replaceModule(stage, context))
      return error;
    StageRecord &record = records.emplace_back();
    record.name = stage.name.str();
    record.seconds = progress.getSeconds();
    module->walk<WalkOrder::PreOrder>([&](scf::ForallOp forall) {
      record.kernels += forall.getMapping().has_value();
      return WalkResult::skip();
    });
    if (Error error = dump(stage))
      return error;
  }
  return Error::success();
}

Error Compilation::emit() {
  bool emitsCode = llvm::any_of(kinds, [](const EmitKind &kind) { return StringRef(kind.name) != "mlir"; });
  if (emitsCode && getCpuEntries(*module).empty())
    return makeError("'" + options.inputFile +
                     "': nothing to compile; expected a public function with a body");
  for (const EmitKind &kind : kinds) {
    Progress progress(std::string("emitting ") + kind.name, options.quiet);
    std::string path = options.output.empty() ? "-" : options.output;
    if (kinds.size() > 1)
      path += kind.suffix;
    std::string stem = path == "-" ? getStem() : llvm::sys::path::stem(path).str();
    if (Error error = emitArtefact(*module, kind, path, stem, options.cpu))
      return error;
    StageRecord &record = records.emplace_back();
    record.name = std::string("emit ") + kind.name;
    record.seconds = progress.getSeconds();
    if (path != "-")
      files.push_back(path);
  }
  return Error::success();
}

void Compilation::report() {
  if (!options.report || options.quiet)
    return;
  llvm::errs() << "stage          seconds  kernels\n";
  for (const StageRecord &record : records) {
    llvm::errs() << llvm::format("%-14s %7.2f", record.name.c_str(), record.seconds);
    if (record.kernels)
      llvm::errs() << llvm::format("  %7d", static_cast<int>(record.kernels));
    llvm::errs() << "\n";
  }
  for (const std::string &file : files)
    llvm::errs() << "wrote " << file << "\n";
}

Error Compilation::writeReport() {
  if (options.jsonFile.empty())
    return Error::success();
  llvm::json::Array stages;
  for (const StageRecord &record : records)
    stages.push_back(
        llvm::json::Object{{"name", record.name}, {"seconds", record.seconds}, {"kernels", record.kernels}});
  llvm::json::Object root{{"target", stringifyTarget(target)},
                          {"stages", std::move(stages)},
                          {"files", llvm::json::Array(files)}};
  return writeJsonFile(options.jsonFile, std::move(root));
}

Error Compilation::run(DialectRegistry &registry) {
  if (Error error = check())
    return error;
  MLIRContext context(registry);
  SourceMgrDiagnosticHandler handler(*sourceMgr, &context);
  Expected<OwningOpRef<ModuleOp>> input = loadModule(options.inputFile, context, sourceMgr);
  if (!input)
    return input.takeError();
  module = std::move(*input);
  FailureOr<StringRef> machine = getCpuMachine(options.cpu, [&] { return emitError(module->getLoc()); });
  Error error = failed(machine) ? makeReportedError("--cpu=" + options.cpu.cpu) : Error::success();
  if (!error) {
    pipeline.machine = machine->str();
    error =
        first > 0 ? checkContract(getStages(target)[first - 1], "--start-stage", context) : Error::success();
  }
  if (!error)
    error = runStages(context);
  if (!error)
    error = emit();
  report();
  if (!error)
    error = writeReport();
  // The module must not outlive its context.
  module = nullptr;
  return error;
}

Error driver::compileProgram(const CompileOptions &options, DialectRegistry &registry) {
  std::optional<Target> target = symbolizeTarget(options.target);
  if (!target) {
    std::string names = llvm::join(
        llvm::map_range(getTargets(), [](Target known) { return stringifyTarget(known).str(); }), ", ");
    return makeError("--target=" + options.target + ": unknown target; expected one of: " + names);
  }
  return Compilation(options, *target).run(registry);
}

void driver::printStages(raw_ostream &os, Target target) {
  for (auto [i, stage] : llvm::enumerate(getStages(target)))
    os << llvm::formatv("{0}  {1,-10} {2}\n", i, stage.name, stage.summary)
       << llvm::formatv("   {0,-10} contract: {1}\n", "", stage.contract);
}
