// The one ordered table of what the compiler does. The driver, `--list-stages`, the named pipelines, the docs
// and the tests are derived from it.
#include "colt5/Stages/Table.h"

#include "colt5/Codegen/Common/Contract.h"
#include "colt5/Codegen/GPU/Contract.h"
#include "colt5/Codegen/Host/Contract.h"
#include "colt5/Machine/Machine.h"
#include "colt5/Stages/Bufferize/Contract.h"
#include "colt5/Stages/Decompose/Contract.h"
#include "colt5/Stages/Input/Contract.h"
#include "colt5/Stages/Plan/Contract.h"
#include "colt5/Stages/Tile/Contract.h"
#include "colt5/Target/GPU/Contract.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <vector>

using namespace mlir;
using namespace mlir::colt5;

//===----------------------------------------------------------------------===//
// Targets
//===----------------------------------------------------------------------===//

ArrayRef<Target> colt5::getTargets() {
  static const std::vector<Target> targets = [] {
    std::vector<Target> list{Target()};
    for (const Machine &machine : getMachines())
      list.push_back({machine.name, &machine});
    return list;
  }();
  return targets;
}

std::optional<Target> colt5::symbolizeTarget(StringRef name) {
  for (Target target : getTargets())
    if (target.name == name)
      return target;
  return std::nullopt;
}

std::string colt5::listTargets() {
  return llvm::join(llvm::map_range(getTargets(), [](Target target) { return target.name.str(); }), ", ");
}

//===----------------------------------------------------------------------===//
// What the stages run
//===----------------------------------------------------------------------===//

static std::string decomposePasses(const PipelineOptions &options) {
  std::string text = "colt5-check-interface,", infer = "colt5-infer-sizes,";
  // Types change through calls only when there are none.
  if (options.staticSizes.empty())
    text += infer;
  else
    text += "inline," + infer + "colt5-specialize-sizes{sizes=" + llvm::join(options.staticSizes, ",") +
            "},canonicalize,";
  StringRef trust = options.trusted ? "{trust=true}" : "";
  return text + "colt5-raise-gather,colt5-decompose,colt5-derive-index-facts" + trust.str() +
         ",colt5-fold-residual,colt5-widen-accumulators,canonicalize";
}

static std::string planPasses(const PipelineOptions &options) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "colt5-detach-destinations,colt5-plan";
  if (!options.tileSizes.empty()) {
    os << "{tile-sizes=";
    llvm::interleave(options.tileSizes, os, ",");
    os << "}";
  }
  return text;
}

static std::string binaryPasses(const PipelineOptions &options) {
  std::string text = "colt5-gpu-binary{format=" + options.gpuFormat;
  return text + (options.toolkit.empty() ? "}" : " toolkit=\"" + options.toolkit + "\"}");
}

//===----------------------------------------------------------------------===//
// The stages
//===----------------------------------------------------------------------===//

static const Stage kInput = {"input", "the module as the user wrote it", ".input.mlir", &kInputContract,
                             [](const PipelineOptions &) -> std::string { return ""; }};

static const Stage kDecompose = {"decompose", "composites become primitives and linalg on tensors",
                                 ".decompose.mlir", &kDecomposeContract, decomposePasses};

static const Stage kPlan = {"plan", "every compute op gets its kernel, role and schedule", ".plan.mlir",
                            &kPlanContract, planPasses};

static const Stage kTile = {"tile", "every kernel becomes one mapped scf.forall", ".tile.mlir",
                            &kTileContract,
                            [](const PipelineOptions &) -> std::string { return "colt5-tile"; }};

static const Stage kCpuStages[] = {
    kInput,
    kDecompose,
    kPlan,
    kTile,

    {"bufferize", "tensors become buffers in one planned workspace", ".bufferize.mlir", &kBufferizeContract,
     [](const PipelineOptions &) -> std::string { return "colt5-bufferize-stage"; }},

    {"lower", "compute ops become vectorised loops", ".lower.mlir", &kLowerContract,
     [](const PipelineOptions &) -> std::string {
       return "colt5-lower-attention,convert-colt5-to-loops,colt5-lower-contraction,colt5-vectorize-linalg,"
              "func.func(convert-linalg-to-loops)";
     }},

    {"llvm", "loops become the LLVM dialect with a C entry per function", ".llvm.mlir", &kLLVMContract,
     [](const PipelineOptions &) -> std::string { return "colt5-expand-math,colt5-llvm-stage"; }},
};

static const Stage kGpuStages[] = {
    kInput,
    kDecompose,
    kPlan,

    {"tile",
     "every kernel becomes a colt5.kernel, where its family writes whole kernels, or a mapped scf.forall",
     ".tile.mlir", &kTileContract,
     [](const PipelineOptions &) -> std::string { return "colt5-claim-kernels,colt5-tile"; }},

    {"bufferize", "tensors become buffers in one planned workspace, small ones in shared memory",
     ".bufferize.mlir", &kBufferizeContract,
     [](const PipelineOptions &) -> std::string { return "colt5-bufferize-stage"; }},

    {"lower", "compute ops become code executed by the threads of a block", ".lower.mlir", &kLowerContract,
     [](const PipelineOptions &) -> std::string { return "colt5-copies-to-kernels,colt5-lower-simt"; }},

    {"gpu", "kernels become gpu.func, the host function launches them", ".gpu.mlir", &kGPUContract,
     [](const PipelineOptions &) -> std::string { return "colt5-gpu-stage"; }},

    {"nvvm",
     "device code becomes the llvm and nvvm dialects, host code the LLVM dialect with a C entry per function",
     ".nvvm.mlir", &kNVVMContract, [](const PipelineOptions &) -> std::string { return "colt5-nvvm-stage"; }},

    {"binary", "kernels become PTX and, where asked for, a cubin", ".binary.mlir", &kBinaryContract,
     binaryPasses},
};

ArrayRef<Stage> colt5::getStages(Target target) {
  return target.isGPU() ? ArrayRef<Stage>(kGpuStages) : ArrayRef<Stage>(kCpuStages);
}

const Stage *colt5::findStage(StringRef name) {
  for (ArrayRef<Stage> stages : {ArrayRef<Stage>(kCpuStages), ArrayRef<Stage>(kGpuStages)})
    for (const Stage &stage : stages)
      if (stage.name == name)
        return &stage;
  return nullptr;
}

SmallVector<StringRef> colt5::getStageNames() {
  SmallVector<StringRef> names;
  for (ArrayRef<Stage> stages : {ArrayRef<Stage>(kCpuStages), ArrayRef<Stage>(kGpuStages)})
    for (const Stage &stage : stages)
      if (!llvm::is_contained(names, stage.name))
        names.push_back(stage.name);
  return names;
}

//===----------------------------------------------------------------------===//
// Building pipelines
//===----------------------------------------------------------------------===//

/// No stage works on a module for another machine, whether it was planned here or comes from a file. Those
/// that all targets share have no machine.
static std::string setMachine(const Stage &stage, const PipelineOptions &options) {
  for (const Stage &shared : getStages().take_front(kNumSharedStages))
    if (shared.name == stage.name)
      return "";
  return ("colt5-set-machine{name=" + options.target.machine->name + "}").str();
}

/// What a user wrote is checked always.
static std::string checkContract(const Stage &stage, const PipelineOptions &options) {
  bool isChecked = options.verifyStages || stage.name == kInput.name;
  return isChecked ? ("colt5-verify-stage{stage=" + stage.name + "}").str() : "";
}

/// Appends the passes that `parts`, some of them empty, name.
static LogicalResult append(OpPassManager &pm, const Stage &stage, ArrayRef<std::string> parts, Target target,
                            raw_ostream &errors) {
  // The table names passes without saying what they are anchored on.
  OpPassManager::Nesting nesting = pm.getNesting();
  pm.setNesting(OpPassManager::Nesting::Implicit);
  std::string text =
      llvm::join(llvm::make_filter_range(parts, [](const std::string &part) { return !part.empty(); }), ",");
  LogicalResult parsed = text.empty() ? success() : parsePassPipeline(text, pm, errors);
  pm.setNesting(nesting);
  if (failed(parsed))
    errors << "cannot build stage '" << stage.name << "' of target '" << target.name << "' from '" << text
           << "'\n";
  return parsed;
}

/// The pipelines of users at `place` of `stage`.
static std::string getHooks(const Stage &stage, StageHook::Place place, const PipelineOptions &options) {
  SmallVector<StringRef> pipelines;
  for (const StageHook &hook : options.hooks)
    if (hook.place == place && hook.stage == stage.name)
      pipelines.push_back(hook.pipeline);
  return llvm::join(pipelines, ",");
}

/// What users put before `stage`, and the contract that must still hold then.
static std::string getHooksBefore(const Stage &stage, const PipelineOptions &options) {
  std::string text = getHooks(stage, StageHook::Before, options);
  ArrayRef<Stage> stages = getStages(options.target);
  if (text.empty() || stage.name == stages.front().name)
    return text;
  const Stage *previous = llvm::find_if(stages, [&](const Stage &s) { return s.name == stage.name; }) - 1;
  std::string check = checkContract(*previous, options);
  return check.empty() ? text : text + "," + check;
}

LogicalResult Stage::build(OpPassManager &pm, const PipelineOptions &options, raw_ostream &errors) const {
  return append(pm, *this,
                {setMachine(*this, options), getHooksBefore(*this, options), passes(options),
                 getHooks(*this, StageHook::After, options), checkContract(*this, options)},
                options.target, errors);
}

LogicalResult Stage::buildCheck(OpPassManager &pm, const PipelineOptions &options,
                                raw_ostream &errors) const {
  return append(pm, *this, {setMachine(*this, options), checkContract(*this, options)}, options.target,
                errors);
}

/// Position of the stage called `name` in `stages`; on failure the message lists the valid names.
static FailureOr<size_t> findPosition(ArrayRef<Stage> stages, StringRef name, Target target,
                                      raw_ostream &errors) {
  for (auto [position, stage] : llvm::enumerate(stages))
    if (stage.name == name)
      return position;
  errors << "unknown stage '" << name << "' of target '" << target.name << "', expected one of: ";
  llvm::interleaveComma(stages, errors, [&](const Stage &stage) { errors << stage.name; });
  errors << "\n";
  return failure();
}

LogicalResult colt5::buildStages(OpPassManager &pm, const PipelineOptions &options, StringRef start,
                                 StringRef stop, raw_ostream &errors) {
  ArrayRef<Stage> stages = getStages(options.target);
  size_t first = 0, last = stages.size() - 1;
  if (!start.empty()) {
    FailureOr<size_t> position = findPosition(stages, start, options.target, errors);
    if (failed(position))
      return failure();
    first = *position + 1;
  }
  if (!stop.empty()) {
    FailureOr<size_t> position = findPosition(stages, stop, options.target, errors);
    if (failed(position))
      return failure();
    last = *position;
  }
  if (first > last + 1) {
    errors << "stage '" << stop << "' comes before stage '" << start << "'; the order is: ";
    llvm::interleaveComma(stages, errors, [&](const Stage &stage) { errors << stage.name; });
    errors << "\n";
    return failure();
  }
  for (size_t i = first; i <= last; ++i)
    if (failed(stages[i].build(pm, options, errors)))
      return failure();
  return success();
}
