// Steps of `runProgram` that deal with files and comparison.
#ifndef COLT5_LIB_TOOLS_RUN_RUNDETAIL_H
#define COLT5_LIB_TOOLS_RUN_RUNDETAIL_H

#include "colt5/Tools/Run/Run.h"

namespace mlir::colt5::driver {

/// The values in a folder that `--output-dir --parts` or another program wrote: every result, and the parts
/// for which there is a file.
llvm::Expected<RunOutcome> loadExpected(StringRef directory, const RunOutcome &actual);

/// Compares results by position and parts by name.
void compareOutcomes(const RunOutcome &actual, const RunOutcome &expected, func::FuncOp entry,
                     const Tolerance &tolerance, RunReport &report);

/// Writes what `--output-dir` asks for and notes the files in `report`.
llvm::Error writeOutputs(const RunOptions &options, const RunOutcome &outcome, RunReport &report);

/// Prints every result on one line of stdout.
void printValues(const RunOutcome &outcome);

} // namespace mlir::colt5::driver

#endif // COLT5_LIB_TOOLS_RUN_RUNDETAIL_H
