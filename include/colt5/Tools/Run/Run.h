#ifndef COLT5_TOOLS_RUN_RUN_H
#define COLT5_TOOLS_RUN_RUN_H

#include "colt5/Tools/Run/Backend.h"
#include "colt5/Tools/Run/Compare.h"
#include "colt5/Tools/Run/Report.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::colt5::driver {

/// What `colt5-run` is asked to do.
struct RunOptions {
  std::string inputFile = "-";
  std::string entry;
  std::string backend = "reference";
  /// A backend, or a folder with 0.npy, 1.npy, ... and NAME.npy per part; empty: no comparison.
  std::string compare;
  std::vector<std::string> inputs, shapes;
  std::string outputDir, jsonFile, recordRouting, replayRouting;
  double routingMargin = 0.0;
  Tolerance tolerance;
  Precision precision = Precision::Wide;
  unsigned threads = 0, repeat = 1;
  /// See `RunRequest`.
  std::string chip = getDefaultMachine(MachineKind::GPU).name.str();
  uint64_t emulatorSeed = 0;
  unsigned cudaDevice = 0;
  std::string cudaLibrary;
  /// Passes of users between the stages of compiled backends.
  SmallVector<StageHook> hooks;
  /// Execute the module with the reference after every pass up to the tiled program.
  bool verifySemantics = false;
  bool parts = false, print = false, quiet = false, bf16Bits = false;
};

/// Does it. Messages for people go to stderr, tables to stdout. The error is the one reason for exit status
/// 1; a failed comparison is an error too.
llvm::Error runProgram(const RunOptions &options, DialectRegistry &registry);

/// The program `colt5-run`; returns the exit status.
int runMain(int argc, char **argv, DialectRegistry &registry);

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_RUN_RUN_H
