// The one ordered table of what the compiler does. The driver, `--list-stages`, the named pipelines, the docs
// and the tests are derived from it.
#include "colt5/Pipelines/Stages.h"

#include "colt5/Dialect/Colt5/Transforms/TargetDescription.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;

//===----------------------------------------------------------------------===//
// Targets
//===----------------------------------------------------------------------===//

ArrayRef<Target> colt5::getTargets() {
  static const Target targets[] = {Target::CPU};
  return targets;
}

StringRef colt5::stringifyTarget(Target target) {
  switch (target) {
  case Target::CPU:
    return "cpu";
  }
  return "";
}

std::optional<Target> colt5::symbolizeTarget(StringRef name) {
  for (Target target : getTargets())
    if (stringifyTarget(target) == name)
      return target;
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The stages of the CPU
//===----------------------------------------------------------------------===//

static std::string planPasses(const PipelineOptions &options) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "colt5-plan{target=" << options.machine;
  if (!options.tileSizes.empty()) {
    os << " tile-sizes=";
    llvm::interleave(options.tileSizes, os, ",");
  }
  os << "}";
  return text;
}

static std::string lowerPasses(const PipelineOptions &options) {
  std::string width;
  if (const TargetDescription *machine = findTargetDescription(options.machine))
    width = "{vector-bytes=" + std::to_string(machine->vectorBytes) + "}";
  return "colt5-lower-attention" + width + ",convert-colt5-to-loops,colt5-lower-contraction" + width +
         ",colt5-vectorize-linalg" + width + ",func.func(convert-linalg-to-loops)";
}

static const Stage kCpuStages[] = {
    {"input", "the module as the user wrote it",
     "parses and verifies; at most 2^48 elements per value; no contraction accumulates in a 16-bit type",
     ".input.mlir", [](const PipelineOptions &) -> std::string { return ""; }},

    {"decompose", "composites become primitives and linalg on tensors",
     "no composite op; no contraction accumulates in a 16-bit type", ".decompose.mlir",
     [](const PipelineOptions &) -> std::string {
       return "colt5-raise-gather,colt5-decompose,colt5-derive-index-facts,colt5-fold-residual,canonicalize";
     }},

    {"plan", "every compute op gets its kernel, role, tile sizes and family",
     "every compute op carries a plan; every kernel has exactly one root", ".plan.mlir", planPasses},

    {"tile", "every kernel becomes one mapped scf.forall",
     "every compute op stands inside a mapped scf.forall; no two iterations insert into the same place",
     ".tile.mlir", [](const PipelineOptions &) -> std::string { return "colt5-tile"; }},

    {"bufferize", "tensors become buffers in one planned workspace",
     "no tensor type; no heap allocation; stack buffers have a static shape", ".bufferize.mlir",
     [](const PipelineOptions &) -> std::string { return "colt5-bufferize-pipeline"; }},

    {"lower", "compute ops become vectorised loops", "no linalg and no colt5 compute op", ".lower.mlir",
     lowerPasses},

    {"llvm", "loops become the LLVM dialect with a C entry per function",
     "only the LLVM dialect; no external symbol but memcpy, memset and memmove", ".llvm.mlir",
     [](const PipelineOptions &) -> std::string { return "colt5-expand-math,colt5-to-llvm-pipeline"; }},
};

ArrayRef<Stage> colt5::getStages(Target target) {
  switch (target) {
  case Target::CPU:
    return kCpuStages;
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Building pipelines
//===----------------------------------------------------------------------===//

LogicalResult Stage::build(OpPassManager &pm, const PipelineOptions &options, raw_ostream &errors) const {
  // The table names passes without saying what they are anchored on.
  OpPassManager::Nesting nesting = pm.getNesting();
  pm.setNesting(OpPassManager::Nesting::Implicit);
  std::string text = passes(options);
  if (options.verifyStages)
    text += (text.empty() ? "" : ",") + ("colt5-verify-stage{stage=" + name + "}").str();
  LogicalResult parsed = text.empty() ? success() : parsePassPipeline(text, pm, errors);
  pm.setNesting(nesting);
  if (failed(parsed))
    errors << "cannot build stage '" << name << "' of target '" << stringifyTarget(options.target)
           << "' from '" << text << "'\n";
  return parsed;
}

/// Position of the stage called `name` in `stages`; on failure the message lists the valid names.
static FailureOr<size_t> findPosition(ArrayRef<Stage> stages, StringRef name, Target target,
                                      raw_ostream &errors) {
  for (auto [position, stage] : llvm::enumerate(stages))
    if (stage.name == name)
      return position;
  errors << "unknown stage '" << name << "' of target '" << stringifyTarget(target) << "', expected one of: ";
  llvm::interleaveComma(stages, errors, [&](const Stage &stage) { errors << stage.name; });
  errors << "\n";
  return failure();
}

LogicalResult colt5::buildStages(OpPassManager &pm, const PipelineOptions &options, StringRef start,
                                 StringRef stop, raw_ostream &errors) {
  ArrayRef<Stage> stages = getStages(options.target);
  if (!findTargetDescription(options.machine)) {
    errors << "unknown machine '" << options.machine << "', expected one of: cpu";
    for (const TargetDescription &known : getTargetDescriptions())
      errors << ", " << known.name;
    errors << "\n";
    return failure();
  }
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
