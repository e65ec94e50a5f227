#include "CompileTarget.h"

#include "Emit.h"
#include "colt5/Support/Error.h"
#include "colt5/Tools/Common/Progress.h"
#include "colt5/Tools/Common/SourceFile.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
using llvm::Error;
using llvm::Expected;

std::string driver::getInputStem(const CompileOptions &options) {
  return options.inputFile == "-" ? "stdin" : llvm::sys::path::stem(options.inputFile).str();
}

/// The position of stage `name`; the error lists the stages.
static Expected<size_t> findStageIndex(StringRef option, StringRef name, Target target) {
  for (auto [i, stage] : llvm::enumerate(getStages(target)))
    if (stage.name == name)
      return i;
  std::string stages = llvm::join(
      llvm::map_range(getStages(target), [](const Stage &stage) { return stage.name.str(); }), ", ");
  return makeError(option + "=" + name + ": unknown stage; expected one of: " + stages);
}

/// Fails for an option whose stage is none of those that run, from number `first` on.
Error TargetCompilation::checkReaders(size_t first) const {
  const PipelineOptions &pipeline = options.pipeline;
  struct Row {
    StringRef option, stage;
    bool isGiven;
  };
  const Row rows[] = {{"--static-shapes", "decompose", !pipeline.staticSizes.empty()},
                      {"--trusted", "decompose", pipeline.trusted},
                      {"--tile-sizes", "plan", !pipeline.tileSizes.empty()}};
  ArrayRef<Stage> running = getStages(target).slice(first, last + 1 - first);
  for (const Row &row : rows)
    if (row.isGiven && llvm::none_of(running, [&](const Stage &stage) { return stage.name == row.stage; }))
      return makeError(row.option + ": only stage " + row.stage +
                       " reads it, which does not run; expected another --start-stage or --stop-stage");
  return Error::success();
}

Error TargetCompilation::check() {
  size_t first = 0;
  last = getStages(target).size() - 1;
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
  if (Error error = checkReaders(first))
    return error;
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
  next = first;
  return Error::success();
}

Error TargetCompilation::checkInput(ModuleOp input) {
  return next > 0 ? checkContract(input, getStages(target)[next - 1], "--start-stage") : Error::success();
}

/// Reads what shall stand in place of the result of `stage`.
Error TargetCompilation::replaceModule(const Stage &stage) {
  auto found = overrides.find(stage.name.str());
  if (found == overrides.end())
    return Error::success();
  MLIRContext &context = *module->getContext();
  auto fileMgr = std::make_shared<llvm::SourceMgr>();
  SourceMgrDiagnosticHandler handler(*fileMgr, &context);
  Expected<OwningOpRef<ModuleOp>> replacement = loadModule(found->second, context, fileMgr);
  if (!replacement)
    return replacement.takeError();
  module = std::move(*replacement);
  return checkContract(*module, stage, "--override-stage");
}

/// Checks that a module from outside keeps the contract of the stage it stands for.
Error TargetCompilation::checkContract(ModuleOp checked, const Stage &stage, StringRef option) {
  PassManager manager(checked.getContext());
  std::string message;
  llvm::raw_string_ostream errors(message);
  if (failed(stage.buildCheck(manager, pipeline, errors)))
    return makeError("stage " + stage.name + ": " + StringRef(message).trim());
  if (failed(manager.run(checked)))
    return makeReportedError(option + "=" + stage.name + ": the module violates the contract of stage " +
                             stage.name + ": " + stage.contract->text);
  return Error::success();
}

Error TargetCompilation::dump(const Stage &stage) {
  if (options.dumpStages.empty())
    return Error::success();
  SmallString<128> path(options.dumpStages);
  llvm::sys::path::append(path, target.name);
  if (std::error_code error = llvm::sys::fs::create_directories(path))
    return makeError("'" + path + "': cannot create the folder: " + error.message());
  llvm::sys::path::append(path, getInputStem(options) + stage.suffix);
  files.push_back(std::string(path));
  return emitArtefact(*module, *findEmitKind("mlir"), path, getInputStem(options), options.cpu);
}

Error TargetCompilation::run(size_t end) {
  for (; next < end && next <= last; ++next) {
    const Stage &stage = getStages(target)[next];
    Progress progress((target.name + ": stage " + stage.name).str(), options.quiet);
    PassManager manager(module->getContext());
    if (failed(applyPassManagerCLOptions(manager)))
      return makeReportedError("the pass manager refused its options");
    std::string message;
    llvm::raw_string_ostream errors(message);
    if (failed(stage.build(manager, pipeline, errors)))
      return makeError("stage " + stage.name + ": " + StringRef(message).trim());
    if (failed(manager.run(*module)))
      return makeReportedError("stage " + stage.name + " failed");
    if (Error error = replaceModule(stage))
      return error;
    StageRecord &record = records.emplace_back();
    record.target = target.name.str();
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

void TargetCompilation::startFrom(const TargetCompilation &other) {
  module = OwningOpRef<ModuleOp>(cast<ModuleOp>(other.module.get()->clone()));
  next = other.next;
}
