#include "TargetCompilation.h"

#include "EmitKinds.h"
#include "Messages.h"
#include "colt5/Compiler/SourceFile.h"
#include "colt5/Support/Error.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include <chrono>

using namespace mlir;
using namespace mlir::colt5;
using driver::makeError;
using llvm::Error;
using llvm::Expected;

/// The position of stage `name`; the error lists the stages.
static Expected<size_t> findStageIndex(StringRef option, StringRef name, Target target) {
  for (auto [i, stage] : llvm::enumerate(getStages(target)))
    if (stage.name == name)
      return i;
  std::string stages = llvm::join(
      llvm::map_range(getStages(target), [](const Stage &stage) { return stage.name.str(); }), ", ");
  return makeError(option + "=" + name + ": unknown stage; expected one of: " + stages);
}

/// Fails for an option with a stage that is none of those that run.
Error TargetCompilation::checkReaders(ArrayRef<Stage> running) const {
  const PipelineOptions &pipeline = options.pipeline;
  struct Row {
    StringRef option, stage;
    bool isGiven;
  };
  const Row rows[] = {{"--static-shapes", "decompose", !pipeline.staticSizes.empty()},
                      {"--trusted", "decompose", pipeline.trusted},
                      {"--tile-sizes", "plan", !pipeline.tileSizes.empty()}};
  for (const Row &row : rows)
    if (row.isGiven && llvm::none_of(running, [&](const Stage &stage) { return stage.name == row.stage; }))
      return makeError(row.option + ": only stage " + row.stage +
                       " reads it, which does not run; expected another --start-stage or --stop-stage");
  return Error::success();
}

Error TargetCompilation::checkOverride(const StageOverride &replacement, size_t first) const {
  Expected<size_t> index = findStageIndex("--override-stage", replacement.stage, target);
  if (!index)
    return index.takeError();
  std::string option = "--override-stage=" + replacement.stage;
  if (replacement.name.empty())
    return makeError(option + ": expected STAGE=FILE");
  if (*index < first || *index > last)
    return makeError(option + "=" + replacement.name + ": the stage does not run");
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
  if (Error error = checkReaders(getStages(target).slice(first, last + 1 - first)))
    return error;
  for (const StageOverride &replacement : options.overrides)
    if (Error error = checkOverride(replacement, first))
      return error;
  next = first;
  return Error::success();
}

Error TargetCompilation::checkInput(ModuleOp input) {
  return next > 0 ? checkContract(input, getStages(target)[next - 1], "--start-stage") : Error::success();
}

/// Parses what shall stand in place of the result of `stage`.
Error TargetCompilation::replaceModule(const Stage &stage, CompileOutput output) {
  const StageOverride *found = nullptr;
  for (const StageOverride &replacement : options.overrides)
    if (replacement.stage == stage.name)
      found = &replacement;
  if (!found)
    return Error::success();
  MLIRContext &context = *module->getContext();
  auto sources = std::make_shared<llvm::SourceMgr>();
  DiagnosticCollector collector(*sources, context, output.result.diagnostics,
                                output.listener.getDiagnosticStream());
  Expected<OwningOpRef<ModuleOp>> replacement = parseModule(
      llvm::MemoryBuffer::getMemBufferCopy(found->text, found->name), found->name, context, sources);
  if (!replacement)
    return replacement.takeError();
  module = std::move(*replacement);
  return checkContract(*module, stage, "--override-stage");
}

/// Checks that a module from outside satisfies the contract of the stage it stands for.
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

Error TargetCompilation::runPasses(const Stage &stage) {
  PassManager manager(module->getContext());
  if (options.configure && failed(options.configure(manager)))
    return makeReportedError("the pass manager refused its options");
  std::string message;
  llvm::raw_string_ostream errors(message);
  if (failed(stage.build(manager, pipeline, errors)))
    return makeError("stage " + stage.name + ": " + StringRef(message).trim());
  if (failed(manager.run(*module)))
    return makeReportedError("stage " + stage.name + " failed");
  return Error::success();
}

Error TargetCompilation::runStage(const Stage &stage, CompileOutput output) {
  auto start = std::chrono::steady_clock::now();
  size_t firstRemark = output.result.remarks.size();
  if (Error error = runPasses(stage))
    return error;
  sortRemarks(output.result.remarks, firstRemark);
  if (Error error = replaceModule(stage, output))
    return error;
  StageRecord record;
  record.target = target.name.str();
  record.name = stage.name.str();
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  module->walk<WalkOrder::PreOrder>([&](scf::ForallOp forall) {
    record.kernels += forall.getMapping().has_value();
    return WalkResult::skip();
  });
  if (options.keepStages) {
    record.text = printModule(*module);
    record.suffix = stage.suffix.str();
  }
  Error error = output.listener.handleStage(record);
  output.result.stages.push_back(std::move(record));
  return error;
}

Error TargetCompilation::run(size_t end, CompileOutput output) {
  for (; next < end && next <= last; ++next) {
    const Stage &stage = getStages(target)[next];
    output.listener.begin((target.name + ": stage " + stage.name).str());
    Error error = runStage(stage, output);
    output.listener.end();
    if (error)
      return error;
  }
  return Error::success();
}

void TargetCompilation::startFrom(const TargetCompilation &other) {
  module = OwningOpRef<ModuleOp>(cast<ModuleOp>(other.module.get()->clone()));
  next = other.next;
}
