#include "colt5/Stages/Hooks.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;
using llvm::createStringError;
using llvm::Error;

static std::string getOption(const StageHook &hook) {
  return hook.place == StageHook::Before ? "--insert-before" : "--insert-after";
}

static Error makeFormatError(const StageHook &hook, StringRef text) {
  return createStringError(getOption(hook) + "=" + text.str() +
                           ": expected STAGE=PIPELINE, such as plan=canonicalize,cse");
}

llvm::Expected<StageHook> colt5::parseStageHook(StageHook::Place place, StringRef text) {
  auto [stage, pipeline] = text.split('=');
  StageHook hook{place, stage.trim().str(), ""};
  pipeline = pipeline.trim();
  // As --pass-pipeline of colt5-opt has it. Inside of a module it would be about modules in the module.
  if (pipeline.consume_front("builtin.module("))
    if (!pipeline.consume_back(")"))
      return makeFormatError(hook, text);
  hook.pipeline = pipeline.trim().str();
  if (hook.stage.empty() || hook.pipeline.empty())
    return makeFormatError(hook, text);
  return hook;
}

static std::string joinNames(ArrayRef<StringRef> names) { return llvm::join(names, ", "); }

static Error checkStage(const StageHook &hook, ArrayRef<ArrayRef<Stage>> running) {
  std::string option = getOption(hook) + "=" + hook.stage;
  if (!findStage(hook.stage))
    return createStringError(option + ": unknown stage; expected one of: " + joinNames(getStageNames()));
  SmallVector<StringRef> names;
  for (ArrayRef<Stage> stages : running)
    for (const Stage &stage : stages)
      if (!llvm::is_contained(names, stage.name))
        names.push_back(stage.name);
  if (llvm::is_contained(names, hook.stage))
    return Error::success();
  return createStringError(
      option + ": no target runs this stage; expected one of those that run: " + joinNames(names));
}

/// What is wrong, from the message of the parser, which quotes its input and points into it.
static StringRef findReason(StringRef message) {
  StringRef reason = message.split("error: ").second;
  return (reason.empty() ? message : reason).split('\n').first.trim();
}

static Error checkPipeline(const StageHook &hook) {
  OpPassManager manager("builtin.module", OpPassManager::Nesting::Implicit);
  std::string message;
  llvm::raw_string_ostream errors(message);
  if (succeeded(parsePassPipeline(hook.pipeline, manager, errors)))
    return Error::success();
  return createStringError(getOption(hook) + "=" + hook.stage + "=" + hook.pipeline +
                           ": expected a pipeline of registered passes on a module, found an error: " +
                           findReason(message).str() + "; a pass of a plugin needs --load-pass-plugin");
}

Error colt5::checkStageHooks(ArrayRef<StageHook> hooks, ArrayRef<ArrayRef<Stage>> running) {
  for (const StageHook &hook : hooks) {
    if (Error error = checkStage(hook, running))
      return error;
    if (Error error = checkPipeline(hook))
      return error;
  }
  return Error::success();
}
