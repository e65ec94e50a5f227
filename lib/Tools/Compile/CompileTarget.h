// The stages of one target of colt5-compile.
#ifndef COLT5_LIB_TOOLS_COMPILE_COMPILETARGET_H
#define COLT5_LIB_TOOLS_COMPILE_COMPILETARGET_H

#include "colt5/Tools/Compile/Compile.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <map>

namespace mlir::colt5::driver {

/// What one stage did.
struct StageRecord {
  std::string target, name;
  double seconds = 0;
  /// Mapped foralls that stand in no other.
  int64_t kernels = 0;
};

/// One target on its way through the stages.
class TargetCompilation {
public:
  TargetCompilation(const CompileOptions &options, Target target)
      : options(options), pipeline(options.pipeline), target(target) {
    pipeline.target = target;
  }

  /// Resolves the stages that the options name.
  llvm::Error check();
  /// Not every stage runs.
  bool isPartial() const { return last + 1 < getStages(target).size(); }
  Target getTarget() const { return target; }
  void setMachine(const Machine &machine) { pipeline.target.machine = target.machine = &machine; }

  /// Checks what `--start-stage` says about the input.
  llvm::Error checkInput(ModuleOp input);
  /// Runs the stages that are the same for every target.
  llvm::Error runShared() { return run(kNumSharedStages); }
  /// Runs the stages that are left.
  llvm::Error runRest() { return run(last + 1); }
  /// Takes over a copy of what `other` made of the shared stages.
  void startFrom(const TargetCompilation &other);

  OwningOpRef<ModuleOp> module;
  PipelineOptions &getPipeline() { return pipeline; }
  std::vector<StageRecord> records;
  /// The dumps.
  std::vector<std::string> files;

private:
  llvm::Error checkReaders(size_t first) const;
  /// Runs the stages before `end`.
  llvm::Error run(size_t end);
  llvm::Error checkContract(ModuleOp checked, const Stage &stage, StringRef option);
  llvm::Error replaceModule(const Stage &stage);
  llvm::Error dump(const Stage &stage);

  const CompileOptions &options;
  PipelineOptions pipeline;
  Target target;
  /// Stages [next, last] run.
  size_t next = 0, last = 0;
  std::map<std::string, std::string> overrides;
};

/// The name that files are called after: that of the input without folder and ending.
std::string getInputStem(const CompileOptions &options);

/// Prints what `options.report` asks for and writes `options.jsonFile`. `targets` hold the records of the
/// stages, `emitted` those of the artefacts.
llvm::Error writeReports(const CompileOptions &options, ArrayRef<std::unique_ptr<TargetCompilation>> targets,
                         ArrayRef<StageRecord> emitted, ArrayRef<std::string> files);

} // namespace mlir::colt5::driver

#endif // COLT5_LIB_TOOLS_COMPILE_COMPILETARGET_H
