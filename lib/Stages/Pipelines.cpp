// Named pipelines of colt5-opt, one per stage, derived from the stage table.
#include "colt5/Stages/Table.h"

#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// The options of a named pipeline as text; `PipelineOptions` is their plain form.
struct TextOptions : public PassPipelineOptions<TextOptions> {
  ListOption<int64_t> tileSizes{
      *this, "tile-sizes",
      llvm::cl::desc("Tile sizes of every kernel, one per loop of its root, 0 = not tiled")};
  ListOption<std::string> staticSizes{*this, "static-sizes",
                                      llvm::cl::desc("NAME=SIZE for every named size that becomes static")};
  Option<bool> trusted{*this, "trusted", llvm::cl::init(false),
                       llvm::cl::desc("Leave out the range checks of indices that callers pass")};
  Option<std::string> target{
      *this, "target", llvm::cl::init(""),
      llvm::cl::desc(
          "What to generate code for: cpu or the name of a machine, such as sm_80 (default: cpu, or "
          "the first chip for a stage that only GPUs have)")};
  Option<bool> verifyStages{*this, "verify-stages", llvm::cl::init(true),
                            llvm::cl::desc("Check the contract after every stage")};

  PipelineOptions get(Target chosen) const {
    PipelineOptions options;
    options.target = chosen;
    options.tileSizes.assign(tileSizes.begin(), tileSizes.end());
    options.staticSizes.assign(staticSizes.begin(), staticSizes.end());
    options.trusted = trusted;
    options.verifyStages = verifyStages;
    return options;
  }
};
} // namespace

/// The CPU where it has the stage `stop` ("": the last one), else the first chip.
static Target getDefaultTarget(StringRef stop) {
  bool isOfCpu =
      stop.empty() || llvm::any_of(getStages(), [&](const Stage &stage) { return stage.name == stop; });
  return isOfCpu ? Target() : *symbolizeTarget(getDefaultMachine(MachineKind::GPU).name);
}

/// `stop`: the last stage; "": that of the target.
static void registerPipelineTo(StringRef argument, StringRef description, StringRef stop) {
  registerPassPipeline(
      argument, description,
      [stop](OpPassManager &pm, StringRef text,
             function_ref<LogicalResult(const Twine &)> errorHandler) -> LogicalResult {
        TextOptions options;
        if (failed(options.parseFromString(text)))
          return failure();
        std::optional<Target> target =
            options.target.empty() ? getDefaultTarget(stop) : symbolizeTarget(options.target);
        if (!target)
          return errorHandler("unknown target '" + options.target + "', expected one of: " + listTargets());
        std::string message;
        llvm::raw_string_ostream errors(message);
        if (failed(buildStages(pm, options.get(*target), /*start=*/"", stop, errors)))
          return errorHandler(StringRef(message).rtrim());
        return success();
      },
      [](function_ref<void(const detail::PassOptions &)> handler) { handler(TextOptions()); });
}

void colt5::registerPipelines() {
  for (StringRef stage : getStageNames())
    if (stage != getStages().front().name)
      registerPipelineTo(
          ("colt5-to-" + stage).str(),
          ("From user input to the end of stage '" + stage + "': " + findStage(stage)->summary).str(), stage);
  registerPipelineTo("colt5-pipeline", "All stages of a target", "");
}
