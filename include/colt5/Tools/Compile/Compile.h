#ifndef COLT5_TOOLS_COMPILE_COMPILE_H
#define COLT5_TOOLS_COMPILE_COMPILE_H

#include "colt5/Stages/Table.h"
#include "colt5/Target/CPU/Object.h"
#include "llvm/Support/Error.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::colt5::driver {

/// What `colt5-compile` is asked to do.
struct CompileOptions {
  std::string inputFile = "-";
  /// Names of targets, each once.
  std::vector<std::string> targets{"cpu"};
  /// Of obj, archive, shared and header, which hold all targets; ptx, cubin, fatbin, gpu (ptx, and the others
  /// where the CUDA toolkit is); mlir, llvm, asm; cpu-obj, cpu-header and cpu-shared, the plain functions of
  /// the CPU. Empty: mlir with a stop stage, else obj and header.
  std::vector<std::string> emit;
  /// The file for one artefact; for several the common beginning of names such as NAME.o, NAME.sm_80.ptx and
  /// NAME.fatbin; "-" is stdout (text only).
  std::string output;
  /// The input is what this stage left; "" = user input.
  std::string startStage;
  /// Last stage to run; "" = the last one of the target.
  std::string stopStage;
  std::string dumpStages;
  /// STAGE=FILE: what FILE holds takes the place of the stage's result.
  std::vector<std::string> overrides;
  std::string jsonFile;
  PipelineOptions pipeline;
  /// The CPU ""; that of the target's machine. The architecture is that of the target.
  CpuOptions cpu{"", "", 3};
  /// Of the artefact: the beginning of public symbols ("": from `output`), the functions to keep (empty:
  /// all), PTX next to cubins.
  std::string prefix;
  std::vector<std::string> entries;
  bool ptxFallback = false;
  bool report = false, quiet = false;
};

/// Does it. Diagnostics and reports go to stderr.
llvm::Error compileProgram(const CompileOptions &options, DialectRegistry &registry);

/// The target called `name`; the error lists the targets.
llvm::Expected<Target> findTarget(StringRef name);

/// Prints the table of stages.
void printStages(raw_ostream &os, Target target);

/// The program `colt5-compile`; returns the exit status.
int compileMain(int argc, char **argv, DialectRegistry &registry);

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_COMPILE_COMPILE_H
