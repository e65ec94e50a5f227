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
  Option<std::string> machine{
      *this, "machine", llvm::cl::init("cpu"),
      llvm::cl::desc("Target description: cpu, cpu-generic, cpu-avx512 or cpu-baseline")};
  Option<bool> verifyStages{*this, "verify-stages", llvm::cl::init(true),
                            llvm::cl::desc("Check the contract after every stage")};

  PipelineOptions get(Target target) const {
    PipelineOptions options;
    options.target = target;
    options.tileSizes.assign(tileSizes.begin(), tileSizes.end());
    options.staticSizes.assign(staticSizes.begin(), staticSizes.end());
    options.trusted = trusted;
    options.machine = machine;
    options.verifyStages = verifyStages;
    return options;
  }
};
} // namespace

static void registerPipelineTo(StringRef argument, StringRef description, Target target, StringRef stop) {
  registerPassPipeline(
      argument, description,
      [target, stop](OpPassManager &pm, StringRef text,
                     function_ref<LogicalResult(const Twine &)> errorHandler) -> LogicalResult {
        TextOptions options;
        if (failed(options.parseFromString(text)))
          return failure();
        std::string message;
        llvm::raw_string_ostream errors(message);
        if (failed(buildStages(pm, options.get(target), /*start=*/"", stop, errors)))
          return errorHandler(StringRef(message).rtrim());
        return success();
      },
      [](function_ref<void(const detail::PassOptions &)> handler) { handler(TextOptions()); });
}

void colt5::registerPipelines() {
  for (Target target : getTargets()) {
    ArrayRef<Stage> stages = getStages(target);
    std::string prefix = target.isGPU ? ("colt5-" + target.name + "-to-").str() : "colt5-to-";
    for (const Stage &stage : stages.drop_front())
      registerPipelineTo(prefix + stage.name.str(),
                         ("From user input to the end of stage '" + stage.name + "': " + stage.summary).str(),
                         target, stage.name);
    registerPipelineTo(("colt5-" + stringifyTarget(target) + "-pipeline").str(),
                       ("All stages of target '" + stringifyTarget(target) + "'").str(), target,
                       stages.back().name);
  }
}
