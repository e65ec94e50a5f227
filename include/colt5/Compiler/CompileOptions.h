#ifndef COLT5_COMPILER_COMPILEOPTIONS_H
#define COLT5_COMPILER_COMPILEOPTIONS_H

#include "colt5/Stages/Table.h"
#include "colt5/Target/CPU/Object.h"
#include <functional>
#include <string>
#include <vector>

namespace mlir::colt5 {

/// A module that takes the place of the result of a stage.
struct StageOverride {
  std::string stage;
  /// How messages call it, such as the name of its file.
  std::string name;
  std::string text;
};

/// What the compiler is asked to do. Messages call a field by its option of `colt5-compile`.
struct CompileOptions {
  /// How messages call the input. Artefacts are named after its stem where `output` is empty.
  std::string inputName = "input.mlir";
  /// Names of targets, each once.
  std::vector<std::string> targets{"cpu"};
  /// Of obj, c, archive, shared and header, which hold all targets; ptx, cubin, fatbin, gpu (ptx, and the
  /// others where the CUDA toolkit is); mlir, llvm, asm; cpu-obj, cpu-header and cpu-shared, the plain
  /// functions of the CPU. Empty: mlir with a stop stage, else obj and header.
  std::vector<std::string> emit;
  /// The name of a single artefact; of several the common beginning of names such as NAME.o, NAME.sm_80.ptx
  /// and NAME.fatbin.
  std::string output;
  /// The input is what this stage left; "" = user input.
  std::string startStage;
  /// Last stage to run; "" = the last one of the target.
  std::string stopStage;
  std::vector<StageOverride> overrides;
  /// Return the text of the module after every stage.
  bool keepStages = false;
  /// Return the remarks of the passes.
  bool collectRemarks = true;
  PipelineOptions pipeline;
  /// The CPU ""; that of the target's machine. The architecture is that of the target.
  CpuOptions cpu{"", "", 3};
  /// Of the artefact: the beginning of public symbols ("": from `output`), the functions to keep (empty:
  /// all), PTX next to cubins.
  std::string prefix;
  std::vector<std::string> entries;
  bool ptxFallback = false;
  /// Called with the pass manager of every stage before it has passes.
  std::function<LogicalResult(PassManager &)> configure;
};

} // namespace mlir::colt5

#endif // COLT5_COMPILER_COMPILEOPTIONS_H
