#ifndef COLT5_STAGES_TABLE_H
#define COLT5_STAGES_TABLE_H

#include "colt5/Machine/Machine.h"
#include "colt5/Stages/Common/Contract.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>

namespace mlir::colt5 {

/// What the compiler generates code for.
struct Target {
  /// "cpu", a CPU that follows from other options, or the name of a machine.
  StringRef name = "cpu";
  const Machine *machine = &getDefaultMachine(MachineKind::CPU);

  bool isGPU() const { return machine->isGPU(); }
};

/// The target called `name` ("cpu", "sm_80", ...), or none.
std::optional<Target> symbolizeTarget(StringRef name);
/// Every target, and their names for messages.
ArrayRef<Target> getTargets();
std::string listTargets();

/// Passes that a user puts before or after those of a stage.
struct StageHook {
  enum Place { Before, After };
  Place place;
  std::string stage;
  /// As text, on a module: "canonicalize,cse".
  std::string pipeline;
};

/// What a user may choose about the stages. The defaults are the product's.
struct PipelineOptions {
  Target target;
  /// NAME=SIZE for every named size that becomes static.
  SmallVector<std::string> staticSizes;
  /// Leave out the range checks of indices that callers pass.
  bool trusted = false;
  /// Tile sizes of every kernel, one per loop of its root, 0 = not tiled. Empty: the plan chooses.
  SmallVector<int64_t> tileSizes;
  /// GPU: how far stage `binary` goes, the option `format` of `colt5-gpu-binary`: "ptx", "cubin" or "auto".
  std::string gpuFormat = "ptx";
  /// GPU: folder of the CUDA toolkit; "": look for it.
  std::string toolkit;
  /// Check the contract after every stage.
  bool verifyStages = true;
  /// Run in this order, where several are for one place. They are part of the stage, whose contract is
  /// checked after them; what is put before a stage must keep the contract of the one before that.
  SmallVector<StageHook> hooks;
};

/// One step of the compiler. Between two stages stands the contract of the first one, checked by
/// `colt5-verify-stage{stage=<name>}`.
struct Stage {
  StringRef name;
  StringRef summary;
  /// How the file of a dumped stage ends, for example ".tile.mlir".
  StringRef suffix;
  /// What holds for the module after the stage.
  const StageContract *contract;
  /// The passes of the stage as a textual pipeline on a module, without the contract check.
  std::string (*passes)(const PipelineOptions &options);

  /// Appends the stage and, when `options.verifyStages`, the check of its contract to `pm`, which must be
  /// anchored on `builtin.module`. Fails with a message in `errors` when a pass is not registered.
  LogicalResult build(OpPassManager &pm, const PipelineOptions &options,
                      raw_ostream &errors = llvm::errs()) const;

  /// The same for a module from elsewhere that shall be what the stage leaves: its machine and its contract.
  LogicalResult buildCheck(OpPassManager &pm, const PipelineOptions &options,
                           raw_ostream &errors = llvm::errs()) const;
};

/// So many stages from the first on do the same for every target.
inline constexpr size_t kNumSharedStages = 2;

/// The stages of `target` in the order they run; the first one is "input".
ArrayRef<Stage> getStages(Target target = {});

/// The stage called `name`, of whichever target has it, or null. Stages of one name have one contract.
const Stage *findStage(StringRef name);
/// The names of all stages: those of the CPU in order, then those that only a GPU has.
SmallVector<StringRef> getStageNames();

/// Appends the stages after `start` up to and including `stop`. An empty `start` means that the module is
/// user input, an empty `stop` means the last stage. Fails with a message in `errors`, which lists the valid
/// names when a stage is unknown.
LogicalResult buildStages(OpPassManager &pm, const PipelineOptions &options, StringRef start = "",
                          StringRef stop = "", raw_ostream &errors = llvm::errs());

/// Registers `colt5-to-<stage>` for every stage and `colt5-pipeline` for all stages of a target. Their option
/// `target` names the target; the default is the CPU, and the first chip for a stage that only GPUs have.
void registerPipelines();

} // namespace mlir::colt5

#endif // COLT5_STAGES_TABLE_H
