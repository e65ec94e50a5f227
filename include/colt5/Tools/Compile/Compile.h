#ifndef COLT5_TOOLS_COMPILE_COMPILE_H
#define COLT5_TOOLS_COMPILE_COMPILE_H

#include "colt5/Compiler/Compiler.h"

namespace mlir::colt5 {

/// What `colt5-compile` is asked to do.
struct CompileRequest {
  CompileOptions options;
  /// "-" is stdin.
  std::string inputFile = "-";
  /// The file for one artefact; for several the common beginning of their names; "-" is stdout (text only).
  std::string output;
  /// A folder for the module after every stage.
  std::string dumpStages;
  /// STAGE=FILE: what FILE holds takes the place of the stage's result.
  std::vector<std::string> overrides;
  std::string jsonFile;
  bool report = false, quiet = false;
};

/// Does it. Diagnostics and reports go to stderr.
llvm::Error compileFiles(CompileRequest request, const Compiler &compiler);

/// The program `colt5-compile`; returns the exit status.
int compileMain(int argc, char **argv, DialectRegistry &registry);

} // namespace mlir::colt5

#endif // COLT5_TOOLS_COMPILE_COMPILE_H
